/* SPDX-License-Identifier: Apache-2.0 */
@ ITSTATE across exceptions (Armv7-M ARM B1.4.2, B1.5.6).
    .include "guest.inc"
    topic   "IT blocks"

main:
    bl      svc_inside
    bl      interrupt_inside
    bl      fault_inside
    bl      storm
    pass

@ SVC in an IT block: what follows is still conditional after the return.
svc_inside:
    mov     r4, lr
    handle  SVCALL, 1f
    movs    r5, #0
    movs    r6, #0
    movs    r7, #0
    cmp     r5, #0
    itete   eq
    addeq   r5, #1
    svcne   0
    svceq   0
    addne   r6, #1
    ite     ne
    addne   r6, #1
    addeq   r5, #1
    check_equal r5, 2, "instructions whose condition holds execute around SVC"
    check_equal r6, 0, "instructions whose condition fails do not, after SVC either"
    check_equal r7, 1, "a conditional SVC is taken only when its condition holds"
    bx      r4
1:  adds    r7, #1                      @ changes the flags: the frame has the right ones
    ldr     r1, [sp, #FRAME_XPSR]
    check_bits r1, 0x0600fc00, 0x00001800, "the frame holds ITSTATE of the instruction behind SVC"
    mrs     r1, xpsr
    check_bits r1, 0x0600fc00, 0, "a handler starts outside of any IT block"
    movs    r0, #1
    cmp     r0, #2
    bx      lr

@ An interrupt made pending in an IT block is taken in it or behind it; both must work.
interrupt_inside:
    mov     r4, lr
    enable_irqs 1
    handle  IRQ0, 1f
    load    r5, NVIC_ISPR
    movs    r6, #1
    movs    r7, #0
    mov     r8, #0
    mov     r9, #0
    cmp     r6, #1
    itett   eq
    streq   r6, [r5]
    addne   r7, #1
    addeq   r8, #1
    addeq   r8, #2
    sync
    check_equal r7, 0, "the else part stays out when an interrupt comes in the block"
    check_equal r8, 3, "the then part is executed once, whole"
    check_equal r9, 1, "the interrupt was taken"
    bx      r4
1:  add     r9, #1
    cmp     r9, #77
    bx      lr

@ A fault in an IT block: the frame has ITSTATE of the instruction at fault. The handler goes on
@ behind it by advancing ITSTATE itself.
fault_inside:
    mov     r4, lr
    poke    SHCSR, SHCSR_FAULTS
    handle  USAGEFAULT, 1f
    movs    r5, #0
    movs    r6, #0
    cmp     r5, #0
    itte    eq
    addeq   r5, #1
2:  udfeq   #0
    addne   r6, #1
    adds    r5, #1
    check_equal r5, 2, "execution goes on behind the fault"
    check_equal r6, 0, "the repaired ITSTATE still hides the else part"
    clear_fault_status
    bx      r4
1:  ldr     r1, [sp, #FRAME_PC]
    check_equal r1, 2b, "the frame names the instruction at fault"
    ldr     r1, [sp, #FRAME_XPSR]
    @ itte eq is 0000 0110; behind one instruction 0000 1100.
    check_bits r1, 0x0600fc00, 0x00000c00, "the frame holds ITSTATE of the instruction at fault"
    ldr     r0, [sp, #FRAME_PC]
    adds    r0, #2
    str     r0, [sp, #FRAME_PC]
    ldr     r0, [sp, #FRAME_XPSR]
    load    r1, 0x0600fc00
    bic     r0, r1
    orr     r0, #0x00001800             @ 0001 1000: one left, condition ne
    str     r0, [sp, #FRAME_XPSR]
    bx      lr

@ A calculation full of IT blocks under a storm of SysTick interrupts gives the same result.
storm:
    mov     r4, lr
    bl      calculate
    mov     r9, r5
    handle  SYSTICK, 1f
    movs    r10, #0
    poke    SYST_RVR, 36
    poke    SYST_CVR, 0
    poke    SYST_CSR, 7
2:  bl      calculate
    cmp     r10, #50
    blo     2b
    poke    SYST_CSR, 0
    check_same r5, r9, "interrupts at every place of IT blocks change nothing"
    bx      r4
1:  adds    r10, #1
    movs    r0, #0
    cmp     r0, #5
    bx      lr

calculate:
    movs    r5, #1
    mov     r6, #200
1:  lsrs    r0, r5, #1
    itete   cs
    eorcs   r5, r5, #0x1d00
    addcc   r5, r6
    addcs   r5, r5, #7
    eorcc   r5, r5, r0
    ittt    mi
    mvnmi   r5, r5
    addmi   r5, #3
    rormi   r5, #5
    cmp     r5, #0
    it      eq
    moveq   r5, #9
    subs    r6, #1
    bne     1b
    bx      lr
