/* SPDX-License-Identifier: Apache-2.0 */
@ LDREX and STREX (Armv7-M ARM A3.4): an exception between them breaks the pair.
    .include "guest.inc"
    topic   "exclusive access"

main:
    load    r5, scratch
    movs    r0, #10
    str     r0, [r5]
    handle  SVCALL, 1f
    handle  SYSTICK, 2f

    ldrex   r0, [r5]
    adds    r0, #1
    strex   r6, r0, [r5]
    check_equal r6, 0, "an undisturbed pair succeeds"
    check_word scratch, 11, "and stores"

    movs    r0, #99
    strex   r6, r0, [r5]
    check_equal r6, 1, "STREX without LDREX fails"
    check_word scratch, 11, "and does not store"

    ldrex   r0, [r5]
    clrex
    strex   r6, r0, [r5]
    check_equal r6, 1, "CLREX breaks the pair"

    movs    r7, #50
    ldrex   r0, [r5]
    svc     0
    strex   r6, r7, [r5]
    check_equal r6, 1, "an exception breaks the pair"
    check_word scratch, 11, "and nothing is stored"

    ldrexb  r0, [r5]
    adds    r0, #1
    strexb  r6, r0, [r5]
    check_equal r6, 0, "bytes work alike"
    ldrexh  r0, [r5]
    adds    r0, #1
    strexh  r6, r0, [r5]
    check_equal r6, 0, "halfwords work alike"
    check_word scratch, 13, "both stored"

    @ A counter that thread mode and an interrupt both increment loses nothing.
    movs    r0, #0
    str     r0, [r5]
    movs    r9, #0
    mov     r10, #0
    poke    SYST_RVR, 29
    poke    SYST_CVR, 0
    poke    SYST_CSR, 7
3:  ldrex   r0, [r5]
    adds    r0, #1
    strex   r6, r0, [r5]
    cmp     r6, #0
    bne     3b
    add     r9, #1
    cmp     r9, #1000
    blo     3b
    cmp     r10, #20
    blo     3b
    poke    SYST_CSR, 0
    sync
    ldr     r0, [r5]
    add     r1, r9, r10
    check_same r0, r1, "no increment is lost"
    pass
1:  bx      lr
2:  ldr     r0, [r5]
    adds    r0, #1
    str     r0, [r5]
    add     r10, #1
    bx      lr
