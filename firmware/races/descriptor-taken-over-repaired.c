/* SPDX-License-Identifier: Apache-2.0 */
/* descriptor-taken-over, repaired: the flag is tested and set with the interrupt kept out. */
#include "driver/fence.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/ep0_packet.h"
#include "firmware/bugs/parts/masked.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/bugs/parts/uarte_device.h"
#include "firmware/common/core.h"
#include "firmware/common/startup.h"

static volatile unsigned answers;
static uint8_t alarm[8] = "alarm!!";
static uint8_t statistics[16] = "statistics";
static volatile bool taken;

static void send(uint8_t *bytes, uint32_t size)
{
    NRF_UARTE0->TXD_PTR = DMA_POINTER(bytes);
    NRF_UARTE0->TXD_MAXCNT = size;
    dma_start();
    NRF_UARTE0->TASKS_STARTTX = 1;
    taken = true;
}

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    ep0_packet_send(bytes, size);
}

void ep0_data_done(void)
{
    ep0_packet_done();
    if (++answers == 4 && !taken)
        send(alarm, sizeof alarm);
}

void usbd_handler(void)
{
    ep0_device_poll();
}

/* Statistics take a while. */
static void count(void)
{
    for (volatile unsigned round = 0; round < 2000; round++)
        ;
}

int main(void)
{
    uarte_open();
    ep0_device_start(0);
    nvic_enable(USBD_IRQ);
    while (answers < 3)
        wait_for_interrupt();
    count();
    interrupts_disable();
    if (!taken)
        send(statistics, sizeof statistics);
    interrupts_enable();
    for (;;)
        wait_for_interrupt();
}
