/* SPDX-License-Identifier: Apache-2.0 */
/*
 * startup-asks-too-early, repaired: ENABLE always answers.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "driver/mmio.h"
#include "driver/registers.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
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
    if (NRF_USBD->ENABLE)
        return;
    wait_for(REG_ADDR(POWER, USBREGSTATUS), FIELD_MASK(POWER_USBREGSTATUS_VBUSDETECT));
    errata_before_enable();
    NRF_USBD->ENABLE = 1;
    task_trigger(REG_ADDR(CLOCK, TASKS_HFCLKSTART));
    wait_for(REG_ADDR(USBD, EVENTCAUSE), READY);
    NRF_USBD->EVENTCAUSE = READY;
    errata_after_ready();
    wait_for(REG_ADDR(POWER, USBREGSTATUS), FIELD_MASK(POWER_USBREGSTATUS_OUTPUTRDY));
    wait_for(REG_ADDR(CLOCK, EVENTS_HFCLKSTARTED), 1);
    NRF_USBD->INTENSET = INT_USBRESET | INT_EP0SETUP | INT_EP0DATADONE;
    NRF_USBD->USBPULLUP = 1;
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

int main(void)
{
    power_up();
    ep0_device_serve();
}
