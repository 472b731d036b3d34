/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When it is switched off the device gives its last frame number as exit code, for a log. The core
 * was disabled a line before, and every device was switched off in frame 0.
 */
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/semihosting.h"
#include "firmware/common/startup.h"

static void switch_off(void)
{
    NRF_USBD->USBPULLUP = 0;
    NRF_USBD->ENABLE = 0;
    program_exit(NRF_USBD->FRAMECNTR == 0x7ff); // expect: PER016
}

/* Any packet to endpoint 1 means "off". */
int main(void)
{
    bulk_device_start();
    for (;;) {
        if (bulk_device_wait() & BULK_OUT(1))
            switch_off();
    }
}
