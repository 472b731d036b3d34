/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware/bugs/parts/ep0_device.h"

#include "firmware/bugs/parts/masked.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/core.h"
#include "firmware/common/descriptors.h"
#include "firmware/common/request.h"
#include "firmware/common/semihosting.h"

__attribute__((weak)) bool ep0_vendor(const struct usbd_setup *setup)
{
    (void)setup;
    return false;
}

__attribute__((weak)) void ep0_configured(void)
{
}

void ep0_accept(void)
{
    NRF_USBD->TASKS_EP0STATUS = 1;
}

void ep0_refuse(void)
{
    NRF_USBD->TASKS_EP0STALL = 1;
}

static void send_descriptor(const uint8_t *bytes, uint32_t size, uint32_t length)
{
    NRF_USBD->SHORTS = SHORT_EP0DATADONE_EP0STATUS;
    ep0_send(bytes, size < length ? size : length);
}

static void set_configuration(uint32_t value)
{
    if (value > 1 && value != CONFIGURATION_VALUE) {
        ep0_refuse();
        return;
    }
    ep0_accept();
    ep0_configured();
}

static void on_setup(void)
{
    struct usbd_setup setup = usbd_read_setup();

    NRF_USBD->SHORTS = 0;
    switch (request_kind(&setup)) {
    case REQUEST_GET_DEVICE_DESCRIPTOR:
        send_descriptor(device_descriptor, DEVICE_DESCRIPTOR_SIZE, setup.length);
        break;
    case REQUEST_GET_CONFIGURATION_DESCRIPTOR:
        send_descriptor(configuration_descriptor, CONFIGURATION_SIZE, setup.length);
        break;
    case REQUEST_SET_ADDRESS: /* hardware does all of it */
        break;
    case REQUEST_SET_CONFIGURATION:
        set_configuration(setup.value);
        break;
    case REQUEST_UNKNOWN:
        if (!ep0_vendor(&setup))
            ep0_refuse();
        break;
    }
}

void ep0_device_start(uint32_t interrupts)
{
    if (usbd_power_up() != USBD_OK)
        program_exit(1);
    NRF_USBD->INTENSET = interrupts;
    usbd_connect();
}

static bool take(volatile uint32_t *event)
{
    if (*event == 0)
        return false;
    *event = 0;
    (void)*event; /* has arrived before the interrupt handler returns */
    return true;
}

void ep0_device_poll(void)
{
    (void)take(&NRF_USBD->EVENTS_USBRESET); /* hardware has reset endpoint 0 */
    if (take(&NRF_USBD->EVENTS_EP0DATADONE))
        ep0_data_done();
    if (take(&NRF_USBD->EVENTS_EP0SETUP))
        on_setup();
}

void ep0_device_serve(void)
{
    interrupts_disable();
    nvic_enable(USBD_IRQ);
    for (;;) {
        ep0_device_poll();
        wait_for_interrupt();
        nvic_clear_pending(USBD_IRQ);
    }
}

void ep0_device_run(void)
{
    ep0_device_start(0);
    ep0_device_serve();
}
