/* SPDX-License-Identifier: Apache-2.0 */
@ A check that fails on purpose: the verdict must say so.
    .include "guest.inc"
    topic   "failing"

main:
    movs    r5, #2
    check_equal r5, 3, "two is three"
    pass
