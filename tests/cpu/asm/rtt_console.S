/* SPDX-License-Identifier: Apache-2.0 */
@ Prints 40 lines through an RTT ring of 16 bytes, and waits for the probe whenever it is full.
@ Without a probe (QEMU) it gives up waiting and says so by its exit code.
    .include "guest.inc"
    topic   "RTT console"

    .set block, scratch
    .set ring, scratch + 0x100
    .set RING_SIZE, 16
    .set PATIENCE, 100000

main:
    @ As SEGGER_RTT_Init does: the identification comes last, so that no probe is early.
    poke    block + 0x10, 1
    poke    block + 0x14, 0
    poke    block + 0x1c, ring
    poke    block + 0x20, RING_SIZE
    poke    block + 0x24, 0
    poke    block + 0x28, 0
    poke    block + 0x2c, 2             @ block when full
    poke    block + 0x08, 0x00005454    @ "TT"
    poke    block + 0x0c, 0
    dmb
    poke    block + 0x04, 0x52205245    @ "ER R"
    poke    block + 0x00, 0x47474553    @ "SEGG"
    dmb
    movs    r9, #40
1:  load    r4, text
2:  ldrb    r5, [r4], #1
    cbz     r5, 3f
    bl      put
    b       2b
3:  subs    r9, #1
    bne     1b
    pass

@ r5: character. Uses r0-r3, r12.
put:
    load    r0, block
    load    r12, PATIENCE
    ldr     r1, [r0, #0x24]
    adds    r2, r1, #1
    and     r2, #RING_SIZE - 1
1:  ldr     r3, [r0, #0x28]
    cmp     r2, r3
    bne     2f
    subs    r12, #1
    bne     1b
    never_here "nobody reads the ring"
2:  load    r3, ring
    strb    r5, [r3, r1]
    dmb
    str     r2, [r0, #0x24]
    bx      lr

    .section .rodata
text: .asciz "line by RTT\n"
