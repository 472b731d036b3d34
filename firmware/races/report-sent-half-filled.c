/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The main loop collects a report, the interrupt handler sends it to the serial port with the
 * fourth answer. Nobody says when the report is complete: the handler may come in the middle, and
 * the main loop goes on in a buffer that is EasyDMA's. After hathach/tinyusb PR#1279, a buffer that
 * task and interrupt both take for their own.
 */
#include "driver/fence.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/ep0_packet.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/bugs/parts/uarte_device.h"
#include "firmware/common/core.h"
#include "firmware/common/startup.h"

static volatile unsigned answers;
static uint8_t report[16];

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    ep0_packet_send(bytes, size);
}

void ep0_data_done(void)
{
    ep0_packet_done();
    if (++answers == 4)
        uarte_start_sending(report, sizeof report);
}

void usbd_handler(void)
{
    ep0_device_poll();
}

/* A value takes a while to measure. */
static uint8_t measure(unsigned seed)
{
    volatile unsigned value = seed;

    for (unsigned round = 0; round < 120; round++)
        value = value * 3 + round;
    return (uint8_t)value;
}

static void collect(void)
{
    for (unsigned i = 0; i < sizeof report; i++)
        report[i] = measure(i); // fails: DMA001
    dma_start();
}

int main(void)
{
    uarte_open();
    ep0_device_start(0);
    nvic_enable(USBD_IRQ);
    while (answers < 3)
        wait_for_interrupt();
    collect();
    for (;;)
        wait_for_interrupt();
}
