/* SPDX-License-Identifier: Apache-2.0 */
@ What unprivileged code may not do (Armv7-M ARM B1.4.4, B3.1, B5.2.2).
    .include "guest.inc"
    topic   "privilege"

.macro drop_privilege
    movs    r0, #1
    msr     control, r0
    isb
.endm

main:
    poke    SHCSR, SHCSR_FAULTS
    handle  BUSFAULT, busfault
    handle  SVCALL, supervisor
    bl      system_space
    bl      special_registers
    bl      software_trigger
    bl      privilege_of_handlers
    pass

@ r6 = CFSR, r7 = BFAR, r8 = stacked PC; goes on at r9.
busfault:
    peek    r6, CFSR
    peek    r7, BFAR
    ldr     r8, [sp, #FRAME_PC]
    str     r9, [sp, #FRAME_PC]
    clear_fault_status
    bx      lr

@ SVC gives privilege back.
supervisor:
    mrs     r0, control
    bic     r0, #1
    msr     control, r0
    isb
    bx      lr

system_space:
    mov     r4, lr
    drop_privilege
    load    r5, SHCSR
    load    r9, 2f
    movs    r6, #0
    mov     r10, #0x99
1:  ldr     r10, [r5]
2:  svc     0
    check_equal r6, BFSR_PRECISERR | BFSR_BFARVALID, "an unprivileged load from the SCS is a BusFault"
    check_equal r7, SHCSR, "BFAR holds the address"
    check_equal r8, 1b, "the frame names the load"
    check_equal r10, 0x99, "the register is not written"
    drop_privilege
    load    r9, 3f
    movs    r6, #0
    movs    r0, #0
    str     r0, [r5]
    dsb
    nop
3:  svc     0
    check_word SHCSR, SHCSR_FAULTS, "an unprivileged store to the SCS has no effect"
    bx      r4

special_registers:
    mov     r4, lr
    drop_privilege
    cpsid   i
    cpsid   f
    movs    r0, #1
    msr     primask, r0
    msr     faultmask, r0
    mov     r0, #0x40
    msr     basepri, r0
    mrs     r5, primask
    load    r0, 0x12345670
    msr     psp, r0
    mrs     r7, psp
    movs    r0, #0
    msr     control, r0
    isb
    mrs     r8, control
    load    r0, 0xf8000000
    msr     apsr_nzcvq, r0
    mrs     r10, apsr
    svc     0
    check_equal r5, 0, "MRS of a mask reads zero when unprivileged"
    check_equal r7, 0, "MRS of PSP reads zero when unprivileged"
    check_equal r8, 1, "unprivileged code cannot clear nPRIV, but read CONTROL"
    check_bits r10, 0xf8000000, 0xf8000000, "the flags are open to all"
    mrs     r0, primask
    check_equal r0, 0, "CPSID i and MSR PRIMASK have no effect when unprivileged"
    mrs     r0, faultmask
    check_equal r0, 0, "CPSID f and MSR FAULTMASK have no effect when unprivileged"
    mrs     r0, basepri
    check_equal r0, 0, "MSR BASEPRI has no effect when unprivileged"
    bx      r4

@ CCR.USERSETMPEND opens STIR.
software_trigger:
    mov     r4, lr
    handle  IRQ0 + 5, 3f
    enable_irqs 1 << 5
    load    r5, STIR
    drop_privilege
    load    r9, 1f
    movs    r6, #0
    movs    r0, #5
    str     r0, [r5]
    dsb
    nop
1:  svc     0
    check_trail "", "STIR is closed to unprivileged code"
    poke    CCR, 0x202
    sync
    drop_privilege
    load    r9, 2f
    movs    r6, #0
    movs    r0, #5
    str     r0, [r5]
    sync
2:  svc     0
    check_equal r6, 0, "USERSETMPEND opens STIR"
    check_trail "5", "STIR by unprivileged code"
    poke    CCR, 0x200
    bx      r4
3:  note    '5'
    bx      lr

@ Handlers are privileged; the return brings back what thread mode was.
privilege_of_handlers:
    mov     r4, lr
    handle  SVCALL, 1f
    drop_privilege
    movs    r6, #0
    svc     0
    mrs     r5, control
    load    r9, 2f
    load    r7, SHCSR
    ldr     r7, [r7]
    nop
2:  handle  SVCALL, supervisor          @ the table is in RAM
    svc     0
    check_equal r5, 1, "nPRIV survives an exception"
    check_equal r6, BFSR_PRECISERR | BFSR_BFARVALID, "and thread mode is unprivileged again"
    bx      r4
1:  peek    r6, SHCSR
    check_bits r6, SHCSR_FAULTS, SHCSR_FAULTS, "an SVC handler of unprivileged code is privileged"
    mrs     r0, control
    check_equal r0, 1, "though nPRIV is still set"
    movs    r6, #0
    bx      lr
