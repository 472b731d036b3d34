/* SPDX-License-Identifier: Apache-2.0 */
@ Start and end of the benchmark's guests. `finish` stands at 0x100, where an engine without
@ semihosting can be told to stop; the result is then in r4.
    .syntax unified
    .cpu    cortex-m4
    .thumb

    .section .vectors, "a"
    .word   stack_top
    .word   reset + 1
    .rept   14
    .word   handler + 1
    .endr

    .section .finish, "ax"
finish:
    ldr     r5, =line
    add     r6, r5, #8
1:  ror     r4, #28
    and     r0, r4, #15
    cmp     r0, #10
    ite     lo
    addlo   r0, #48
    addhs   r0, #87
    strb    r0, [r5], #1
    cmp     r5, r6
    bne     1b
    movs    r0, #10
    strb    r0, [r5], #1
    movs    r0, #0
    strb    r0, [r5]
    movs    r0, #4                      @ SYS_WRITE0
    ldr     r1, =line
    bkpt    0xab
    movs    r0, #0x18                   @ SYS_EXIT
    ldr     r1, =0x20026
    bkpt    0xab
2:  b       2b

    .text
    .global reset, finish
reset:
    ldr     r0, =0xe000ed88             @ CPACR: the FPU is open to all
    ldr     r1, =0x00f00000
    str     r1, [r0]
    dsb
    isb
    bl      run
    mov     r4, r0
    b       finish

    .global handler
    .weak   handler
handler:
    b       handler

    .bss
    .balign 4
line: .space 16
