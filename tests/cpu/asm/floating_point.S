/* SPDX-License-Identifier: Apache-2.0 */
@ Floating-point context: extended frames and lazy state preservation (Armv7-M ARM B1.5.7).
    .include "guest.inc"
    topic   "floating point"

    .set ASPEN, 1 << 31
    .set LSPEN, 1 << 30
    .set THREAD, 1 << 3
    .set USER, 1 << 1
    .set LSPACT, 1 << 0
    .set POISON, 0xdeadbeef

.macro set_register number
    vmov    s\number, r0
    adds    r0, #1
.endm

main:
    enable_fp
    bl      context_begins
    bl      lazy_entry
    bl      lazy_save
    bl      eager_save
    bl      nested
    bl      process_stack
    bl      odd_stack
    bl      without_automatic
    bl      new_context_defaults
    pass

@ Fills s0-s31 with 0x100..0x11f and FPSCR with a rounding mode and flags.
fill_registers:
    mov     r0, #0x100
    .irp    n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    set_register \n
    .endr
    load    r0, 0x50c0001f
    vmsr    fpscr, r0
    bx      lr

@ r8 = r9 = sum over s0-s31 and FPSCR, to see whether anything changed.
sum_registers:
    vmrs    r8, fpscr
    .irp    n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    vmov    r0, s\n
    add     r8, r0, r8, ror #1
    .endr
    bx      lr

@ Overwrites what an exception entry does not have to keep.
spoil_registers:
    mov     r0, #0
    vmsr    fpscr, r0
    .irp    n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
    vmov    s\n, r0
    .endr
    bx      lr

@ r0: address. Poisons the FP part of a frame that is about to be made.
poison_stack:
    load    r1, POISON
    movs    r2, #27
