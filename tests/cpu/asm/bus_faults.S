/* SPDX-License-Identifier: Apache-2.0 */
@ BusFaults: where no memory and no peripheral answers (Armv7-M ARM B1.5.14, B3.2.15).
    .include "guest.inc"
    topic   "bus faults"

main:
    poke    SHCSR, SHCSR_FAULTS
    handle  BUSFAULT, busfault
    bl      load
    bl      store
    bl      fetch
    bl      unstacking
    bl      base_restored
    bl      escalated
    pass

@ r6 = CFSR, r7 = BFAR, r8 = stacked PC; goes on at r9.
busfault:
    peek    r6, CFSR
    peek    r7, BFAR
    ldr     r8, [sp, #FRAME_PC]
    str     r9, [sp, #FRAME_PC]
    clear_fault_status
    bx      lr

load:
    mov     r4, lr
    load    r5, NOWHERE + 0x34
    load    r9, 2f
    mov     r10, #0x99
1:  ldr     r10, [r5]
2:  check_equal r6, BFSR_PRECISERR | BFSR_BFARVALID, "a load from nowhere is a precise BusFault"
    check_equal r7, NOWHERE + 0x34, "BFAR holds the address"
    check_equal r8, 1b, "the frame names the load"
    check_equal r10, 0x99, "the register is not written"
    load    r9, 3f
    movs    r6, #0
    ldrb    r10, [r5, #1]
3:  check_equal r7, NOWHERE + 0x35, "BFAR of a byte load"
    bx      r4

@ The Cortex-M4 may report a buffered store late, as imprecise; a model may be precise.
store:
    mov     r4, lr
    load    r5, NOWHERE + 0x40
    load    r9, 1f
    movs    r6, #0
    str     r5, [r5]
    dsb
1:  load    r0, BFSR_IMPRECISERR
    cmp     r6, r0
    beq     2f
    check_equal r6, BFSR_PRECISERR | BFSR_BFARVALID, "a store to nowhere is a BusFault"
    check_equal r7, NOWHERE + 0x40, "BFAR holds the address of the store"
2:  bx      r4

fetch:
    mov     r4, lr
    load    r9, 1f
    load    r0, NOWHERE + 1
    movs    r6, #0
    bx      r0
1:  check_equal r6, BFSR_IBUSERR, "a branch to nowhere is IBUSERR"
    check_equal r8, NOWHERE, "the frame names the target"
    bx      r4

@ The frame of an exception return cannot be read.
unstacking:
    mov     r4, lr
    mov     r5, sp
    handle  SVCALL, 1f
    handle  BUSFAULT, 2f
    svc     0
1:  load    r0, NOWHERE
    msr     psp, r0
    load    lr, 0xfffffffd
    bx      lr
2:  mov     r6, lr
    peek    r7, CFSR
    check_equal r7, BFSR_UNSTKERR, "a return to a stack that is not there is UNSTKERR"
    clear_fault_status
    check_equal r6, 0xfffffffd, "the fault chains with EXC_RETURN of the failed return"
    peek    r1, SHCSR
    check_bits r1, 0xffff, 1 << 1, "only BusFault is active: the return itself took place"
    load    lr, 0xfffffff9
    mov     sp, r5
    sub     sp, #32
    load    r0, 3f
    str     r0, [sp, #FRAME_PC]
    load    r0, 0x01000000
    str     r0, [sp, #FRAME_XPSR]
    bx      lr
3:  mov     sp, r5
    bx      r4

@ An instruction that faults leaves its base register alone, so that it can be executed again.
base_restored:
    mov     r4, lr
    handle  BUSFAULT, busfault
    load    r5, NOWHERE + 0x20
    movs    r0, #0
    load    r9, 1f
    ldr     r0, [r5], #4
1:  check_equal r5, NOWHERE + 0x20, "a post-indexed load that faults does not write back"
    load    r9, 2f
    ldr     r0, [r5, #8]!
2:  check_equal r5, NOWHERE + 0x20, "a pre-indexed load that faults does not write back"
    load    r9, 3f
    ldmia   r5!, {r0-r3}
3:  check_equal r5, NOWHERE + 0x20, "LDM that faults does not write back"
    load    r9, 4f
    ldmdb   r5!, {r0-r3}
4:  check_equal r5, NOWHERE + 0x20, "LDMDB that faults does not write back"
    load    r9, 5f
    ldrd    r0, r1, [r5], #8
5:  check_equal r5, NOWHERE + 0x20, "LDRD that faults does not write back"
    load    r9, 6f
    movs    r6, #0
    ldm     r5, {r5, r6}
6:  check_equal r5, NOWHERE + 0x20, "LDM that faults does not lose its base to the load"
    bx      r4

escalated:
    mov     r4, lr
    poke    SHCSR, 0
    handle  HARDFAULT, 1f
    load    r9, 2f
    load    r5, NOWHERE + 8
    ldr     r10, [r5]
2:  check_equal r6, BFSR_PRECISERR | BFSR_BFARVALID, "an escalated BusFault keeps its status"
    check_equal r7, HFSR_FORCED, "and forces a HardFault"
    bx      r4
1:  peek    r7, HFSR
    peek    r6, CFSR
    str     r9, [sp, #FRAME_PC]
    clear_fault_status
    bx      lr
