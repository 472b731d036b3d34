/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CLEAR_FEATURE(ENDPOINT_HALT) does not begin with DATA0 again (USB 2.0, 9.4.5).
 *
 * red: clear-without-halt
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

static enum usbd_status clear_but_toggle(uint8_t address)
{
    uint32_t toggle = toggle_of(address);
    enum usbd_status status = endpoint_clear_halt(address);

    mmio_write32(REG_ADDR(USBD, DTOGGLE), address | toggle);
    return status;
}

#define endpoint_clear_halt clear_but_toggle
#include "firmware/class/standard.c"
#include "firmware/loopback.c"
