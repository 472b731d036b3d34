/* SPDX-License-Identifier: Apache-2.0 */
@ Takes PendSV 200,000 times (ROUNDS), or with QUIET does the same without the exception. Returns
@ how often the handler ran.
    .syntax unified
    .cpu    cortex-m4
    .thumb

    .set ROUNDS, 200000
#ifdef QUIET
    .set REQUEST, 1 << 27               @ PENDSVCLR
#else
    .set REQUEST, 1 << 28               @ PENDSVSET
#endif

    .text
    .global run, handler
run:
    ldr     r5, =ROUNDS
    ldr     r6, =0xe000ed04             @ ICSR
    ldr     r7, =REQUEST
    movs    r4, #0
1:  str     r7, [r6]
    subs    r5, #1
    bne     1b
    mov     r0, r4
    bx      lr
handler:
    adds    r4, #1
    bx      lr
