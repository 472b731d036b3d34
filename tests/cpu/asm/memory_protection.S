/* SPDX-License-Identifier: Apache-2.0 */
@ The MPU and the execute-never parts of the default map (Armv7-M ARM B3.5, B3.1).
    .include "guest.inc"
    topic   "memory protection"

    .set ENABLE, 1
    .set HFNMIENA, 2
    .set PRIVDEFENA, 4
    .set VALID, 1 << 4                  @ RBAR: the region number is in the same word

    @ RASR: access permission, size as in 2^(n+1) bytes, execute-never
    .set NO_ACCESS, 0 << 24
    .set PRIVILEGED, 1 << 24
    .set FULL_ACCESS, 3 << 24
    .set READ_ONLY, 6 << 24
    .set XN, 1 << 28
    .set SIZE_32, 4 << 1
    .set SIZE_256, 7 << 1
    .set SIZE_64K, 15 << 1
    .set SIZE_1M, 19 << 1

    .set guarded, scratch + 0x1000

.macro region number, address, attributes:vararg
    poke    MPU_RBAR, (\address) + VALID + \number
    poke    MPU_RASR, (\attributes) | ENABLE
.endm

main:
    poke    SHCSR, SHCSR_FAULTS
    handle  MEMMANAGE, memmanage
    enable_irqs 1
    bl      default_map
    bl      registers
    region  0, 0, READ_ONLY | SIZE_64K
    region  1, 0x20000000, FULL_ACCESS | XN | SIZE_1M
    poke    MPU_CTRL, ENABLE
    sync
    bl      no_access
    bl      read_only
    bl      execute_never
    bl      overlap
    bl      background
    bl      unprivileged
    bl      in_hardfault
    bl      stacking
    bl      unstacking
    bl      lazy_stacking
    pass

