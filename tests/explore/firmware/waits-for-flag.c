/* SPDX-License-Identifier: Apache-2.0 */
/* Waits for a flag an interrupt handler should set, with all interrupts masked. */
#include "firmware/common/core.h"
#include "firmware/common/startup.h"

#include <stdbool.h>

static volatile bool usb_ready;

int main(void)
{
    nvic_enable(39);
    __asm__ volatile("cpsid i");
    while (!usb_ready) {
    }
    return 0;
}
