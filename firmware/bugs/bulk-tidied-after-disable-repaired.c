/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bulk-tidied-after-disable, repaired: tidied up first, disabled last.
 */
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/semihosting.h"
#include "firmware/common/startup.h"

static void switch_off(void)
{
    NRF_USBD->USBPULLUP = 0;
    NRF_USBD->EPINEN = 0;
    NRF_USBD->EPOUTEN = 0;
    NRF_USBD->ENABLE = 0;
    program_exit(0);
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
