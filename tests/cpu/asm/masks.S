/* SPDX-License-Identifier: Apache-2.0 */
@ PRIMASK, BASEPRI and FAULTMASK (Armv7-M ARM B1.4.3, B1.5.4).
    .include "guest.inc"
    topic   "masks"

main:
    enable_irqs 0x7
    irq_priority 0, 0x40
    irq_priority 1, 0x60
    irq_priority 2, 0x80
    handle  NMI, nmi
    handle  IRQ0 + 0, irq0
    handle  IRQ0 + 1, irq1
    handle  IRQ0 + 2, irq2
    bl      primask
    bl      basepri
    bl      faultmask
    bl      masks_in_handlers
    pass

nmi:
    note    'N'
    bx      lr
irq0:
    note    '0'
    bx      lr
irq1:
    note    '1'
    bx      lr
irq2:
    note    '2'
    bx      lr

primask:
    mov     r4, lr
    cpsid   i
    mrs     r0, primask
    check_equal r0, 1, "CPSID i sets PRIMASK"
    pend    1 << 0
    peek    r1, ICSR
    check_bits r1, 0x1ff000, IRQ0 << 12, "VECTPENDING shows what PRIMASK holds back"
    poke    ICSR, ICSR_NMIPENDSET
    sync
    note    '-'
    cpsie   i
    isb
    mrs     r0, primask
    check_equal r0, 0, "CPSIE i clears PRIMASK"
    check_trail "N-0", "PRIMASK holds interrupts back, but not NMI"
    cpsid   i
    pend    1 << 1
    movs    r0, #0
    msr     primask, r0
    isb
    note    '-'
    check_trail "1-", "MSR PRIMASK opens as CPSIE does"
    bx      r4

basepri:
    mov     r4, lr
    mov     r0, #0x60
    msr     basepri, r0
    pend    0x7
    note    '-'
    movs    r0, #0x80
    msr     basepri, r0
    isb
    note    '-'
    movs    r0, #0
    msr     basepri, r0
    isb
    check_trail "0-1-2", "BASEPRI holds back its own priority and lower ones; 0 is no mask"
    mov     r0, #0x80
    msr     basepri, r0
    movs    r0, #0xa0
    msr     basepri_max, r0
    mrs     r1, basepri
    check_equal r1, 0x80, "BASEPRI_MAX does not lower the mask"
    movs    r0, #0x40
    msr     basepri_max, r0
    mrs     r1, basepri
    check_equal r1, 0x40, "BASEPRI_MAX raises the mask"
    movs    r0, #0
    msr     basepri_max, r0
    mrs     r1, basepri
    check_equal r1, 0x40, "BASEPRI_MAX ignores 0"
    movs    r0, #0
    msr     basepri, r0
    movs    r0, #0xa0
    msr     basepri_max, r0
    mrs     r1, basepri
    check_equal r1, 0xa0, "BASEPRI_MAX sets a mask where there was none"
    skip_on_qemu 1f
    movs    r0, #0xff
    msr     basepri, r0
    mrs     r1, basepri
    check_equal r1, 0xe0, "BASEPRI has the three implemented bits"
1:  movs    r0, #0
    msr     basepri, r0
    bx      r4

faultmask:
    mov     r4, lr
    cpsid   f
    mrs     r0, faultmask
    check_equal r0, 1, "CPSID f sets FAULTMASK"
    pend    1 << 0
    poke    ICSR, ICSR_NMIPENDSET
    sync
    note    '-'
    cpsie   f
    isb
    check_trail "N-0", "FAULTMASK holds interrupts back, but not NMI"
    bx      r4

masks_in_handlers:
    mov     r4, lr
    handle  IRQ0 + 2, 1f
    handle  NMI, 2f
    handle  HARDFAULT, 3f
    pend    1 << 2
    mrs     r0, faultmask
    check_equal r0, 0, "an exception return clears FAULTMASK"
    check_trail "f0", "what FAULTMASK held back comes after the return"
    cpsid   f
    handle  NMI, 4f
    poke    ICSR, ICSR_NMIPENDSET
    sync
    mrs     r0, faultmask
    check_equal r0, 1, "the return from NMI leaves FAULTMASK alone"
    cpsie   f
    @ QEMU 7.2 lets FAULTMASK be set at any priority.
    skip_on_qemu 5f
    handle  NMI, 2f
    poke    ICSR, ICSR_NMIPENDSET
    sync
    mrs     r0, faultmask
    check_equal r0, 0, "FAULTMASK cannot be set in NMI"
5:  cpsid   i
    svc     0
    mrs     r0, primask
    check_equal r0, 1, "an exception return leaves PRIMASK alone"
    cpsie   i
    check_trail "H", "SVC under PRIMASK is a HardFault"
    clear_fault_status
    bx      r4
1:  cpsid   f
    pend    1 << 0
    note    'f'
    bx      lr
2:  mrs     r5, faultmask
    cpsid   f
    mrs     r1, faultmask
    check_same r1, r5, "CPSID f does nothing at the priority of NMI"
    bx      lr
3:  mov     r5, lr
    note    'H'
    skip_on_qemu 6f
    cpsid   f
    mrs     r1, faultmask
    check_equal r1, 0, "CPSID f does nothing at the priority of HardFault"
6:  peek    r1, HFSR
    check_equal r1, HFSR_FORCED, "an SVC that cannot be taken escalates"
    peek    r1, CFSR
    check_equal r1, 0, "and leaves no other status"
    bx      r5                          @ the frame points behind the SVC
4:  bx      lr
