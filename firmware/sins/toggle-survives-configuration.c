/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SET_CONFIGURATION and SET_INTERFACE do not begin with DATA0 again (USB 2.0, 9.1.1.5).
 *
 * red: configuration-resets-toggles interface-resets-toggles
 */
#include "driver/endpoint.h"
#include "driver/mmio.h"
#include "driver/registers.h"

/* DTOGGLE: a write with VALUE 0 selects the endpoint for reading. */
static uint32_t toggle_of(uint8_t address)
{
    mmio_write32(REG_ADDR(USBD, DTOGGLE), address);
    return mmio_read32(REG_ADDR(USBD, DTOGGLE)) & FIELD_MASK(USBD_DTOGGLE_VALUE);
}

static enum usbd_status open_but_toggle(uint8_t address)
{
    uint32_t toggle = toggle_of(address);
    enum usbd_status status = endpoint_open(address);

    mmio_write32(REG_ADDR(USBD, DTOGGLE), address | toggle);
    return status;
}

#define endpoint_open open_but_toggle
#include "firmware/class/standard.c"
#include "firmware/loopback.c"
