/* SPDX-License-Identifier: Apache-2.0 */
@ The two stacks, CONTROL.SPSEL, exception frames and their alignment (Armv7-M ARM B1.5.6-B1.5.8).
    .include "guest.inc"
    topic   "stacks"

main:
    mov     r0, sp
    check_equal r0, stack_top, "reset loads MSP from the vector table"
    check_word reset_lr, 0xffffffff, "LR is 0xffffffff after reset"
    mrs     r0, control
    check_equal r0, 0, "CONTROL is zero after reset"
    mrs     r0, xpsr
    check_bits r0, 0x1ff, 0, "IPSR is zero after reset"
    bl      selection
    bl      frame_content
    bl      return_values
    bl      alignment
    bl      return_to_other_stack
    pass

@ SP is a name for MSP or PSP; only thread mode may choose.
selection:
    mov     r4, lr
    load    r0, process_top + 3
    msr     psp, r0
    mrs     r1, psp
    check_equal r1, process_top, "PSP has no bits 1:0"
    mov     r5, sp
    movs    r0, #2
    msr     control, r0
    isb
    mov     r1, sp
    check_equal r1, process_top, "SPSEL makes SP the process stack"
    mrs     r1, msp
    check_same r1, r5, "MSP keeps its value beside it"
    push    {r0, r1}
    mrs     r1, psp
    check_equal r1, process_top - 8, "push moves PSP"
    pop     {r0, r1}
    handle  SVCALL, 1f
    svc     0
    mrs     r0, control
    check_equal r0, 2, "the return restores SPSEL"
    movs    r0, #0
    msr     control, r0
    isb
    mov     r1, sp
    check_same r1, r5, "SP is MSP again"
    bx      r4
1:  mrs     r0, control
    check_equal r0, 0, "handlers run on the main stack"
    movs    r0, #2
    msr     control, r0
    isb
    mrs     r0, control
    check_equal r0, 0, "handlers cannot choose the process stack"
    mov     r1, sp
    check_same r1, r5, "an exception from the process stack leaves MSP alone"
    mrs     r1, psp
    check_equal r1, process_top - 32, "its frame is on the process stack"
    bx      lr

@ r0-r3, r12, LR, return address and xPSR, at ascending addresses.
frame_content:
    mov     r4, lr
    handle  SVCALL, 1f
    load    r0, 0xf80f0000              @ N Z C V Q and GE
    msr     apsr_nzcvqg, r0
    mov     r0, #0x10
    mov     r1, #0x11
    mov     r2, #0x12
    mov     r3, #0x13
    mov     r12, #0x1c
    mov     lr, #0x1e
    svc     0
2:  mrs     r7, xpsr
    check_equal r0, 0xa0, "r0 comes from the frame"
    check_equal r1, 0xa1, "r1 comes from the frame"
    check_equal r2, 0xa2, "r2 comes from the frame"
    check_equal r3, 0xa3, "r3 comes from the frame"
    check_equal lr, 0xae, "LR comes from the frame"
    check_bits r7, 0xf80f0000, 0x50050000, "the flags come from the frame"
    bx      r4
