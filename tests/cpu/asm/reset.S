/* SPDX-License-Identifier: Apache-2.0 */
@ Reset by AIRCR.SYSRESETREQ (Armv7-M ARM B1.5.16, B3.2.6): registers go back, RAM stays.
    .include "guest.inc"
    topic   "reset"

    .set STAMP, 0x5e5e7a3c
    .set stamp, scratch + 0x2000

main:
    peek    r0, stamp
    load    r1, STAMP
    cmp     r0, r1
    beq     second_life

    @ First life: change everything that a reset must undo, then ask for one in a handler.
    mov     r0, sp
    check_equal r0, stack_top, "power-on loads the stack pointer"
    poke    stamp, STAMP
    enable_fp
    poke    SHCSR, SHCSR_FAULTS
    poke    CCR, 0x218
    poke    SCR, 0x10
    poke    SHPR3, 0x40400000
    poke    MPU_RNR, 3
    poke    SYST_RVR, 0x123
    irq_priority 4, 0x60
    enable_irqs 0x10
    cpsid   i
    pend    0x20
    load    r0, process_top
    msr     psp, r0
    mov     r0, #0x40
    msr     basepri, r0
    cpsie   i
    handle  SVCALL, 1f
    movs    r0, #2
    msr     control, r0
    movs    r0, #0
    msr     basepri, r0
    isb
    svc     0
    never_here "the system reset did not come"
1:  cpsid   f
    poke    AIRCR, VECTKEY | 4
    dsb
2:  b       2b

second_life:
    poke    stamp, 0
    mov     r0, sp
    check_equal r0, stack_top, "reset loads the stack pointer again"
    mrs     r0, control
    check_equal r0, 0, "reset: thread mode, privileged, main stack, no FP context"
    mrs     r0, xpsr
    check_bits r0, 0x1ff, 0, "reset: no exception"
    mrs     r0, primask
    check_equal r0, 0, "reset: PRIMASK"
    mrs     r0, faultmask
    check_equal r0, 0, "reset: FAULTMASK"
    mrs     r0, basepri
    check_equal r0, 0, "reset: BASEPRI"
    check_word reset_lr, 0xffffffff, "reset: LR"
    check_word CPACR, 0, "reset: CPACR"
    check_word SHCSR, 0, "reset: SHCSR"
    check_word CCR, 0x200, "reset: CCR"
    check_word SCR, 0, "reset: SCR"
    check_word SHPR3, 0, "reset: SHPR3"
    check_word NVIC_ISER, 0, "reset: enable bits"
    check_word NVIC_ISPR, 0, "reset: pending bits"
    check_word NVIC_IPR + 4, 0, "reset: priorities"
    check_word NVIC_IABR, 0, "reset: active bits"
    peek    r1, SYST_CSR                @ CLKSOURCE depends on the chip
    check_bits r1, 0x10003, 0, "reset: SysTick is off"
    check_word AIRCR, 0xfa050000, "reset: AIRCR"
    pass
