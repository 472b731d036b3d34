/* SPDX-License-Identifier: Apache-2.0 */
@ WFI, WFE, SEV, SEVONPEND and SLEEPONEXIT (Armv7-M ARM B1.5.17-B1.5.19). SysTick is the clock that
@ wakes.
    .include "guest.inc"
    topic   "sleep"

    .set SLEEPONEXIT, 1 << 1
    .set SEVONPEND, 1 << 4

.macro systick cycles
    poke    SYST_RVR, \cycles
    poke    SYST_CVR, 0
    poke    SYST_CSR, 7
.endm

main:
    handle  SYSTICK, tick
    bl      wait_for_interrupt
    bl      wait_masked
    bl      event_register
    bl      send_event_on_pend
    bl      sleep_on_exit
    pass

tick:
    note    't'
    add     r10, #1
    poke    SYST_CSR, 0
    bx      lr

wait_for_interrupt:
    mov     r4, lr
    mov     r10, #0
    systick 5000
    wfi
    isb
    check_equal r10, 1, "WFI sleeps until the interrupt, which is taken"
    enable_irqs 1
    handle  IRQ0, 1f
    cpsid   i
    pend    1
    wfi
    cpsie   i
    isb
    check_trail "t0", "WFI with an interrupt pending does not sleep"
    bx      r4
1:  note    '0'
    bx      lr

@ PRIMASK keeps the interrupt out but not the wake-up.
wait_masked:
    mov     r4, lr
    mov     r10, #0
    cpsid   i
    systick 5000
    wfi
    note    '-'
    check_equal r10, 0, "WFI wakes under PRIMASK without taking the interrupt"
    peek    r1, ICSR
    check_bits r1, ICSR_PENDSTSET, ICSR_PENDSTSET, "which is pending"
    cpsie   i
    isb
    check_trail "-t", "and is taken when PRIMASK opens"
    bx      r4

@ SEV sets the event register, WFE consumes it; an exception entry or return sets it too.
event_register:
    mov     r4, lr
    mov     r10, #0
    wfe                                 @ whatever was left
    sev
    wfe                                 @ does not sleep
    check_equal r10, 0, "WFE consumes an event and goes on"
    systick 5000
    wfe
    @ QEMU 7.2 does not sleep at WFE.
    skip_on_qemu 2f
    isb
    check_equal r10, 1, "WFE without an event sleeps until an interrupt"
2:  poke    SYST_CSR, 0
    sync
    poke    ICSR, ICSR_PENDSTCLR
    handle  SVCALL, 1f
    svc     0
    wfe
    load    r0, trail_next
    load    r1, trail
    str     r1, [r0]
    bx      r4
1:  bx      lr

@ SEVONPEND: an interrupt that becomes pending is an event, even a masked one.
send_event_on_pend:
    mov     r4, lr
    skip_on_qemu 1f
    mov     r10, #0
    poke    SCR, SEVONPEND
    check_word SCR, SEVONPEND, "SCR reads back"
    cpsid   i
    sev
    wfe                                 @ the event register is clear now
    poke    NVIC_ICER, 1 << 1
    pend    1 << 1                      @ disabled, but an event
    wfe
    poke    NVIC_ICPR, 1 << 1
    systick 5000
    wfe
    check_equal r10, 0, "a masked interrupt wakes WFE with SEVONPEND"
    peek    r1, ICSR
    check_bits r1, ICSR_PENDSTSET, ICSR_PENDSTSET, "by becoming pending"
    poke    SYST_CSR, 0
    poke    ICSR, ICSR_PENDSTCLR
    cpsie   i
    isb
    poke    SCR, 0
1:  bx      r4

@ SLEEPONEXIT: thread mode does not run between interrupts, until a handler ends it.
sleep_on_exit:
    mov     r4, lr
    @ QEMU 7.2 has no SLEEPONEXIT.
    skip_on_qemu 3f
    handle  SYSTICK, 1f
    movs    r5, #0
    movs    r6, #0
    poke    SCR, SLEEPONEXIT
    systick 2000
2:  adds    r5, #1                      @ counts before the first tick, never between ticks
    cmp     r6, #0
    beq     2b
    check_equal r6, 3, "with SLEEPONEXIT thread mode waits until the handler lets it"
    poke    SYST_CSR, 0
3:  bx      r4
1:  adds    r6, #1
    cmp     r6, #1
    it      eq
    moveq   r7, r5
    cmp     r5, r7
    ite     eq
    moveq   r1, #1
    movne   r1, #0
    check_equal r1, 1, "thread mode does not run while it sleeps on exit"
    cmp     r6, #3
    bne     4f
    poke    SCR, 0
4:  bx      lr
