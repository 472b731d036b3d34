/* SPDX-License-Identifier: Apache-2.0 */
@ Tail-chaining and late arrival (Armv7-M ARM B1.5.12): pending exceptions follow one another
@ without the interrupted code running in between, on one frame.
    .include "guest.inc"
    topic   "tail chaining"

main:
    enable_irqs 0x0f
    irq_priority 0, 0x40
    irq_priority 1, 0x80
    irq_priority 2, 0x80
    handle  IRQ0 + 0, first
    handle  IRQ0 + 1, second
    handle  IRQ0 + 2, second

    @ Both are pending when the first returns; r7 counts what thread mode executes.
    movs    r7, #0
    mov     r8, sp
    cpsid   i
    pend    1 << 0 | 1 << 1 | 1 << 2
    cpsie   i
    isb
    adds    r7, #1
    check_trail "abb", "pending exceptions follow one another"

    @ A handler makes an equal one pending: it runs before thread mode does.
    handle  IRQ0 + 1, chains
    movs    r7, #0
    pend    1 << 1
    adds    r7, #1
    check_trail "cb", "an equal exception follows its handler"
    mov     r0, sp
    check_same r0, r8, "the stack is level after the chain"
    b       late_arrival

first:
    note    'a'
    b       inspect
second:
    note    'b'
inspect:
    check_equal lr, 0xfffffff9, "each of a chain has the EXC_RETURN of the interrupted code"
    sub     r0, r8, #32
    mov     r1, sp
    check_same r1, r0, "a chain keeps one frame on the stack"
    check_equal r7, 0, "thread mode did not execute between chained exceptions"
    bx      lr
chains:
    note    'c'
    pend    1 << 2
    bx      lr

@ The derived exception of a failed entry is more urgent than the exception itself: it arrives
@ late and runs first, on the same EXC_RETURN.
late_arrival:
    poke    SHCSR, SHCSR_FAULTS
    handle  BUSFAULT, repair
    handle  IRQ0 + 3, late
    irq_priority 3, 0xc0
    load    r0, NOWHERE + 0x1000
    msr     psp, r0
    movs    r0, #2
    msr     control, r0
    isb
    poke    NVIC_ISPR, 1 << 3
    sync
    never_here "execution went on though its frame is lost"

repair:                                 @ nothing was stacked: build a frame on a good stack
    note    'R'
    check_equal lr, 0xfffffffd, "the late exception has the EXC_RETURN of the interrupted code"
    peek    r1, CFSR
    check_equal r1, BFSR_STKERR, "the failed entry reports STKERR"
    clear_fault_status
    peek    r1, NVIC_ISPR
    check_bits r1, 1 << 3, 1 << 3, "the exception whose entry failed is still pending"
    mrs     r1, psp
    check_equal r1, NOWHERE + 0x1000 - 32, "the stack pointer moved though nothing was stored"
    load    r0, process_top - 32
    load    r1, 1f
    str     r1, [r0, #FRAME_PC]
    load    r1, 0x01000000
    str     r1, [r0, #FRAME_XPSR]
    msr     psp, r0
    bx      lr
1:  note    'z'
    movs    r0, #0
    msr     control, r0
    isb
    check_trail "RLz", "the derived exception runs first, then the one whose entry failed"
    pass
late:
    note    'L'
    bx      lr
