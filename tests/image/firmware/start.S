/* SPDX-License-Identifier: Apache-2.0 */
/* Start-up of the test images, without call-frame information as assembly mostly is. */
        .syntax unified
        .cpu    cortex-m4
        .thumb

        .section .vectors, "a", %progbits
        .word   0x20040000
        .word   reset
        .fill   62, 4, 0

        .section .text.reset, "ax", %progbits
        .global reset
        .type   reset, %function
        .thumb_func
reset:
        bl      main
        .global finish
        .type   finish, %function
        .thumb_func
finish:
        b       finish
        .size   finish, . - finish
        .size   reset, . - reset

/* A leaf that says nothing about its frame, as the memcpy of a C library. */
        .section .text.copy_word, "ax", %progbits
        .global copy_word
        .type   copy_word, %function
        .thumb_func
copy_word:
        ldr     r2, [r1]
        str     r2, [r0]
        bx      lr
        .size   copy_word, . - copy_word
