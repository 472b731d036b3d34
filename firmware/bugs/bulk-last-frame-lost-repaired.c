/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bulk-last-frame-lost, repaired: the frame number is read while the core still answers.
 */
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/semihosting.h"
#include "firmware/common/startup.h"

static void switch_off(void)
{
    bool last = NRF_USBD->FRAMECNTR == 0x7ff;

    NRF_USBD->USBPULLUP = 0;
    NRF_USBD->ENABLE = 0;
    program_exit(last);
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
