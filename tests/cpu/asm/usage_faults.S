/* SPDX-License-Identifier: Apache-2.0 */
@ UsageFaults: undefined, INVSTATE, NOCP, unaligned, divide by zero (Armv7-M ARM B1.5.14, B3.2.15).
    .include "guest.inc"
    topic   "usage faults"

    .set UNALIGN_TRP, 0x208             @ with STKALIGN
    .set DIV_0_TRP, 0x210

@ Runs `instruction`, which must be a UsageFault with `status` at itself.
.macro faults status, text, instruction:vararg
    load    r9, resume_\@
    movs    r6, #0
culprit_\@:
    \instruction
resume_\@:
    check_equal r6, \status, "\text"
    check_equal r8, culprit_\@, "\text: the frame names the instruction"
.endm

main:
    poke    SHCSR, SHCSR_FAULTS
    handle  USAGEFAULT, usagefault
    bl      undefined
    bl      wrong_state
    bl      no_coprocessor
    bl      unaligned
    bl      divide
    pass

@ r6 = CFSR, r8 = stacked PC, r10 = stacked xPSR; goes on at r9.
usagefault:
    peek    r6, CFSR
    ldr     r8, [sp, #FRAME_PC]
    ldr     r10, [sp, #FRAME_XPSR]
    str     r9, [sp, #FRAME_PC]
    orr     r0, r10, #1 << 24
    str     r0, [sp, #FRAME_XPSR]
    poke    CFSR, 0xffffffff
    bx      lr

undefined:
    mov     r4, lr
    faults  UFSR_UNDEFINSTR, "UDF is undefined", udf 0
    faults  UFSR_UNDEFINSTR, "the wide UDF is undefined", udf.w 0
    bx      r4

@ Clearing EPSR.T is allowed; executing with it clear is not.
wrong_state:
    mov     r4, lr
    load    r9, 1f
    load    r0, elsewhere
    movs    r6, #0
    bx      r0
1:  check_equal r6, UFSR_INVSTATE, "BX to an even address is INVSTATE"
    check_equal r8, elsewhere, "INVSTATE comes at the target of the branch"
    check_bits r10, 1 << 24, 0, "the frame shows T clear"
    load    r9, 2f
    load    r0, elsewhere
    movs    r6, #0
    blx     r0
2:  check_equal r6, UFSR_INVSTATE, "BLX to an even address is INVSTATE"
    load    r9, 3f
    load    r0, elsewhere
    movs    r6, #0
    push    {r0}
    pop     {pc}
3:  check_equal r6, UFSR_INVSTATE, "POP of an even address to PC is INVSTATE"
    load    r9, 4f
    handle  SVCALL, 5f
    movs    r6, #0
    svc     0
4:  check_equal r6, UFSR_INVSTATE, "a return to a frame without T is INVSTATE"
    check_equal r8, 4b, "at the address of the frame"
    bx      r4
5:  ldr     r0, [sp, #FRAME_XPSR]
    bic     r0, #1 << 24
    str     r0, [sp, #FRAME_XPSR]
    bx      lr
    .balign 4
elsewhere:
    never_here "code was executed with T clear"

no_coprocessor:
    mov     r4, lr
    check_word CPACR, 0, "the FPU is off after reset"
    faults  UFSR_NOCP, "VMOV without CPACR is NOCP", vmov s0, r0
    faults  UFSR_NOCP, "VLDR without CPACR is NOCP", vldr s0, [sp]
    faults  UFSR_NOCP, "VADD without CPACR is NOCP", vadd.f32 s0, s1, s2
    faults  UFSR_NOCP, "VPUSH without CPACR is NOCP", vpush {s0}
    faults  UFSR_NOCP, "VMRS without CPACR is NOCP", vmrs r0, fpscr
    mrs     r0, control
    check_equal r0, 0, "an FP instruction that faulted starts no FP context"
    enable_fp
    check_word CPACR, 0x00f00000, "CPACR reads back"
    load    r0, 0x40490fdb
    vmov    s0, r0
    vmov    r1, s0
    check_equal r1, 0x40490fdb, "VMOV with CPACR works"
    faults  UFSR_NOCP, "a coprocessor that is not there is NOCP", mcr p0, 0, r0, c0, c0
    poke    CPACR, 0
    sync
    faults  UFSR_NOCP, "VMOV after CPACR was cleared is NOCP", vmov s0, r0
    movs    r0, #0
    msr     control, r0
    isb
    bx      r4

unaligned:
    mov     r4, lr
    load    r5, scratch
    load    r0, 0x44332211
    str     r0, [r5]
    load    r0, 0x88776655
    str     r0, [r5, #4]
    ldr     r1, [r5, #1]
    check_equal r1, 0x55443322, "LDR may be unaligned"
    ldrh    r1, [r5, #3]
    check_equal r1, 0x5544, "LDRH may be unaligned"
    adds    r5, #1
    faults  UFSR_UNALIGNED, "LDM must be aligned", ldm r5, {r0, r1}
    faults  UFSR_UNALIGNED, "LDRD must be aligned", ldrd r0, r1, [r5]
    faults  UFSR_UNALIGNED, "LDREX must be aligned", ldrex r0, [r5]
    faults  UFSR_UNALIGNED, "STRD must be aligned", strd r0, r1, [r5]
    faults  UFSR_UNALIGNED, "STM must be aligned", stm r5, {r0, r1}
    poke    CCR, UNALIGN_TRP
    sync
    faults  UFSR_UNALIGNED, "UNALIGN_TRP catches LDR", ldr r0, [r5]
    faults  UFSR_UNALIGNED, "UNALIGN_TRP catches STR", str r0, [r5]
    faults  UFSR_UNALIGNED, "UNALIGN_TRP catches LDRH", ldrh r0, [r5]
    ldrb    r1, [r5]
    check_equal r1, 0x22, "bytes are never unaligned"
    ldrh    r1, [r5, #1]
    check_equal r1, 0x4433, "aligned accesses pass UNALIGN_TRP"
    poke    CCR, 0x200
    sync
    bx      r4

divide:
    mov     r4, lr
    movs    r5, #0
    movs    r7, #100
    udiv    r1, r7, r5
    check_equal r1, 0, "without DIV_0_TRP a division by zero gives 0"
    poke    CCR, DIV_0_TRP
    sync
    movs    r1, #55
    @ QEMU 7.2 never traps.
    skip_on_qemu 1f
    faults  UFSR_DIVBYZERO, "DIV_0_TRP catches UDIV", udiv r1, r7, r5
    faults  UFSR_DIVBYZERO, "DIV_0_TRP catches SDIV", sdiv r1, r7, r5
1:  movs    r5, #7
    udiv    r1, r7, r5
    check_equal r1, 14, "other divisions pass DIV_0_TRP"
    poke    CCR, 0x200
    bx      r4
