/* SPDX-License-Identifier: Apache-2.0 */
@ Nesting and priorities (Armv7-M ARM B1.5.4).
    .include "guest.inc"
    topic   "priorities"

main:
    @ Three bits of priority are implemented: the others read as zero. (mps2-an386 has eight.)
    skip_on_qemu 1f
    irq_priority 0, 0xff
    load    r0, NVIC_IPR
    ldrb    r1, [r0]
    check_equal r1, 0xe0, "a priority keeps its upper three bits"
    poke    SHPR3, 0xffffffff
    check_word SHPR3, 0xe0e000e0, "SysTick, PendSV and DebugMonitor priorities keep three bits"
    poke    SHPR2, 0xffffffff
    check_word SHPR2, 0xe0000000, "the SVCall priority keeps three bits"
    poke    SHPR1, 0xffffffff
    check_word SHPR1, 0x00e0e0e0, "fault priorities keep three bits"
    poke    SHPR1, 0
    poke    SHPR2, 0
    poke    SHPR3, 0
1:
    enable_irqs 0xff
    bl      nesting
    bl      order_of_pending
    bl      groups
    bl      changes
    pass

@ A more urgent interrupt preempts; an equal one waits.
nesting:
    push    {lr}
    irq_priority 0, 0x80
    irq_priority 1, 0x40
    irq_priority 2, 0x80
    handle  IRQ0 + 0, 1f
    handle  IRQ0 + 1, 2f
    handle  IRQ0 + 2, 3f
    pend    1 << 0
    note    'e'
    check_trail "aBbcDe", "an urgent interrupt preempts at once, an equal one after the return"
    pop     {pc}
1:  note    'a'
    pend    1 << 1
    note    'b'
    pend    1 << 2
    note    'c'
    bx      lr
2:  note    'B'
    bx      lr
3:  note    'D'
    bx      lr

@ Several at once: by priority, then by number.
order_of_pending:
    push    {lr}
    irq_priority 3, 0x20
    handle  IRQ0 + 0, 1f
    handle  IRQ0 + 1, 2f
    handle  IRQ0 + 2, 3f
    handle  IRQ0 + 3, 4f
    pend    0x0f
    check_trail "3102", "pending interrupts are served by priority, then by number"
    pop     {pc}
1:  note    '0'
    bx      lr
2:  note    '1'
    bx      lr
3:  note    '2'
    bx      lr
4:  note    '3'
    bx      lr

@ PRIGROUP: the sub-priority orders pending exceptions but never preempts.
groups:
    push    {lr}
    irq_priority 4, 0x60
    irq_priority 5, 0x40
    handle  IRQ0 + 4, 1f
    handle  IRQ0 + 5, 2f
    pend    1 << 4
    check_trail "4(5)", "without groups 0x40 preempts 0x60"

    poke    AIRCR, 0xdead0500
    sync
    check_word AIRCR, 0xfa050000, "AIRCR ignores writes without the key"
    poke    AIRCR, VECTKEY | 5 << 8     @ group is bits 7:6, sub-priority bit 5
    sync
    check_word AIRCR, 0xfa050500, "AIRCR reads back PRIGROUP"
    pend    1 << 4
    check_trail "4)(5", "0x40 and 0x60 are one group with PRIGROUP 5: no preemption"
    cpsid   i
    pend    1 << 4 | 1 << 5
    cpsie   i
    isb
    check_trail "(54)(5", "the sub-priority decides which of a group comes first"

    poke    AIRCR, VECTKEY | 7 << 8     @ no group bits at all
    sync
    irq_priority 5, 0x00
    pend    1 << 4
    check_trail "4)(5", "with PRIGROUP 7 nothing preempts"
    poke    AIRCR, VECTKEY
    sync
    pop     {pc}
1:  note    '4'
    pend    1 << 5
    note    ')'
    bx      lr
2:  note    '('
    note    '5'
    bx      lr

@ New priorities count at once, for pending and for active exceptions.
changes:
    push    {lr}
    irq_priority 0, 0x80
    irq_priority 1, 0xa0
    handle  IRQ0 + 0, 1f
    handle  IRQ0 + 1, 2f
    pend    1 << 0
    check_trail "aBb", "a pending interrupt that becomes more urgent preempts"
    irq_priority 1, 0x40
    handle  IRQ0 + 0, 3f
    irq_priority 0, 0x20
    pend    1 << 0
    check_trail "cBd", "a handler that becomes less urgent is preempted"
    pop     {pc}
1:  note    'a'
    pend    1 << 1
    irq_priority 1, 0x20
    sync
    note    'b'
    bx      lr
2:  note    'B'
    bx      lr
3:  note    'c'
    pend    1 << 1
    irq_priority 0, 0xc0
    sync
    note    'd'
    bx      lr
