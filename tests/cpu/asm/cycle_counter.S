/* SPDX-License-Identifier: Apache-2.0 */
@ The cycle counter of the DWT (Armv7-M ARM C1.8). One instruction is one cycle in this simulator;
@ the checks hold for real timing too.
    .include "guest.inc"
    topic   "cycle counter"

main:
    @ QEMU 7.2 has no DWT.
    skip_on_qemu 9f
    peek    r1, DWT_CTRL
    check_bits r1, 1 << 25, 0, "the cycle counter is there (NOCYCCNT clear)"
    poke    DEMCR, 1 << 24              @ TRCENA
    check_word DEMCR, 1 << 24, "TRCENA reads back"
    peek    r1, DWT_CTRL
    check_bits r1, 1, 0, "CYCCNTENA is clear after reset"
    poke    DWT_CYCCNT, 0
    peek    r5, DWT_CYCCNT
    check_equal r5, 0, "a disabled counter stands still"
    load    r0, DWT_CTRL
    ldr     r1, [r0]
    orr     r1, #1
    str     r1, [r0]
    load    r0, DWT_CYCCNT
    ldr     r5, [r0]
    ldr     r6, [r0]
    cmp     r6, r5
    ite     hi
    movhi   r1, #1
    movls   r1, #0
    check_equal r1, 1, "the counter counts up"

    @ The same code takes the same time, and twice the code about twice.
    load    r0, DWT_CYCCNT
    movs    r2, #100
    ldr     r5, [r0]
1:  subs    r2, #1
    bne     1b
    ldr     r6, [r0]
    sub     r7, r6, r5
    movs    r2, #200
    ldr     r5, [r0]
2:  subs    r2, #1
    bne     2b
    ldr     r6, [r0]
    sub     r8, r6, r5
    cmp     r7, #200
    ite     hs
    movhs   r1, #1
    movlo   r1, #0
    check_equal r1, 1, "100 rounds of two instructions take at least 200 cycles"
    sub     r9, r8, r7
    cmp     r9, #200
    ite     hs
    movhs   r1, #1
    movlo   r1, #0
    check_equal r1, 1, "100 rounds more take at least 200 cycles more"

    load    r0, DWT_CYCCNT
    load    r1, 0xfffffff0
    str     r1, [r0]
    movs    r2, #50
3:  subs    r2, #1
    bne     3b
    ldr     r6, [r0]
    cmp     r6, #1000
    ite     lo
    movlo   r1, #1
    movhs   r1, #0
    check_equal r1, 1, "the counter can be set and wraps"
9:  pass
