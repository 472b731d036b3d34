/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A log line has two fields, where it is and how long. The main loop writes one and then the other,
 * the interrupt handler sends the line. In between the line is the new one and the size that of
 * the old one. After hathach/tinyusb PR#1279, where buffer and length are not written as one.
 */
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/ep0_packet.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/bugs/parts/uarte_device.h"
#include "firmware/common/core.h"
#include "firmware/common/startup.h"

static volatile unsigned answers;
static uint8_t greeting[32] = "a long line to say hello with";
static uint8_t prompt[4] = "ok> ";
static uint8_t *volatile line = greeting;
static volatile uint32_t line_size = sizeof greeting;

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    ep0_packet_send(bytes, size);
}

void ep0_data_done(void)
{
    ep0_packet_done();
    if (++answers == 4)
        uarte_start_sending(line, line_size); // fails: BUF002
}

void usbd_handler(void)
{
    ep0_device_poll();
}

/* The new line takes a while to prepare. */
static void prepare(void)
{
    for (volatile unsigned round = 0; round < 2000; round++)
        ;
}

static void show_prompt(void)
{
    line = prompt;
    line_size = sizeof prompt;
}

int main(void)
{
    uarte_open();
    ep0_device_start(0);
    nvic_enable(USBD_IRQ);
    while (answers < 3)
        wait_for_interrupt();
    prepare();
    show_prompt();
    for (;;)
        wait_for_interrupt();
}
