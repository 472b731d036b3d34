/* SPDX-License-Identifier: Apache-2.0 */
@ Integrity checks on exception return (Armv7-M ARM B1.5.8): a return that makes no sense is a
@ UsageFault, INVPC.
    .include "guest.inc"
    topic   "return integrity"

main:
    poke    SHCSR, SHCSR_FAULTS
    enable_irqs 0x3
    irq_priority 0, 0x80
    irq_priority 1, 0x40
    poke    SHPR2, 0x80000000           @ SVCall
    mov     r11, sp
    bl      bad_value
    bl      inactive_handler
    bl      thread_while_nested
    bl      nested_thread_allowed
    bl      stacked_number
    pass

@ What every case expects in the UsageFault handler. r6: EXC_RETURN as LR shows it.
expect_invpc:
    peek    r1, CFSR
    check_equal r1, UFSR_INVPC, "a bad exception return sets INVPC and nothing else"
    mrs     r1, ipsr
    check_equal r1, USAGEFAULT, "INVPC is a UsageFault"
    poke    CFSR, 0xffffffff
    check_word CFSR, 0, "UFSR is cleared by writing ones"
    bx      lr

@ A value that is no EXC_RETURN. The frame stays where it is, so the handler can still use it.
bad_value:
    mov     r4, lr
    handle  SVCALL, 1f
    handle  USAGEFAULT, 2f
    mov     r7, sp
    svc     0
    mov     r0, sp
    check_same r0, r7, "the frame was left for the UsageFault handler"
    bx      r4
1:  mov     r5, lr
    load    r0, 0xfffffff5              @ handler mode on the process stack
    bx      r0
2:  mov     r9, lr
    bl      expect_invpc
    check_equal r9, 0xfffffff5, "LR shows the value that was refused"
    peek    r1, SHCSR
    check_bits r1, 1 << 7, 0, "the exception that returned badly is not active any more"
    bx      r5

@ A return from an exception that is not active.
inactive_handler:
    mov     r4, lr
    handle  SVCALL, 1f
    handle  USAGEFAULT, 2f
    svc     0
    bx      r4
1:  mov     r5, lr
    peek    r1, SHCSR
    check_bits r1, 1 << 7, 1 << 7, "SVCALLACT is set in the SVCall handler"
    poke    SHCSR, SHCSR_FAULTS         @ takes SVCALLACT away
    bx      lr
2:  mov     r9, lr
    bl      expect_invpc
    check_equal r9, 0xfffffff9, "LR shows EXC_RETURN of the refused return"
    bx      r5

@ A return to thread mode while another exception is active.
thread_while_nested:
    mov     r4, lr
    handle  IRQ0 + 0, 1f
    handle  IRQ0 + 1, 2f
    handle  USAGEFAULT, 3f
    mov     r7, sp
    pend    1 << 0
    mov     r0, sp
    check_same r0, r7, "the stack is level after a refused return"
    check_trail "oIUx", "the preempted handler goes on after a refused return"
    bx      r4
1:  note    'o'
    mov     r5, lr
    pend    1 << 1
    note    'x'
    bx      r5
2:  note    'I'
    mov     r6, lr
    load    lr, 0xfffffff9
    bx      lr
3:  mov     r9, lr
    note    'U'
    bl      expect_invpc
    check_equal r9, 0xfffffff9, "LR shows the refused return to thread mode"
    peek    r1, NVIC_IABR
    check_equal r1, 1, "the refused interrupt is inactive, the outer one still active"
    bx      r6

@ CCR.NONBASETHRDENA allows exactly that.
nested_thread_allowed:
    mov     r4, lr
    poke    CCR, 0x201
    sync
    handle  IRQ0 + 0, 1f
    handle  IRQ0 + 1, 2f
    mov     r7, sp
    pend    1 << 0
1:  mov     r5, lr
    pend    1 << 1
    mrs     r0, ipsr
    check_equal r0, 0, "NONBASETHRDENA: thread mode while an exception is active"
    check_word NVIC_IABR, 1, "the outer interrupt is still active in thread mode"
    poke    CCR, 0x200
    handle  IRQ0 + 1, 3f
    pend    1 << 1                      @ back to the outer handler by way of the inner one
2:  ldr     r0, [sp, #FRAME_XPSR]       @ the frame must not say handler mode
    load    r1, 0x1ff
    bic     r0, r1
    str     r0, [sp, #FRAME_XPSR]
    load    lr, 0xfffffff9
    bx      lr
3:  load    r1, 4f
    str     r1, [sp, #FRAME_PC]
    ldr     r0, [sp, #FRAME_XPSR]
    orr     r0, #IRQ0
    str     r0, [sp, #FRAME_XPSR]
    load    lr, 0xfffffff1
    bx      lr
4:  mrs     r0, ipsr
    check_equal r0, IRQ0, "handler mode comes back with the frame that names it"
    return_to 5f
5:  mov     r0, sp
    check_same r0, r7, "the stack is level after the detour"
    check_word NVIC_IABR, 0, "nothing is active after the detour"
    bx      r4

@ The number in the frame must fit the mode returned to. The frame was popped already, so it is
@ pushed again.
stacked_number:
    mov     r4, lr
    handle  SVCALL, 1f
    handle  USAGEFAULT, 2f
    mov     r7, sp
    svc     0
    mov     r0, sp
    check_same r0, r7, "the stack is level after a refused frame"
    bx      r4
1:  mov     r5, lr
    mov     r6, sp
    ldr     r0, [sp, #FRAME_XPSR]
    orr     r0, #IRQ0
    str     r0, [sp, #FRAME_XPSR]
    bx      lr
2:  mov     r9, lr
    bl      expect_invpc
    check_equal r9, 0xfffffff9, "LR shows EXC_RETURN of the refused frame"
    mov     r0, sp
    check_same r0, r6, "the refused frame was pushed again"
    ldr     r0, [sp, #FRAME_XPSR]
    bic     r0, #0xff
    str     r0, [sp, #FRAME_XPSR]
    bx      r5
