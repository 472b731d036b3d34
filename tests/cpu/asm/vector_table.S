/* SPDX-License-Identifier: Apache-2.0 */
@ The vector table can move (Armv7-M ARM B3.2.5).
    .include "guest.inc"
    topic   "vector table"

    .set table, scratch + 0x400

main:
    check_word VTOR, 0, "VTOR is zero after reset"
    handle  SVCALL, 1f
    handle  PENDSV, 1f
    @ A copy of the table in RAM, with another entry for SVCall.
    movs    r0, #0
    load    r1, table
2:  ldr     r2, [r0], #4
    str     r2, [r1], #4
    cmp     r0, #256
    bne     2b
    poke    table + 4 * SVCALL, 3f + 1
    svc     0
    check_trail "f", "before VTOR changes, the table in flash counts"
    poke    VTOR, table
    sync
    check_word VTOR, table, "VTOR reads back"
    svc     0
    check_trail "r", "vectors come from the table in RAM"
    poke    ICSR, ICSR_PENDSVSET
    sync
    check_trail "f", "the other entries are copies"
    poke    table + 4 * SVCALL, 4f + 1
    svc     0
    check_trail "s", "a changed entry counts from the next exception on"
    mov     r0, sp
    check_equal r0, stack_top, "the first word of the table matters at reset only"
    poke    VTOR, table + 0x7f
    check_word VTOR, table, "VTOR has no bits 6:0"
    bl      even_vector
    poke    VTOR, 0
    sync
    svc     0
    check_trail "f", "back to the table in flash"
    pass
1:  note    'f'
    bx      lr
3:  note    'r'
    bx      lr
4:  note    's'
    bx      lr

@ A vector without bit 0 makes the handler start with T clear: INVSTATE at its first instruction.
even_vector:
    mov     r4, lr
    poke    SHCSR, SHCSR_FAULTS
    poke    SHPR2, 0x80000000
    handle  USAGEFAULT, 2f
    poke    table + 4 * SVCALL, 1f
    svc     0
    check_trail "U", "a vector without the Thumb bit faults"
    bx      r4
    .balign 4
1:  never_here "a handler was executed with T clear"
2:  note    'U'
    mov     r5, lr
    peek    r6, CFSR
    check_equal r6, UFSR_INVSTATE, "it is INVSTATE"
    ldr     r1, [sp, #FRAME_PC]
    check_equal r1, 1b, "at the first instruction of the handler"
    ldr     r1, [sp, #FRAME_XPSR]
    check_bits r1, 0x010001ff, SVCALL, "within that exception, T clear"
    clear_fault_status
    load    r0, 3f
    str     r0, [sp, #FRAME_PC]
    load    r0, 0x01000000 + SVCALL
    str     r0, [sp, #FRAME_XPSR]
    bx      r5
3:  load    lr, 0xfffffff9
    bx      lr
