/* SPDX-License-Identifier: Apache-2.0 */
@ Starts and ends: what a program costs that does nothing.
    .syntax unified
    .cpu    cortex-m4
    .thumb
    .text
    .global run
run:
    movs    r0, #0
    bx      lr