@ r6 = CFSR, r7 = MMFAR, r8 = stacked PC; goes on at r9.
memmanage:
    peek    r6, CFSR
    peek    r7, MMFAR
    ldr     r8, [sp, #FRAME_PC]
    str     r9, [sp, #FRAME_PC]
    clear_fault_status
    bx      lr

@ Peripherals and system space are never executed, MPU or not.
default_map:
    mov     r4, lr
    load    r9, 1f
    load    r0, 0x40000001
    movs    r6, #0
    bx      r0
1:  check_equal r6, MMFSR_IACCVIOL, "the peripheral region is execute-never"
    check_equal r8, 0x40000000, "the frame names the target"
    load    r9, 2f
    load    r0, 0xe0000001
    movs    r6, #0
    bx      r0
2:  check_equal r6, MMFSR_IACCVIOL, "the system region is execute-never"
    bx      r4

registers:
    mov     r4, lr
    check_word MPU_TYPE, 0x800, "there are eight regions"
    check_word MPU_CTRL, 0, "the MPU is off after reset"
    poke    MPU_RNR, 6
    poke    MPU_RBAR, 0x20004000
    poke    MPU_RASR, 0x03000017
    check_word MPU_RASR, 0x03000017, "RASR reads back"
    check_word MPU_RBAR, 0x20004006, "RBAR reads back with the number of its region"
    poke    MPU_RBAR, 0x20008000 + VALID + 7
    check_word MPU_RNR, 7, "VALID selects the region in RBAR"
    poke    MPU_RNR, 6
    check_word MPU_RBAR, 0x20004006, "other regions keep their address"
    poke    MPU_RASR, 0
    bx      r4

no_access:
    mov     r4, lr
    region  2, guarded, NO_ACCESS | SIZE_32
    sync
    load    r5, guarded + 4
    mov     r10, #0x99
    load    r9, 2f
    movs    r6, #0
1:  ldr     r10, [r5]
2:  check_equal r6, MMFSR_DACCVIOL | MMFSR_MMARVALID, "a load from a closed region is DACCVIOL"
    check_equal r7, guarded + 4, "MMFAR holds the address"
    check_equal r8, 1b, "the frame names the load"
    check_equal r10, 0x99, "the register is not written"
    load    r9, 3f
    movs    r6, #0
    strb    r10, [r5, #3]
3:  check_equal r6, MMFSR_DACCVIOL | MMFSR_MMARVALID, "a store to a closed region is DACCVIOL"
    check_equal r7, guarded + 7, "MMFAR holds the address of the store"
    load    r5, guarded
    load    r9, 4f
    movs    r6, #0
    str     r10, [r5, #32]              @ just behind
    str     r10, [r5, #-4]              @ just before
4:  check_equal r6, 0, "the neighbours of a region are not touched by it"
    bx      r4

read_only:
    mov     r4, lr
    region  2, guarded, READ_ONLY | XN | SIZE_32
    sync
    load    r5, guarded
    load    r9, 1f
    movs    r6, #0
    ldr     r10, [r5]
1:  check_equal r6, 0, "a read-only region can be read"
    load    r9, 2f
    str     r10, [r5]
2:  check_equal r6, MMFSR_DACCVIOL | MMFSR_MMARVALID, "a store to a read-only region is DACCVIOL"
    bx      r4

execute_never:
    mov     r4, lr
    load    r5, guarded + 0x100
    load    r0, 0x47704770              @ BX LR twice
    str     r0, [r5]
    dsb
    isb
    load    r9, 1f
    movs    r6, #0
    adds    r0, r5, #1
    blx     r0
1:  check_equal r6, MMFSR_IACCVIOL, "code in an XN region is IACCVIOL"
    check_equal r8, guarded + 0x100, "the frame names the target"
    region  3, guarded + 0x100, FULL_ACCESS | SIZE_256
    sync
    load    r9, 2f
    movs    r6, #0
    adds    r0, r5, #1
    blx     r0
2:  check_equal r6, 0, "without XN it executes"
    bx      r4

@ The region with the higher number wins; a disabled sub-region is not there.
overlap:
    mov     r4, lr
    region  2, guarded, NO_ACCESS | XN | SIZE_256
    region  3, guarded + 0x20, FULL_ACCESS | XN | SIZE_32
    sync
    load    r5, guarded
    load    r9, 1f
    movs    r6, #0
    ldr     r0, [r5, #0x20]
1:  check_equal r6, 0, "the higher region opens what the lower one closed"
    load    r9, 2f
    ldr     r0, [r5, #0x40]
2:  check_equal r6, MMFSR_DACCVIOL | MMFSR_MMARVALID, "beside it the lower region holds"
    region  2, guarded, NO_ACCESS | XN | SIZE_256 | 1 << 15
    sync
    load    r9, 3f
    movs    r6, #0
    ldr     r0, [r5, #0xe0]             @ sub-region 7
3:  check_equal r6, 0, "a disabled sub-region lets the region below show"
    load    r9, 4f
    ldr     r0, [r5, #0xdc]
4:  check_equal r6, MMFSR_DACCVIOL | MMFSR_MMARVALID, "its neighbour is still closed"
    poke    MPU_RNR, 3
    poke    MPU_RASR, 0
    bx      r4

background:
    mov     r4, lr
    poke    MPU_RNR, 1
    poke    MPU_RASR, FULL_ACCESS | XN | SIZE_64K | ENABLE  @ 0x20000000 to 0x2000ffff
    sync
    load    r5, scratch
    load    r9, 1f
    movs    r6, #0
    str     r5, [r5]
1:  check_equal r6, MMFSR_DACCVIOL | MMFSR_MMARVALID, "outside of all regions nothing is allowed"
    poke    MPU_CTRL, ENABLE | PRIVDEFENA
    sync
    load    r9, 2f
    movs    r6, #0
    str     r5, [r5]
2:  check_equal r6, 0, "PRIVDEFENA gives privileged code the default map"
    load    r9, 3f
    movs    r0, #1
    msr     control, r0
    isb
    str     r5, [r5]
    nop
3:  handle  SVCALL, privileged_again
    svc     0
    check_equal r6, MMFSR_DACCVIOL | MMFSR_MMARVALID, "unprivileged code does not get it"
    poke    MPU_RNR, 1
    poke    MPU_RASR, FULL_ACCESS | XN | SIZE_1M | ENABLE
    sync
    bx      r4

privileged_again:
    movs    r0, #0
    msr     control, r0
    isb
    bx      lr

unprivileged:
    mov     r4, lr
    region  2, guarded, PRIVILEGED | XN | SIZE_32
    sync
    load    r5, guarded
    load    r9, 1f
    movs    r6, #0
    ldr     r0, [r5]
1:  check_equal r6, 0, "privileged code may use a privileged region"
    load    r9, 2f
    movs    r6, #0
    ldrt    r0, [r5]
2:  check_equal r6, MMFSR_DACCVIOL | MMFSR_MMARVALID, "LDRT accesses as unprivileged code does"
    load    r9, 3f
    movs    r6, #0
    movs    r0, #1
    msr     control, r0
    isb
    ldr     r0, [r5]
    nop
3:  svc     0
    check_equal r6, MMFSR_DACCVIOL | MMFSR_MMARVALID, "unprivileged code may not"
    bx      r4

@ Without HFNMIENA the MPU is off in HardFault and NMI.
in_hardfault:
    mov     r4, lr
    region  2, guarded, NO_ACCESS | XN | SIZE_32
    poke    MPU_CTRL, ENABLE | PRIVDEFENA
    sync
    movs    r6, #0
    load    r5, guarded
    handle  NMI, 1f
    poke    ICSR, ICSR_NMIPENDSET
    sync
    check_equal r6, 1, "NMI reads a closed region when HFNMIENA is clear"
    bx      r4
1:  ldr     r0, [r5]
    movs    r6, #1
    bx      lr

@ The frame does not fit: MSTKERR.
stacking:
    mov     r4, lr
    handle  MEMMANAGE, 1f
    handle  SVCALL, 3f
    load    r0, guarded + 32
    msr     psp, r0
    movs    r0, #2
    msr     control, r0
    isb
    svc     0
    never_here "execution went on though its frame is lost"
1:  peek    r6, CFSR
    check_equal r6, MMFSR_MSTKERR, "stacking into a closed region is MSTKERR"
    check_equal lr, 0xfffffffd, "with EXC_RETURN of the process stack"
    note    'M'
    clear_fault_status
    load    r0, process_top - 32
    load    r1, 2f
    str     r1, [r0, #FRAME_PC]
    load    r1, 0x01000000
    str     r1, [r0, #FRAME_XPSR]
    msr     psp, r0
    bx      lr
2:  movs    r0, #0
    msr     control, r0
    isb
    check_trail "MS", "the fault comes first, then the exception that could not be stacked"
    bx      r4
3:  note    'S'
    bx      lr

@ The frame cannot be read back: MUNSTKERR.
unstacking:
    mov     r4, lr
    mov     r5, sp
    handle  MEMMANAGE, 2f
    handle  SVCALL, 1f
    svc     0
1:  load    r0, guarded
    msr     psp, r0
    load    lr, 0xfffffffd
    bx      lr
2:  peek    r6, CFSR
    check_equal r6, MMFSR_MUNSTKERR, "unstacking from a closed region is MUNSTKERR"
    clear_fault_status
    mov     sp, r5
    sub     sp, #32
    load    r0, 0x01000000
    str     r0, [sp, #FRAME_XPSR]
    load    lr, 0xfffffff9
    load    r0, 3f
    str     r0, [sp, #FRAME_PC]
    bx      lr
3:  mov     sp, r5
    bx      r4

@ The region closes between the exception entry and the first FP instruction of the handler.
lazy_stacking:
    mov     r4, lr
    mov     r5, sp
    enable_fp
    handle  MEMMANAGE, 2f
    handle  SVCALL, 1f
    poke    SHPR2, 0x80000000           @ SVCall below MemManage
    region  2, guarded, FULL_ACCESS | XN | SIZE_256
    sync
    load    r0, guarded + 256
    msr     psp, r0
    movs    r0, #2
    msr     control, r0
    isb
    load    r0, 0x1234
    vmov    s0, r0
    svc     0
    vmov    r6, s0
    movs    r0, #0
    msr     control, r0
    isb
    check_equal r6, 0x1234, "the FP register survives it all"
    check_trail "sMv", "a lazy save that is not allowed is a MemManage fault within the handler"
    bx      r4
1:  note    's'
    mov     r9, lr
    region  2, guarded, NO_ACCESS | XN | SIZE_256
    sync
    movs    r0, #0
1:  vmov    s0, r0
    note    'v'
    load    r1, guarded + 256 - 0x68 + FRAME_S0
    ldr     r1, [r1]
    check_equal r1, 0x1234, "the repeated instruction saves what it could not before"
    bx      r9
2:  note    'M'
    peek    r6, CFSR
    check_equal r6, 1 << 5, "a failed lazy save is MLSPERR"
    clear_fault_status
    peek    r1, FPCCR
    check_bits r1, 1, 1, "the state is still to be saved"
    ldr     r1, [sp, #FRAME_PC]
    check_equal r1, 1b, "the FP instruction will be repeated"
    region  2, guarded, FULL_ACCESS | XN | SIZE_256
    sync
    bx      lr
