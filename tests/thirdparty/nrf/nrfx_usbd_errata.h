/* SPDX-License-Identifier: Apache-2.0 */
/* Which errata the chip has, told by the bytes of FICR that vendor code looks at for it. */
#ifndef NRFX_USBD_ERRATA_H
#define NRFX_USBD_ERRATA_H

#include <stdbool.h>
#include <stdint.h>

enum { REVISION_A = 0 };

static inline bool is_nrf52840(void)
{
    return *(volatile uint8_t *)0x10000130 == 8;
}

static inline uint8_t revision(void)
{
    return *(volatile uint8_t *)0x10000134;
}

static inline bool nrfx_usbd_errata_166(void)
{
    return is_nrf52840();
}

static inline bool nrfx_usbd_errata_171(void)
{
    return is_nrf52840();
}

static inline bool nrfx_usbd_errata_187(void)
{
    return is_nrf52840() && revision() != REVISION_A;
}

#endif
