/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How an exploration grows: a vendor request is answered with as many words as it asks for, copied
 * behind the start; or after as many interrupts as it says, which share a word with the main loop.
 */
#include "driver/memory.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/core.h"
#include "firmware/common/startup.h"

enum { COPY_WORDS = 1, COUNT_INTERRUPTS = 2, WORDS = 16, TICK_IRQ = 20 /* EGU0 */ };

static volatile uint32_t words[WORDS];
static volatile uint32_t shared; /* by the main loop and the interrupt */
static uint8_t packet[64];

static void start(const volatile void *bytes, uint32_t size)
{
    NRF_USBD->EVENTS_ENDEPIN[0] = 0;
    NRF_USBD->EPIN[0].PTR = (uint32_t)(uintptr_t)bytes;
    NRF_USBD->EPIN[0].MAXCNT = size;
    __asm__ volatile("dsb" ::: "memory");
    NRF_USBD->TASKS_STARTEPIN[0] = 1;
}

static __attribute__((noinline, used)) void copy_behind_start(uint32_t size)
{
    start(words, size);
    for (uint32_t i = 0; i < size / 4; i++)
        words[i] = size + i;
}

/* EGU0 (PS v1.7, 6.8): one event, and its interrupt. */
static volatile uint32_t *const trigger = (volatile uint32_t *)0x40014000;
static volatile uint32_t *const triggered = (volatile uint32_t *)0x40014100;
static volatile uint32_t *const intenset = (volatile uint32_t *)0x40014304;

void egu0_handler(void)
{
    *triggered = 0;
    (void)*triggered; /* has arrived before the handler returns */
    shared *= 3;
}

static __attribute__((noinline, used)) void be_interrupted(uint32_t count)
{
    shared = 0;
    for (uint32_t i = 0; i < count; i++) {
        *trigger = 1;
        shared += 1;
        shared += 1;
    }
    __asm__ volatile("dsb\n\tisb" ::: "memory");
    words[0] = shared;
    start(words, 4);
}

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    memcpy(packet, bytes, size);
    start(packet, size);
}

bool ep0_vendor(const struct usbd_setup *setup)
{
    if (setup->request_type != 0xc0)
        return false;
    NRF_USBD->SHORTS = SHORT_EP0DATADONE_EP0STATUS;
    if (setup->request == COPY_WORDS)
        copy_behind_start(setup->length);
    else
        be_interrupted(setup->value);
    return true;
}

void ep0_data_done(void)
{
}

int main(void)
{
    ep0_device_start(0);
    *intenset = 1;
    nvic_enable(TICK_IRQ);
    for (;;)
        ep0_device_poll();
}
