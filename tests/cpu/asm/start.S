/* SPDX-License-Identifier: Apache-2.0 */
@ Vector table, start and verdict of every self-checking program.

    .include "guest.inc"

    .set SYS_WRITE0, 0x04
    .set SYS_EXIT, 0x18
    .set APPLICATION_EXIT, 0x20026
    .set RUNTIME_ERROR, 0x20023
    .set QEMU_CPUID, 0x410fc240         @ r0p0; the nRF52840 has r0p1

    .section .vectors, "a"
    .global vectors
vectors:
    .word   stack_top
    .word   reset + 1
    .rept   62
    .word   dispatch + 1
    .endr

    .bss
    .balign 4
    .global handlers, trail, trail_next, reset_lr
handlers:   .space 4 * 64
trail_next: .space 4
trail:      .space 256
reset_lr:   .space 4
left_out:   .space 4
line:       .space 16

    .text
    .global reset, dispatch, fail, passed, compare_trail, is_qemu

reset:
    mov     r4, lr
    load    r0, handlers
    load    r1, line + 16
    movs    r2, #0
1:  str     r2, [r0], #4
    cmp     r0, r1
    blo     1b
    load    r0, reset_lr
    str     r4, [r0]
    poke    trail_next, trail
    b       main

@ Calls the handler that `handle` named. LR and the stack are as at exception entry.
dispatch:
    mrs     r0, ipsr
    load    r1, handlers
    ldr     r1, [r1, r0, lsl #2]
    cbz     r1, 1f
    bx      r1
1:  mov     r1, r0
    movs    r2, #0
    sentence r0, "an exception came that nobody expected; its number is"
    b       fail

@ r0, r1: expected trail and sentence.
compare_trail:
    load    r2, trail_next
    ldr     r3, [r2]
    movs    r12, #0
    strb    r12, [r3]
    load    r3, trail
    str     r3, [r2]
1:  ldrb    r2, [r0], #1
    ldrb    r12, [r3], #1
    cmp     r2, r12
    bne     2f
    cmp     r2, #0
    bne     1b
    bx      lr
2:  mov     r4, r1
    load    r5, trail
    mov     r0, r4
    bl      announce
    mov     r1, r5
    bl      write
    b       exit_failed

@ r0 = 1 on QEMU, and the verdict will say that checks were left out.
is_qemu:
    peek    r0, CPUID
    load    r1, QEMU_CPUID
    cmp     r0, r1
    ite     eq
    moveq   r0, #1
    movne   r0, #0
    bne     1f
    load    r1, left_out
    str     r0, [r1]
1:  bx      lr

@ ---- The verdict ----

write:                                  @ r1: text
    movs    r0, #SYS_WRITE0
    bkpt    0xab
    bx      lr

announce:                               @ r0: sentence
    push    {r0, lr}
    sentence r1, "FAIL "
    bl      write
    load    r1, topic_name
    bl      write
    sentence r1, ": "
    bl      write
    pop     {r1}
    bl      write
    sentence r1, ": "
    bl      write
    pop     {pc}

write_hex:                              @ r0: number
    push    {r4, lr}
    load    r1, line
    movs    r2, #8
1:  ror     r0, #28
    and     r3, r0, #15
    cmp     r3, #10
    ite     lo
    addlo   r3, #48
    addhs   r3, #87
    strb    r3, [r1], #1
    subs    r2, #1
    bne     1b
    strb    r2, [r1]
    load    r1, line
    bl      write
    pop     {r4, pc}

@ r0: sentence, r1: what was found, r2: what was expected.
fail:
    mov     r5, r1
    mov     r6, r2
    bl      announce
    mov     r0, r5
    bl      write_hex
    sentence r1, " instead of "
    bl      write
    mov     r0, r6
    bl      write_hex
exit_failed:
    sentence r1, "\n"
    bl      write
    load    r1, RUNTIME_ERROR
    b       exit

passed:
    sentence r1, "PASS "
    bl      write
    load    r1, topic_name
    bl      write
    peek    r0, left_out
    cbz     r0, 1f
    sentence r1, " (without what QEMU cannot do)"
    bl      write
1:  sentence r1, "\n"
    bl      write
    load    r1, APPLICATION_EXIT
exit:
    movs    r0, #SYS_EXIT
    bkpt    0xab
    b       exit
