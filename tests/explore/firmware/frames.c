/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two words that the main loop stores one after the other, some time after the host asked for it,
 * and the interrupt handler reads for the host: where in a frame the stores fall is up to the host.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/core.h"
#include "firmware/common/startup.h"

enum { GET_READY = 1, WORK = 2, READ = 3, BETWEEN = 150 };

static volatile uint32_t work;
static volatile uint8_t first;
static volatile uint8_t second;
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

static __attribute__((noinline, used)) void get_ready(void)
{
    first = 0;
    second = 0;
    __asm__ volatile("" ::: "memory");
}

static void answer(void)
{
    uint8_t both[2] = {first, second};

    NRF_USBD->SHORTS = SHORT_EP0DATADONE_EP0STATUS;
    ep0_send(both, sizeof both);
}

bool ep0_vendor(const struct usbd_setup *setup)
{
    if ((setup->request_type & 0x60) != 0x40)
        return false;
    if (setup->request == READ) {
        answer();
        return true;
    }
    if (setup->request == WORK)
        work = setup->value;
    else
        get_ready();
    ep0_accept();
    return true;
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

static void spend(uint32_t rounds)
{
    for (volatile uint32_t round = 0; round < rounds; round++)
        ;
}

int main(void)
{
    ep0_device_start(0);
    nvic_enable(USBD_IRQ);
    for (;;) {
        while (!work)
            wait_for_interrupt();
        spend(work);
        work = 0;
        first = 1;
        spend(BETWEEN);
        second = 1;
    }
}
