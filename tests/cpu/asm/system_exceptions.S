/* SPDX-License-Identifier: Apache-2.0 */
@ SVCall, PendSV, SysTick and NMI (Armv7-M ARM B1.5.2, B3.3).
    .include "guest.inc"
    topic   "system exceptions"

main:
    bl      svcall
    bl      pendsv
    bl      nmi
    bl      systick_counter
    bl      systick_exception
    pass

svcall:
    mov     r4, lr
    handle  SVCALL, 1f
    movs    r5, #0
    svc     42
    check_equal r5, 42, "the handler finds the number of SVC before the return address"
    svc     255
    check_equal r5, 255, "and the next one"
    bx      r4
1:  mrs     r0, ipsr
    check_equal r0, SVCALL, "SVC is exception 11"
    ldr     r0, [sp, #FRAME_PC]
    ldrb    r5, [r0, #-2]
    bx      lr

@ PendSV of lower priority runs when the interrupts are done: the way kernels switch tasks.
pendsv:
    mov     r4, lr
    poke    SHPR3, 0x00e00000
    poke    SHPR2, 0x80000000
    handle  SVCALL, 1f
    handle  PENDSV, 2f
    svc     0
    note    '.'
    check_trail "svP.", "PendSV waits for the handler that asked for it"
    cpsid   i
    poke    ICSR, ICSR_PENDSVSET
    peek    r1, ICSR
    check_bits r1, ICSR_PENDSVSET | 0x1ff000, ICSR_PENDSVSET | PENDSV << 12, "PENDSVSET reads as one while pending"
    poke    ICSR, ICSR_PENDSVCLR
    peek    r1, ICSR
    check_bits r1, ICSR_PENDSVSET | 0x1ff000, 0, "PENDSVCLR takes it back"
    cpsie   i
    isb
    check_trail "", "a PendSV taken back does not run"
    bx      r4
1:  note    's'
    poke    ICSR, ICSR_PENDSVSET
    sync
    note    'v'
    bx      lr
2:  note    'P'
    bx      lr

@ NMI preempts everything but itself and a HardFault that follows it.
nmi:
    mov     r4, lr
    handle  SVCALL, 1f
    handle  NMI, 2f
    handle  HARDFAULT, 3f
    svc     0
    check_trail "s(N)vh(N)H", "NMI preempts SVCall and HardFault"
    poke    ICSR, ICSR_NMIPENDSET
    sync
    check_trail "(N)", "NMI from thread mode"
    clear_fault_status
    bx      r4
1:  note    's'
    poke    ICSR, ICSR_NMIPENDSET
    sync
    note    'v'
    udf     0
4:  bx      lr
2:  note    '('
    mrs     r0, ipsr
    check_equal r0, NMI, "NMI is exception 2"
    note    'N'
    note    ')'
    bx      lr
3:  note    'h'
    poke    ICSR, ICSR_NMIPENDSET
    sync
    note    'H'
    load    r0, 4b
    str     r0, [sp, #FRAME_PC]
    bx      lr

systick_counter:
    mov     r4, lr
    poke    SYST_RVR, 0x12345678
    check_word SYST_RVR, 0x00345678, "the reload value has 24 bits"
    poke    SYST_RVR, 10000
    poke    SYST_CVR, 77
    check_word SYST_CVR, 0, "any write clears the current value"
    poke    SYST_CSR, 5
    nop
    peek    r5, SYST_CVR
1:  peek    r6, SYST_CVR
    cmp     r6, r5
    beq     1b
    peek    r1, SYST_CSR
    check_bits r1, 7, 5, "ENABLE and CLKSOURCE read back"
2:  peek    r1, SYST_CSR
    tst     r1, #1 << 16
    beq     2b
    peek    r1, SYST_CSR
    check_bits r1, 1 << 16, 0, "COUNTFLAG is cleared by reading it"
3:  peek    r1, SYST_CVR
    cmp     r1, #0
    beq     3b
    load    r2, 10000
    cmp     r1, r2
    ite     ls
    movls   r1, #1
    movhi   r1, #0
    check_equal r1, 1, "the counter stays below the reload value"
    poke    SYST_CSR, 0
    peek    r5, SYST_CVR
    nop
    peek    r6, SYST_CVR
    check_same r5, r6, "the counter stands still when disabled"
    bx      r4

systick_exception:
    mov     r4, lr
    handle  SYSTICK, 1f
    movs    r5, #0
    poke    SYST_RVR, 1000
    poke    SYST_CVR, 0
    poke    SYST_CSR, 7
2:  cmp     r5, #3
    blo     2b
    poke    SYST_CSR, 0
    sync
    poke    ICSR, ICSR_PENDSTCLR
    movs    r5, #0
    poke    ICSR, ICSR_PENDSTSET
    sync
    check_equal r5, 1, "PENDSTSET raises SysTick by hand"
    cpsid   i
    poke    ICSR, ICSR_PENDSTSET
    peek    r1, ICSR
    check_bits r1, ICSR_PENDSTSET, ICSR_PENDSTSET, "PENDSTSET reads as one while pending"
    poke    ICSR, ICSR_PENDSTCLR
    cpsie   i
    isb
    check_equal r5, 1, "PENDSTCLR takes it back"
    bx      r4
1:  mrs     r0, ipsr
    check_equal r0, SYSTICK, "SysTick is exception 15"
    adds    r5, #1
    bx      lr
