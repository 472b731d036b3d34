/* SPDX-License-Identifier: Apache-2.0 */
@ A fault in HardFault: the core locks up (Armv7-M ARM B1.5.15). The one program that must not end
@ by itself.
    .include "guest.inc"
    topic   "lock-up"

main:
    handle  HARDFAULT, 1f
    udf     0
    never_here "an undefined instruction was passed over"
1:  poke    scratch, 0x10c0
    udf     0
    never_here "the core went on after a fault in HardFault"
