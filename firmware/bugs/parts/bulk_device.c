/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware/bugs/parts/bulk_device.h"

#include "driver/ep0in.h"
#include "driver/errata.h"
#include "driver/fence.h"
#include "firmware/bugs/parts/masked.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/core.h"
#include "firmware/common/descriptors.h"
#include "firmware/common/request.h"
#include "firmware/common/semihosting.h"

enum { BULK_CONFIGURATION_SIZE = 9 + 9 + 4 * 7 };

#define BULK_ENDPOINT(address) 7, 5, (address), 2, BULK_PACKET, 0, 0

/* USB 2.0, tables 9-10, 9-12 and 9-13. */
static const uint8_t bulk_configuration[BULK_CONFIGURATION_SIZE] = {
    9,
    2,
    BULK_CONFIGURATION_SIZE,
    0,
    1,
    CONFIGURATION_VALUE,
    0,
    0xc0,
    250, /* configuration */
    9,
    4,
    0,
    0,
    4,
    0xff,
    0,
    0,
    0, /* interface */
    BULK_ENDPOINT(0x01),
    BULK_ENDPOINT(0x81),
    BULK_ENDPOINT(0x02),
    BULK_ENDPOINT(0x82),
};

static bool configured;

__attribute__((weak)) bool bulk_vendor(const struct usbd_setup *setup)
{
    (void)setup;
    return false;
}

bool bulk_device_configured(void)
{
    return configured;
}

static enum usbd_status send(const uint8_t *bytes, uint32_t size, uint32_t length)
{
    return ep0in_start(bytes, size < length ? size : length, EP0IN_LAST);
}

static enum usbd_status configure(void)
{
    NRF_USBD->EPINEN = 7;
    NRF_USBD->EPOUTEN = 7;
    NRF_USBD->SIZE_EPOUT[1] = 0; /* accepts a packet */
    NRF_USBD->SIZE_EPOUT[2] = 0;
    NRF_USBD->INTENSET = INT_EPDATA;
    configured = true;
    return usbd_accept_request();
}

static enum usbd_status answer(const struct usbd_setup *setup)
{
    switch (request_kind(setup)) {
    case REQUEST_GET_DEVICE_DESCRIPTOR:
        return send(device_descriptor, DEVICE_DESCRIPTOR_SIZE, setup->length);
    case REQUEST_GET_CONFIGURATION_DESCRIPTOR:
        return send(bulk_configuration, BULK_CONFIGURATION_SIZE, setup->length);
    case REQUEST_SET_ADDRESS:
        return USBD_OK; /* hardware does all of it */
    case REQUEST_SET_CONFIGURATION:
        return configure();
    case REQUEST_UNKNOWN:
        break;
    }
    return bulk_vendor(setup) ? USBD_OK : usbd_stall_request();
}

void bulk_device_endpoint0(void)
{
    enum usbd_event event;

    while ((event = usbd_next_event()) != USBD_EVENT_NONE) {
        struct usbd_setup setup;

        if (event == USBD_EVENT_SETUP) {
            setup = usbd_read_setup();
            (void)!answer(&setup);
        } else if (event == USBD_EVENT_DATA_DONE) {
            (void)!ep0in_end();
        } else if (event == USBD_EVENT_RESET) {
            configured = false;
        }
    }
}

void bulk_device_start(void)
{
    if (usbd_power_up() != USBD_OK)
        program_exit(1);
    usbd_connect();
}

uint32_t bulk_device_wait(void)
{
    interrupts_disable();
    nvic_enable(USBD_IRQ);
    wait_for_interrupt();
    nvic_clear_pending(USBD_IRQ);
    bulk_device_endpoint0();
    if (!NRF_USBD->EVENTS_EPDATA)
        return 0;
    NRF_USBD->EVENTS_EPDATA = 0;
    uint32_t news = NRF_USBD->EPDATASTATUS;
    NRF_USBD->EPDATASTATUS = news;
    return news;
}

void bulk_send(unsigned endpoint, const void *packet, uint32_t size)
{
    NRF_USBD->EVENTS_ENDEPIN[endpoint] = 0;
    NRF_USBD->EPIN[endpoint].PTR = DMA_ADDRESS(packet);
    NRF_USBD->EPIN[endpoint].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[endpoint] = 1;
    while (!NRF_USBD->EVENTS_ENDEPIN[endpoint])
        ;
    dma_end();
    NRF_USBD->EVENTS_ENDEPIN[endpoint] = 0;
    errata_after_dma();
}

uint32_t bulk_fetch(unsigned endpoint, void *packet)
{
    uint32_t size = NRF_USBD->SIZE_EPOUT[endpoint];

    NRF_USBD->EVENTS_ENDEPOUT[endpoint] = 0;
    NRF_USBD->EPOUT[endpoint].PTR = DMA_ADDRESS(packet);
    NRF_USBD->EPOUT[endpoint].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPOUT[endpoint] = 1;
    while (!NRF_USBD->EVENTS_ENDEPOUT[endpoint])
        ;
    dma_end();
    NRF_USBD->EVENTS_ENDEPOUT[endpoint] = 0;
    errata_after_dma();
    return size;
}