1:  mov     r5, sp
    ldr     r1, [sp, #0]
    check_equal r1, 0x10, "the frame holds r0"
    ldr     r1, [sp, #4]
    check_equal r1, 0x11, "the frame holds r1"
    ldr     r1, [sp, #8]
    check_equal r1, 0x12, "the frame holds r2"
    ldr     r1, [sp, #12]
    check_equal r1, 0x13, "the frame holds r3"
    ldr     r1, [sp, #FRAME_R12]
    check_equal r1, 0x1c, "the frame holds r12"
    ldr     r1, [sp, #FRAME_LR]
    check_equal r1, 0x1e, "the frame holds LR"
    ldr     r1, [sp, #FRAME_PC]
    check_equal r1, 2b, "the frame holds the address behind SVC"
    ldr     r1, [sp, #FRAME_XPSR]
    check_equal r1, 0xf90f0000, "the frame holds flags, Q, GE and T, and exception number 0"
    movs    r0, #0xa0
    str     r0, [sp, #0]
    movs    r0, #0xa1
    str     r0, [sp, #4]
    movs    r0, #0xa2
    str     r0, [sp, #8]
    movs    r0, #0xa3
    str     r0, [sp, #12]
    movs    r0, #0xae
    str     r0, [sp, #FRAME_LR]
    load    r0, 0x51050000
    str     r0, [sp, #FRAME_XPSR]
    bx      lr

@ EXC_RETURN says where the exception came from.
return_values:
    mov     r4, lr
    enable_irqs 0x3
    irq_priority 0, 0x80
    irq_priority 1, 0x40
    handle  IRQ0 + 0, 1f
    handle  IRQ0 + 1, 2f
    pend    1 << 0
    load    r0, process_top
    msr     psp, r0
    movs    r0, #2
    msr     control, r0
    isb
    handle  IRQ0 + 0, 3f
    pend    1 << 0
    movs    r0, #0
    msr     control, r0
    isb
    bx      r4
1:  check_equal lr, 0xfffffff9, "EXC_RETURN of thread mode on the main stack"
    push    {r4, lr}
    pend    1 << 1
    mrs     r0, ipsr
    check_equal r0, IRQ0 + 0, "IPSR is the outer exception again after nesting"
    pop     {r4, pc}                    @ a load to PC returns as well
2:  check_equal lr, 0xfffffff1, "EXC_RETURN of handler mode"
    mrs     r0, ipsr
    check_equal r0, IRQ0 + 1, "IPSR is the exception number"
    ldr     r1, [sp, #FRAME_XPSR]
    check_bits r1, 0x1ff, IRQ0 + 0, "the frame holds the number of the preempted exception"
    bx      lr
3:  check_equal lr, 0xfffffffd, "EXC_RETURN of thread mode on the process stack"
    bx      lr

@ With STKALIGN the frame is 8-byte aligned, and bit 9 of the stacked xPSR says what was skipped.
alignment:
    push    {r4, lr}
    peek    r1, CCR
    check_bits r1, 0x200, 0x200, "STKALIGN is set after reset"
    handle  SVCALL, 1f
    sub     sp, #4
    mov     r5, sp
    svc     0
    mov     r1, sp
    check_same r1, r5, "an aligned frame gives back the odd stack pointer"
    handle  SVCALL, 2f
    add     sp, #4
    mov     r5, sp
    svc     0
    mov     r1, sp
    check_same r1, r5, "a frame that needed no alignment returns to the same place"
    poke    CCR, 0
    sync
    handle  SVCALL, 3f
    sub     sp, #4
    mov     r5, sp
    svc     0
    mov     r1, sp
    check_same r1, r5, "without STKALIGN the stack pointer comes back too"
    add     sp, #4
    poke    CCR, 0x200
    sync
    pop     {r4, pc}
1:  mov     r1, sp
    sub     r0, r5, #36
    check_same r1, r0, "a frame at an odd word is moved down by 4"
    ldr     r1, [sp, #FRAME_XPSR]
    check_bits r1, 0x200, 0x200, "bit 9 of the stacked xPSR tells of the padding"
    bx      lr
2:  mov     r1, sp
    sub     r0, r5, #32
    check_same r1, r0, "a frame at an even word is not moved"
    ldr     r1, [sp, #FRAME_XPSR]
    check_bits r1, 0x200, 0, "bit 9 of the stacked xPSR is clear without padding"
    bx      lr
3:  mov     r1, sp
    sub     r0, r5, #32
    check_same r1, r0, "without STKALIGN a frame is not moved"
    ldr     r1, [sp, #FRAME_XPSR]
    check_bits r1, 0x200, 0, "without STKALIGN bit 9 stays clear"
    bx      lr

@ A handler may return to another stack than the one it came from: that is how a kernel starts.
return_to_other_stack:
    mov     r4, lr
    mov     r5, sp
    handle  SVCALL, 1f
    svc     0
1:  load    r0, process_top - 64
    load    r1, 2f
    str     r1, [r0, #FRAME_PC]
    load    r1, 0x01000000
    str     r1, [r0, #FRAME_XPSR]
    movs    r1, #0x77
    str     r1, [r0]
    msr     psp, r0
    load    lr, 0xfffffffd
    bx      lr
2:  check_equal r0, 0x77, "the registers come from the process stack"
    mov     r0, sp
    check_equal r0, process_top - 32, "the process stack is in use"
    mrs     r0, control
    check_equal r0, 2, "EXC_RETURN sets SPSEL"
    mrs     r0, msp
    sub     r1, r5, #32
    check_same r0, r1, "the frame on the main stack is left there"
    movs    r0, #0
    msr     control, r0
    isb
    mov     sp, r5
    bx      r4
