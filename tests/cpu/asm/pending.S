/* SPDX-License-Identifier: Apache-2.0 */
@ Pending, active and enable bits, STIR and ICSR (Armv7-M ARM B3.2.4, B3.4).
    .include "guest.inc"
    topic   "pending and active"

main:
    bl      enables
    bl      pending_bits
    bl      active_bits
    bl      software_trigger
    bl      icsr_fields
    bl      pending_again
    bl      handler_control
    pass

enables:
    mov     r4, lr
    check_word NVIC_ISER, 0, "no interrupt is enabled after reset"
    poke    NVIC_ISER, 0x85
    check_word NVIC_ISER, 0x85, "ISER sets enable bits"
    check_word NVIC_ICER, 0x85, "ICER reads the same bits"
    poke    NVIC_ISER, 0x02
    check_word NVIC_ISER, 0x87, "ISER leaves the others alone"
    poke    NVIC_ICER, 0x83
    check_word NVIC_ISER, 0x04, "ICER clears enable bits"
    poke    NVIC_ICER, 0x04
    bx      r4

pending_bits:
    mov     r4, lr
    pend    0x22
    check_word NVIC_ISPR, 0x22, "ISPR makes disabled interrupts pending"
    check_word NVIC_ICPR, 0x22, "ICPR reads the same bits"
    peek    r1, ICSR
    check_bits r1, ICSR_ISRPENDING, ICSR_ISRPENDING, "ISRPENDING counts disabled interrupts"
    check_bits r1, 0x1ff000, 0, "VECTPENDING does not"
    poke    NVIC_ICPR, 0x20
    check_word NVIC_ISPR, 0x02, "ICPR clears pending bits"
    handle  IRQ0 + 1, 1f
    enable_irqs 0x02
    sync
    check_trail "1", "enabling a pending interrupt takes it"
    check_word NVIC_ISPR, 0, "entry clears the pending bit"
    poke    NVIC_ICER, 0x02
    bx      r4
1:  note    '1'
    bx      lr

active_bits:
    mov     r4, lr
    enable_irqs 0x03
    irq_priority 0, 0x80
    irq_priority 1, 0x40
    handle  IRQ0 + 0, 1f
    handle  IRQ0 + 1, 2f
    pend    1 << 0
    check_word NVIC_IABR, 0, "nothing is active in thread mode"
    poke    NVIC_ICER, 0x03
    bx      r4
1:  mov     r5, lr
    check_word NVIC_IABR, 1, "the handler is active"
    pend    1 << 1
    check_word NVIC_IABR, 1, "the preempting one is inactive after its return"
    bx      r5
2:  check_word NVIC_IABR, 3, "both are active while one preempts the other"
    bx      lr

software_trigger:
    mov     r4, lr
    handle  IRQ0 + 5, 1f
    enable_irqs 1 << 5
    poke    STIR, 5
    sync
    check_trail "5", "STIR makes the interrupt it names pending"
    poke    NVIC_ICER, 1 << 5
    bx      r4
1:  note    '5'
    bx      lr

icsr_fields:
    mov     r4, lr
    peek    r1, ICSR
    check_bits r1, 0x1ff | ICSR_ISRPENDING, 0, "VECTACTIVE and ISRPENDING are zero in thread mode"
    enable_irqs 0x07
    irq_priority 0, 0x80
    irq_priority 1, 0x40
    irq_priority 2, 0xc0
    handle  IRQ0 + 0, 1f
    handle  IRQ0 + 1, 2f
    handle  IRQ0 + 2, 3f
    pend    1 << 0
    poke    NVIC_ICER, 0x07
    bx      r4
1:  mov     r5, lr
    peek    r1, ICSR
    check_bits r1, 0x1ff | ICSR_RETTOBASE, IRQ0 | ICSR_RETTOBASE, "one active exception: VECTACTIVE names it, RETTOBASE is set"
    pend    1 << 1 | 1 << 2
    peek    r1, ICSR
    check_bits r1, 0x1ff000, (IRQ0 + 2) << 12, "VECTPENDING names the most urgent pending exception"
    cpsid   i
    poke    ICSR, ICSR_PENDSVSET
    peek    r1, ICSR
    check_bits r1, 0x1ff000, PENDSV << 12, "a system exception of higher priority takes its place"
    poke    ICSR, ICSR_PENDSVCLR
    cpsie   i
    bx      r5
2:  peek    r1, ICSR
    check_bits r1, 0x1ff | ICSR_RETTOBASE, IRQ0 + 1, "nested: RETTOBASE is clear"
    check_bits r1, ICSR_ISRPENDING, ICSR_ISRPENDING, "ISRPENDING in a handler"
    bx      lr
3:  bx      lr

@ An interrupt made pending in its own handler runs again.
pending_again:
    mov     r4, lr
    movs    r5, #0
    handle  IRQ0 + 3, 1f
    enable_irqs 1 << 3
    pend    1 << 3
    check_equal r5, 2, "an active interrupt made pending runs once more"
    bx      r4
1:  adds    r5, #1
    cmp     r5, #2
    beq     2f
    pend    1 << 3
    pend    1 << 3
    peek    r1, NVIC_ISPR
    check_equal r1, 1 << 3, "active and pending at the same time"
2:  bx      lr

@ SHCSR shows the system handlers in the same way.
handler_control:
    mov     r4, lr
    check_word SHCSR, 0, "no fault handler is enabled after reset"
    handle  SVCALL, 1f
    handle  PENDSV, 2f
    handle  SYSTICK, 3f
    svc     0
    poke    ICSR, ICSR_PENDSVSET
    sync
    poke    ICSR, ICSR_PENDSTSET
    sync
    check_word SHCSR, 0, "no system handler is active in thread mode"
    bx      r4
1:  check_word SHCSR, 1 << 7, "SVCALLACT"
    bx      lr
2:  check_word SHCSR, 1 << 10, "PENDSVACT"
    bx      lr
3:  check_word SHCSR, 1 << 11, "SYSTICKACT"
    bx      lr
