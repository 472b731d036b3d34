/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SET_LINE_CODING is accepted, and forgotten (CDC PSTN 1.2, 6.3.10).
 *
 * red: cdc-line-coding
 */
#include "firmware/class/cdc.h"

static struct answer request(const struct usbd_setup *setup)
{
    return cdc_function.request(setup);
}

static bool received(const struct usbd_setup *setup, uint32_t size)
{
    (void)setup;
    (void)size;
    return true;
}

static void opened(void)
{
    cdc_function.opened();
}

static const struct function changed_function = {.first = 0,
                                                 .count = CDC_INTERFACES,
                                                 .request = request,
                                                 .received = received,
                                                 .opened = opened};

#define cdc_function changed_function
#include "firmware/cdc-echo.c"
