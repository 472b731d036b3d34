/* SPDX-License-Identifier: Apache-2.0 */
@ All of it together: a small kernel switches three tasks, two of them with floating point, whenever
@ SysTick comes, while another interrupt uses floating point too. Each task must calculate what it
@ calculates alone.
    .include "guest.inc"
    topic   "task switch"

    .set TASKS, 3
    .set STACK, 512
    .set ROUNDS, 400
    .set SWITCHES, 100                  @ at least

main:
    enable_fp
    @ What each task comes to without interruption.
    mov     r0, #1
    bl      integer_work
    load    r1, alone
    str     r0, [r1, #0]
    load    r0, 0x3f800001
    bl      fp_work
    load    r1, alone
    str     r0, [r1, #4]
    load    r0, 0x40490fdb
    bl      fp_work
    load    r1, alone
    str     r0, [r1, #8]
    @ Thread mode itself ends here: no FP context of it shall be on the main stack.
    movs    r0, #0
    msr     control, r0
    isb

    movs    r0, #0
    load    r1, integer_task
    bl      make_task
    movs    r0, #1
    load    r1, first_fp_task
    bl      make_task
    movs    r0, #2
    load    r1, second_fp_task
    bl      make_task
    handle  PENDSV, switch
    handle  SYSTICK, tick
    handle  SVCALL, start
    handle  IRQ0, disturb
    handle  IRQ0 + 1, last_words
    poke    SHPR3, 0x80e00000           @ SysTick above, PendSV lowest
    irq_priority 0, 0x40
    irq_priority 1, 0xe0
    enable_irqs 3
    svc     0

@ r0: number, r1: first instruction. Its stack looks as if PendSV had just interrupted it.
make_task:
    load    r2, stacks + STACK
    mov     r3, #STACK
    mla     r2, r0, r3, r2
    subs    r2, #32
    orr     r1, #1
    str     r1, [r2, #FRAME_PC]
    load    r3, 0x01000000
    str     r3, [r2, #FRAME_XPSR]
    load    r3, 0xfffffffd
    str     r3, [r2, #-4]!
    sub     r2, #32                     @ r4-r11
    load    r3, tasks
    str     r2, [r3, r0, lsl #2]
    bx      lr

start:
    load    r0, current
    movs    r1, #0
    str     r1, [r0]
    load    r0, tasks
    ldr     r0, [r0]
    poke    SYST_RVR, 151
    poke    SYST_CVR, 0
    poke    SYST_CSR, 7
    load    r0, tasks
    ldr     r0, [r0]
    ldmia   r0!, {r4-r11, lr}
    msr     psp, r0
    isb
    bx      lr

tick:
    poke    ICSR, ICSR_PENDSVSET
    poke    NVIC_ISPR, 1
    bx      lr

@ Spoils every FP register an exception has to keep.
disturb:
    load    r0, 0xffc12345
    .irp    n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
    vmov    s\n, r0
    .endr
    load    r0, 0xf0000000
    vmsr    fpscr, r0
    bx      lr

switch:
    mrs     r0, psp
    tst     lr, #0x10
    it      eq
    vstmdbeq r0!, {s16-s31}
    stmdb   r0!, {r4-r11, lr}
    load    r1, current
    ldr     r2, [r1]
    load    r3, tasks
    str     r0, [r3, r2, lsl #2]
    adds    r2, #1
    cmp     r2, #TASKS
    it      eq
    moveq   r2, #0
    str     r2, [r1]
    ldr     r0, [r3, r2, lsl #2]
    load    r1, switches
    ldr     r2, [r1]
    adds    r2, #1
    str     r2, [r1]
    ldmia   r0!, {r4-r11, lr}
    tst     lr, #0x10
    it      eq
    vldmiaeq r0!, {s16-s31}
    msr     psp, r0
    bx      lr

@ ---- The tasks ----

integer_task:
    mov     r0, #1
    bl      integer_work
    load    r4, results
    str     r0, [r4, #0]
    b       done
first_fp_task:
    load    r0, 0x3f800001
    bl      fp_work
    load    r4, results
    str     r0, [r4, #4]
    b       done
second_fp_task:
    load    r0, 0x40490fdb
    bl      fp_work
    load    r4, results
    str     r0, [r4, #8]
done:                                   @ the last one to come here ends the program
    load    r4, finished
1:  ldrex   r0, [r4]
    adds    r0, #1
    strex   r1, r0, [r4]
    cmp     r1, #0
    bne     1b
2:  ldr     r0, [r4]
    cmp     r0, #TASKS
    bne     2b
    load    r5, switches
3:  ldr     r0, [r5]
    cmp     r0, #SWITCHES
    blo     3b
    poke    NVIC_ISPR, 2
4:  b       4b

last_words:
    poke    SYST_CSR, 0
    load    r4, results
    load    r5, alone
    ldr     r0, [r4, #0]
    ldr     r1, [r5, #0]
    check_same r0, r1, "the integer task calculates as if it were alone"
    ldr     r0, [r4, #4]
    ldr     r1, [r5, #4]
    check_same r0, r1, "the first FP task calculates as if it were alone"
    ldr     r0, [r4, #8]
    ldr     r1, [r5, #8]
    check_same r0, r1, "the second FP task calculates as if it were alone"
    pass

@ ---- What they calculate ----

integer_work:
    load    r12, ROUNDS * 4
    mov     r1, r0
    mov     r2, r0
1:  umull   r2, r3, r2, r1
    adds    r1, r2
    adc     r1, r3, r1, ror #7
    itt     mi
    eormi   r1, r12
    addmi   r2, #3
    orr     r2, #1
    push    {r1, r2}
    pop     {r2, r3}
    subs    r12, #1
    bne     1b
    eor     r0, r1, r2
    bx      lr

@ Uses low and high registers, so that both ways of saving them are needed.
fp_work:
    load    r12, ROUNDS
    vmov    s0, r0
    vmov.f32 s1, #1.0
    vmov.f32 s15, #0.5
    vmov.f32 s16, #3.0
    vmov.f32 s31, #0.75
    vmov    s20, r0
1:  vmul.f32 s2, s0, s15
    vadd.f32 s20, s20, s2
    vmul.f32 s20, s20, s31
    vadd.f32 s0, s20, s1
    vsqrt.f32 s3, s20
    vdiv.f32 s17, s3, s16
    vadd.f32 s0, s0, s17
    vcmp.f32 s17, s1
    vmrs    apsr_nzcv, fpscr
    it      gt
    vsubgt.f32 s0, s0, s15
    subs    r12, #1
    bne     1b
    vmov    r0, s0
    vmov    r1, s20
    eor     r0, r0, r1, ror #3
    bx      lr

    .bss
    .balign 8
stacks:   .space TASKS * STACK
tasks:    .space 4 * TASKS              @ stack pointers
alone:    .space 4 * TASKS
results:  .space 4 * TASKS
current:  .space 4
switches: .space 4
finished: .space 4
