/* SPDX-License-Identifier: Apache-2.0 */
@ Faults that cannot be taken become HardFaults (Armv7-M ARM B1.5.14).
    .include "guest.inc"
    topic   "escalation"

main:
    handle  HARDFAULT, hardfault
    bl      disabled_handler
    bl      same_priority
    bl      svc_at_same_priority
    bl      breakpoint
    bl      enabled_handler
    bl      fault_status_is_sticky
    pass

@ Every HardFault of this program ends here: r6 = CFSR, r7 = HFSR, r8 = stacked PC, then goes on
@ at r9.
hardfault:
    note    'H'
    peek    r6, CFSR
    peek    r7, HFSR
    ldr     r8, [sp, #FRAME_PC]
    str     r9, [sp, #FRAME_PC]
    clear_fault_status
    bx      lr

disabled_handler:
    mov     r4, lr
    load    r9, 2f
1:  udf     0
2:  check_trail "H", "a UsageFault that is not enabled is a HardFault"
    check_equal r6, UFSR_UNDEFINSTR, "with the status of the UsageFault"
    check_equal r7, HFSR_FORCED, "and FORCED"
    check_equal r8, 1b, "and the instruction at fault in the frame"
    check_word HFSR, 0, "HFSR is cleared by writing ones"
    bx      r4

@ A fault handler that is enabled but not urgent enough.
same_priority:
    mov     r4, lr
    poke    SHCSR, SHCSR_FAULTS
    poke    SHPR1, 0x00404040
    enable_irqs 1
    irq_priority 0, 0x40
    handle  IRQ0, 1f
    handle  USAGEFAULT, 3f
    pend    1
    check_trail "iHu", "a fault in a handler of equal priority escalates"
    check_equal r7, HFSR_FORCED, "with FORCED"
    irq_priority 0, 0x60
    pend    1
    check_trail "iFu", "a fault in a handler of lower priority does not"
    clear_fault_status
    mov     r0, #0x40
    msr     basepri, r0
    load    r9, 4f
    udf     0
4:  movs    r0, #0
    msr     basepri, r0
    check_trail "H", "a fault that BASEPRI masks escalates"
    poke    SHCSR, 0
    bx      r4
1:  note    'i'
    load    r9, 2f
    udf     0
2:  note    'u'
    bx      lr
3:  note    'F'
    str     r9, [sp, #FRAME_PC]
    bx      lr

svc_at_same_priority:
    mov     r4, lr
    poke    SHPR2, 0x80000000
    irq_priority 0, 0x80
    handle  IRQ0, 1f
    handle  SVCALL, 3f
    pend    1
    check_trail "iHi", "SVC in a handler of equal priority is a HardFault"
    check_equal r6, 0, "that leaves CFSR alone"
    check_equal r7, HFSR_FORCED, "and sets FORCED"
    irq_priority 0, 0xa0
    pend    1
    check_trail "iSi", "SVC in a handler of lower priority is taken"
    bx      r4
1:  note    'i'
    load    r9, 2f
    svc     0
2:  note    'i'
    bx      lr
3:  note    'S'
    bx      lr

@ Without a debugger that halts, BKPT is a fault. (BKPT 0xAB is semihosting here.)
breakpoint:
    mov     r4, lr
    load    r9, 2f
1:  bkpt    1
2:  check_trail "H", "BKPT without debugger is a HardFault"
    check_equal r8, 1b, "at the BKPT"
    @ QEMU 7.2 sets FORCED instead.
    skip_on_qemu 3f
    check_equal r7, HFSR_DEBUGEVT, "with DEBUGEVT, not FORCED"
3:  bx      r4

enabled_handler:
    mov     r4, lr
    poke    SHCSR, SHCSR_FAULTS
    handle  USAGEFAULT, 1f
    load    r9, 2f
    udf     0
2:  check_trail "F", "an enabled UsageFault comes as itself"
    check_word CFSR, 0, "CFSR was cleared"
    poke    SHCSR, 0
    bx      r4
1:  note    'F'
    peek    r1, SHCSR
    check_equal r1, SHCSR_FAULTS | 1 << 3, "USGFAULTACT"
    peek    r1, HFSR
    check_equal r1, 0, "HFSR stays clear"
    str     r9, [sp, #FRAME_PC]
    clear_fault_status
    bx      lr

@ Status bits add up until they are cleared, each by writing a one to it.
fault_status_is_sticky:
    mov     r4, lr
    poke    SHCSR, SHCSR_FAULTS
    poke    CCR, 0x210                  @ DIV_0_TRP
    handle  USAGEFAULT, 1f
    load    r9, 2f
    udf     0
2:  load    r9, 3f
    movs    r0, #0
    udiv    r0, r0, r0
3:  check_word CFSR, UFSR_UNDEFINSTR | UFSR_DIVBYZERO, "status bits are sticky"
    poke    CFSR, UFSR_DIVBYZERO
    check_word CFSR, UFSR_UNDEFINSTR, "a one clears its own bit only"
    poke_byte CFSR + 2, 1
    check_word CFSR, 0, "UFSR can be written by bytes"
    bx      r4
1:  str     r9, [sp, #FRAME_PC]
    bx      lr
