/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Both the main loop and the interrupt handler use the serial port, and a flag says when it is
 * taken. The main loop sets it when the transfer has started: the handler may come between PTR and
 * the start task, or between that and the flag. After zephyrproject-rtos/zephyr PR#53188, where two
 * contexts write the receiver's descriptor.
 */
#include "driver/fence.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/ep0_packet.h"
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
    NRF_UARTE0->TASKS_STARTTX = 1; // fails: PER001, PER002
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
    if (!taken)
        send(statistics, sizeof statistics);
    for (;;)
        wait_for_interrupt();
}