1:  str     r1, [r0, #-4]!
    subs    r2, #1
    bne     1b
    bx      lr

context_begins:
    mov     r4, lr
    check_word FPCCR, ASPEN | LSPEN, "FPCCR resets to automatic and lazy"
    mrs     r0, control
    check_equal r0, 0, "no FP context before the first FP instruction"
    vmov    s0, r0
    mrs     r0, control
    check_equal r0, 4, "the first FP instruction sets CONTROL.FPCA"
    movs    r0, #0
    msr     control, r0
    isb
    mrs     r0, control
    check_equal r0, 0, "FPCA can be cleared by MSR"
    handle  SVCALL, 1f
    svc     0
    bx      r4
1:  check_equal lr, 0xfffffff9, "without FP context the frame is the basic one"
    bx      lr

@ Space is reserved, nothing is stored, FPCAR points at the space.
lazy_entry:
    mov     r4, lr
    bl      fill_registers
    bl      sum_registers
    mov     r9, r8
    mov     r5, sp
    mov     r0, sp
    bl      poison_stack
    handle  SVCALL, 1f
    svc     0
    mov     r0, sp
    check_same r0, r5, "the extended frame is popped"
    mrs     r0, control
    check_equal r0, 4, "the return restores FPCA from EXC_RETURN"
    bl      sum_registers
    check_same r8, r9, "FP registers are untouched by an exception that does not use them"
    bx      r4
1:  check_equal lr, 0xffffffe9, "EXC_RETURN bit 4 is clear with FP context"
    mov     r1, sp
    sub     r0, r5, #0x68
    bic     r0, #7
    check_same r1, r0, "an extended frame has 26 words"
    mrs     r0, control
    check_equal r0, 0, "FPCA is clear in the handler"
    peek    r0, FPCAR
    add     r1, sp, #FRAME_S0
    check_same r0, r1, "FPCAR points at the space for s0"
    peek    r1, FPCCR
    check_bits r1, LSPACT | THREAD | USER, LSPACT | THREAD, "FPCCR: lazy, from privileged thread mode"
    ldr     r1, [sp, #FRAME_S0]
    check_equal r1, POISON, "nothing is stored yet"
    mrs     r0, control
    check_equal r0, 0, "reading memory is no FP instruction"
    bx      lr

@ The first FP instruction of the handler stores s0-s15 and FPSCR.
lazy_save:
    mov     r4, lr
    bl      fill_registers
    bl      sum_registers
    mov     r9, r8
    mov     r5, sp
    handle  SVCALL, 1f
    svc     0
    peek    r1, FPCCR
    check_bits r1, LSPACT, 0, "no lazy state is left after the return"
    bl      sum_registers
    check_same r8, r9, "the return restores s0-s15 and FPSCR"
    mrs     r0, control
    check_equal r0, 4, "FPCA after the return of a handler that used FP"
    bx      r4
1:  mov     r7, lr
    vmov    r0, s3
    check_equal r0, 0x103, "the handler still sees the old s3"
    peek    r1, FPCCR
    check_bits r1, LSPACT, 0, "the first FP instruction ends the lazy state"
    mrs     r0, control
    check_equal r0, 4, "and sets FPCA"
    ldr     r1, [sp, #FRAME_S0]
    check_equal r1, 0x100, "s0 was stored"
    ldr     r1, [sp, #FRAME_S0 + 4 * 15]
    check_equal r1, 0x10f, "s15 was stored"
    ldr     r1, [sp, #FRAME_FPSCR]
    check_equal r1, 0x50c0001f, "FPSCR was stored"
    bl      spoil_registers
    bx      r7

@ LSPEN = 0: everything is stored at entry.
eager_save:
    mov     r4, lr
    poke    FPCCR, ASPEN
    sync
    bl      fill_registers
    bl      sum_registers
    mov     r9, r8
    handle  SVCALL, 1f
    svc     0
    bl      sum_registers
    check_same r8, r9, "an eager frame restores all"
    poke    FPCCR, ASPEN | LSPEN
    sync
    bx      r4
1:  mov     r7, lr
    check_equal lr, 0xffffffe9, "an eager frame is an extended one"
    peek    r1, FPCCR
    check_bits r1, LSPACT, 0, "an eager frame leaves nothing for later"
    ldr     r1, [sp, #FRAME_S0 + 4 * 7]
    check_equal r1, 0x107, "s7 was stored at entry"
    ldr     r1, [sp, #FRAME_FPSCR]
    check_equal r1, 0x50c0001f, "FPSCR was stored at entry"
    bl      spoil_registers
    bx      r7

@ The inner handler uses FP while the outer frame is still lazy: the outer frame gets the values.
nested:
    mov     r4, lr
    enable_irqs 0x3
    irq_priority 0, 0x80
    irq_priority 1, 0x40
    handle  IRQ0 + 0, 1f
    handle  IRQ0 + 1, 2f
    bl      fill_registers
    bl      sum_registers
    mov     r9, r8
    pend    1 << 0
    bl      sum_registers
    check_same r8, r9, "thread registers survive two levels"
    bx      r4
1:  mov     r7, lr
    mov     r6, sp
    pend    1 << 1
    peek    r1, FPCCR
    check_bits r1, LSPACT, 0, "the inner handler ended the lazy state of the outer frame"
    mrs     r0, control
    check_equal r0, 0, "the outer handler still has no FP context"
    bl      spoil_registers
    bx      r7
2:  mov     r10, lr
    check_equal lr, 0xfffffff1, "a handler without FP context has a basic frame"
    peek    r1, FPCAR
    add     r0, r6, #FRAME_S0
    check_same r1, r0, "FPCAR still points into the outer frame"
    bl      spoil_registers
    ldr     r1, [r6, #FRAME_S0 + 4 * 9]
    check_equal r1, 0x109, "the outer frame holds s9 of thread mode"
    ldr     r1, [r6, #FRAME_FPSCR]
    check_equal r1, 0x50c0001f, "the outer frame holds FPSCR of thread mode"
    bx      r10

@ The same from the process stack and from a handler: the other two values of EXC_RETURN.
process_stack:
    mov     r4, lr
    load    r0, process_top
    msr     psp, r0
    movs    r0, #2
    msr     control, r0
    isb
    bl      fill_registers
    bl      sum_registers
    mov     r9, r8
    handle  IRQ0 + 0, 1f
    handle  IRQ0 + 1, 2f
    pend    1 << 0
    bl      sum_registers
    check_same r8, r9, "FP registers survive on the process stack"
    mrs     r0, control
    check_equal r0, 6, "thread mode is back on the process stack with its FP context"
    movs    r0, #0
    msr     control, r0
    isb
    bx      r4
1:  mov     r7, lr
    check_equal lr, 0xffffffed, "EXC_RETURN of the process stack with FP context"
    mrs     r1, psp
    check_equal r1, process_top - 0x68, "the extended frame is on the process stack"
    bl      spoil_registers
    pend    1 << 1
    vmov    r0, s5
    check_equal r0, 0, "the registers of the outer handler survive the inner one"
    bx      r7
2:  mov     r10, lr
    check_equal lr, 0xffffffe1, "EXC_RETURN of a handler with FP context"
    bl      fill_registers
    bx      r10

@ An extended frame at an odd word is aligned as a basic one is.
odd_stack:
    mov     r4, lr
    bl      fill_registers
    bl      sum_registers
    mov     r9, r8
    sub     sp, #4
    mov     r5, sp
    handle  SVCALL, 1f
    svc     0
    mov     r0, sp
    check_same r0, r5, "an extended frame gives back the odd stack pointer"
    add     sp, #4
    bl      sum_registers
    check_same r8, r9, "and the registers"
    bx      r4
1:  mov     r7, lr
    mov     r1, sp
    sub     r0, r5, #0x6c
    check_same r1, r0, "an extended frame is 8-byte aligned"
    bl      spoil_registers
    bx      r7

@ ASPEN = 0: FP instructions do not start a context, frames stay basic.
without_automatic:
    mov     r4, lr
    poke    FPCCR, 0
    movs    r0, #0
    msr     control, r0
    isb
    vmov    s0, r0
    mrs     r0, control
    check_equal r0, 0, "without ASPEN an FP instruction does not set FPCA"
    handle  SVCALL, 1f
    svc     0
    poke    FPCCR, ASPEN | LSPEN
    isb
    bx      r4
1:  check_equal lr, 0xfffffff9, "without ASPEN frames are basic"
    bx      lr

@ A new context starts with FPSCR from FPDSCR.
new_context_defaults:
    mov     r4, lr
    poke    FPDSCR, 0x02c00000          @ DN and rounding towards zero
    bl      fill_registers
    handle  SVCALL, 1f
    svc     0
    vmrs    r0, fpscr
    check_equal r0, 0x50c0001f, "the interrupted FPSCR comes back"
    bx      r4
1:  vmov    r0, s0
    vmrs    r1, fpscr
    check_equal r1, 0x02c00000, "a new FP context takes FPSCR from FPDSCR"
    bx      lr
