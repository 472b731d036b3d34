/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Three events of one instant: TIMER0, TIMER1 and TIMER2 are started by one event and compare after
 * the same time. One counts TIMER3 up, one clears it, one captures it, all through PPI. A vendor
 * request is answered with what was captured and with the count at the end: another answer for each
 * order.
 */
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/ep0_packet.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

enum { COUNTED_BEFORE = 2, TICKS = 20, TIMERS = 3 };

/* PS v1.7, 6.30.4: registers of TIMER. */
struct timer {
    volatile uint32_t start, stop, count, clear;
    volatile uint32_t reserved1[12];
    volatile uint32_t capture[6]; /* 0x040 */
    volatile uint32_t reserved2[58];
    volatile uint32_t compare[6]; /* 0x140 */
    volatile uint32_t reserved3[235];
    volatile uint32_t mode; /* 0x504 */
    volatile uint32_t bitmode;
    volatile uint32_t reserved4;
    volatile uint32_t prescaler;
    volatile uint32_t reserved5[11];
    volatile uint32_t cc[6]; /* 0x540 */
};

/* ... and 6.16.3: of PPI. */
struct ppi {
    volatile uint32_t reserved1[321];
    volatile uint32_t enable; /* CHENSET, 0x504 */
    volatile uint32_t reserved2[2];
    struct {
        volatile uint32_t event;
        volatile uint32_t task;
    } channel[20]; /* 0x510 */
};

static struct timer *const timer[TIMERS] = {(struct timer *)0x40008000, (struct timer *)0x40009000,
                                            (struct timer *)0x4000a000};
static struct timer *const counter = (struct timer *)0x4001a000;
static struct ppi *const ppi = (struct ppi *)0x4001f000;
static volatile uint32_t *const trigger = (volatile uint32_t *)0x40014000; /* EGU0 */
static volatile uint32_t *const triggered = (volatile uint32_t *)0x40014100;

static void connect(unsigned channel, const volatile uint32_t *event, const volatile uint32_t *task)
{
    ppi->channel[channel].event = (uint32_t)(uintptr_t)event;
    ppi->channel[channel].task = (uint32_t)(uintptr_t)task;
    ppi->enable = 1u << channel;
}

static void prepare(void)
{
    volatile uint32_t *const tasks[TIMERS] = {&counter->count, &counter->clear,
                                              &counter->capture[0]};

    counter->mode = 1; /* counts its task */
    counter->start = 1;
    for (unsigned i = 0; i < COUNTED_BEFORE; i++)
        counter->count = 1;
    for (unsigned i = 0; i < TIMERS; i++) {
        timer[i]->prescaler = 0;
        timer[i]->cc[0] = TICKS;
        connect(i, triggered, &timer[i]->start);
        connect(TIMERS + i, &timer[i]->compare[0], tasks[i]);
    }
}

static __attribute__((noinline, used)) void race(void)
{
    *trigger = 1;
    for (unsigned i = 0; i < TIMERS; i++) {
        while (!timer[i]->compare[0])
            ;
    }
    counter->capture[1] = 1;
}

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    ep0_packet_send(bytes, size);
}

void ep0_data_done(void)
{
    ep0_packet_done();
}

bool ep0_vendor(const struct usbd_setup *setup)
{
    uint8_t answer[2];

    if (setup->request_type != 0xc0)
        return false;
    prepare();
    race();
    answer[0] = (uint8_t)counter->cc[0];
    answer[1] = (uint8_t)counter->cc[1];
    NRF_USBD->SHORTS = SHORT_EP0DATADONE_EP0STATUS;
    ep0_send(answer, sizeof answer);
    return true;
}

int main(void)
{
    ep0_device_run();
}
