/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The high-frequency clock is left to somebody else: a radio stack used to start the crystal,
 * and has been removed. USBD's own oscillator is too inexact for the bus. After hathach/tinyusb
 * 6af4ee2, which waits for a crystal that nobody requests any more.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "driver/mmio.h"
#include "driver/registers.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/core.h"
#include "firmware/common/semihosting.h"
#include "firmware/common/startup.h"

enum { READY = 1 << 11, POLLS = 1000000 };

static void wait_for(uint32_t address, uint32_t mask)
{
    if (!mmio_wait(address, mask, POLLS))
        program_exit(1);
}

static void power_up(void)
{
    wait_for(REG_ADDR(POWER, USBREGSTATUS), FIELD_MASK(POWER_USBREGSTATUS_VBUSDETECT));
    errata_before_enable();
    NRF_USBD->ENABLE = 1;
    wait_for(REG_ADDR(USBD, EVENTCAUSE), READY);
    NRF_USBD->EVENTCAUSE = READY;
    errata_after_ready();
    wait_for(REG_ADDR(POWER, USBREGSTATUS), FIELD_MASK(POWER_USBREGSTATUS_OUTPUTRDY));
    NRF_USBD->INTENSET = INT_USBRESET | INT_EP0SETUP | INT_EP0DATADONE;
    NRF_USBD->USBPULLUP = 1; // expect: PER004
}

static uint8_t packet[64];

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    memcpy(packet, bytes, size);
    NRF_USBD->EVENTS_ENDEPIN[0] = 0;
    NRF_USBD->EPIN[0].PTR = DMA_ADDRESS(packet);
    NRF_USBD->EPIN[0].MAXCNT = size;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[0] = 1;
}

void ep0_data_done(void)
{
    dma_end();
    errata_after_dma();
}

void usbd_handler(void)
{
    ep0_device_poll();
}

int main(void)
{
    power_up();
    nvic_enable(USBD_IRQ);
    for (;;)
        __asm__ volatile("wfi");
}
