/* SPDX-License-Identifier: Apache-2.0 */
#include "driver/engine.h"

#include "driver/critical.h"
#include "driver/errata.h"
#include "driver/fence.h"
#include "driver/mmio.h"
#include "driver/registers.h"
#include "driver/usbd.h"

enum { POLLS = 5000 }; /* of some 20 cycles: no transfer takes as long */

struct job {
    uint32_t pointer;
    uint32_t size;
};

/* Changed with interrupts masked only. */
static struct job jobs[ENGINE_CHANNELS];
static uint32_t waiting;  /* bit n: channel n wants EasyDMA */
static uint32_t running;  /* the bit of the channel that has it, 0 while it is idle */
static uint32_t given_up; /* the bit of `running` when nobody wants its packet any more */
static uint32_t finished; /* bits for engine_poll */
static unsigned current;  /* the channel that has it, or had it last */
static unsigned pauses;
static bool late; /* the last packet of IN endpoint 0 may have been started for the next request */
static uint32_t moved; /* bytes */

/* ---- Registers of a channel: they stand in rows ------------------------------------------------
 */

static bool is_in(unsigned channel)
{
    return channel <= ENGINE_ISOIN;
}

static unsigned endpoint_of(unsigned channel)
{
    return is_in(channel) ? channel : channel - ENGINE_OUT(0);
}

static uint32_t start_task(unsigned channel)
{
    return REG_ADDR_N(USBD, TASKS_STARTEPIN, channel);
}

/* EP0DATADONE stands between ENDEPIN[7] and ENDISOIN. */
static uint32_t end_event(unsigned channel)
{
    return REG_ADDR_N(USBD, EVENTS_ENDEPIN, channel < ENGINE_ISOIN ? channel : channel + 1);
}

static uint32_t pointer_register(unsigned channel)
{
    return is_in(channel) ? REG_ADDR_N(USBD, EPIN_PTR, channel)
                          : REG_ADDR_N(USBD, EPOUT_PTR, endpoint_of(channel));
}

static uint32_t status_bit(unsigned channel)
{
    return 1u << (endpoint_of(channel) + (is_in(channel) ? 0u : 16u));
}

/* ---- Starting and ending -----------------------------------------------------------------------
 */

/* SIZE is right only while EasyDMA is idle, which it is here. */
static uint32_t packet_size(unsigned channel, uint32_t room)
{
    uint32_t size = mmio_read32(REG_ADDR_N(USBD, SIZE_EPOUT, endpoint_of(channel)));

    size &= FIELD_MASK(USBD_SIZE_ISOOUT_SIZE);
    return size < room ? size : room;
}

/* An isochronous packet may have failed to come; what answers a request may not be wanted any more.
 */
static bool is_needless(unsigned channel)
{
    if (channel == ENGINE_ISOOUT)
        return mmio_read32(REG_ADDR(USBD, SIZE_ISOOUT)) & FIELD_MASK(USBD_SIZE_ISOOUT_ZERO);
    return channel == ENGINE_IN(0) && usbd_request_over();
}

static void start(unsigned channel)
{
    struct job *job = &jobs[channel];

    waiting &= ~(1u << channel);
    if (!is_in(channel))
        job->size = packet_size(channel, job->size);
    if (is_needless(channel))
        return;
    mmio_write32(pointer_register(channel), job->pointer);
    mmio_write32(pointer_register(channel) + 4, job->size);
    running = 1u << channel;
    current = channel;
    errata_before_dma();
    dma_start();
    task_trigger(start_task(channel));
    if (channel == ENGINE_IN(0))
        late = usbd_request_over();
    errata_after_start(start_task(channel));
}

/* The next channel behind the one served last: each gets its turn. */
static void start_next(void)
{
    unsigned channel = current;

    while (!running && !pauses && waiting) {
        channel = channel + 1 < ENGINE_CHANNELS ? channel + 1 : 0;
        if (waiting & 1u << channel)
            start(channel);
    }
}

/* The packet that sits in an IN endpoint would answer the next token. A vendor driver disarms the
 * endpoint this way; the registers are not documented. */
static void disarm(unsigned endpoint)
{
    enum { IN0_CONTROL = 0x7b4, IN0_ABORT = 1 << 2, IN1_CONTROL = 0x7b6, IN_ABORT = 1 << 1 };
    uint32_t data = REG_ADDR(USBD, UNDOC_MACDATA);
    uint32_t control = endpoint ? IN1_CONTROL + 2 * (endpoint - 1) : IN0_CONTROL;

    mmio_write32(REG_ADDR(USBD, UNDOC_MACINDEX), control);
    mmio_write32(data, mmio_read32(data) | (endpoint ? IN_ABORT : IN0_ABORT));
    (void)mmio_read32(data);
}

static bool has_packet(unsigned channel)
{
    return channel < ENGINE_ISOIN;
}

static void finish(void)
{
    const uint32_t endpoint0 = 1u << ENGINE_IN(0) | 1u << ENGINE_OUT(0);

    if (!running || !event_raised(end_event(current)))
        return;
    if (given_up && has_packet(current)) /* at once: the host may ask any moment */
        disarm(endpoint_of(current));
    given_up = 0;
    dma_end();
    event_clear(end_event(current));
    event_clear(REG_ADDR(USBD, EVENTS_STARTED));
    mmio_write32(REG_ADDR(USBD, EPSTATUS), status_bit(current));
    errata_after_dma();
    moved += jobs[current].size;
    finished |= running & ~endpoint0;
    running = 0;
}

/* ---- Interface ---------------------------------------------------------------------------------
 */

void engine_move(unsigned channel, void *buffer, uint32_t size)
{
    uint32_t before = critical_enter();

    jobs[channel] = (struct job){(uint32_t)(uintptr_t)buffer, size};
    waiting |= 1u << channel;
    start_next();
    critical_leave(before);
}

bool engine_owns(unsigned channel)
{
    uint32_t before = critical_enter();
    bool owns = (waiting | running) & 1u << channel;

    critical_leave(before);
    return owns;
}

uint32_t engine_size(unsigned channel)
{
    return jobs[channel].size;
}

bool engine_started_late(void)
{
    return late;
}

bool engine_moved_even(void)
{
    return moved % 2 == 0;
}

static void finish_and_go_on(void)
{
    uint32_t before = critical_enter();

    finish();
    start_next();
    critical_leave(before);
}

uint32_t engine_poll(void)
{
    uint32_t before = critical_enter();
    uint32_t ended;

    finish_and_go_on();
    ended = finished;
    finished = 0;
    critical_leave(before);
    return ended;
}

/* What ends meanwhile the interrupt handler sees too, when its event is gone: NVIC has kept the
 * interrupt pending since that rose, masked or not (Armv7-M B3.4.1). */
static bool wait_until_idle(void)
{
    uint32_t polls = POLLS;

    do
        finish_and_go_on();
    while (running && --polls > 0);
    return !running;
}

enum usbd_status engine_pause(void)
{
    uint32_t before = critical_enter();

    pauses++;
    critical_leave(before);
    if (wait_until_idle())
        return USBD_OK;
    engine_resume();
    return USBD_TIMEOUT;
}

void engine_resume(void)
{
    uint32_t before = critical_enter();

    pauses--;
    start_next();
    critical_leave(before);
}

void engine_forget(void)
{
    uint32_t before = critical_enter();

    waiting = 0;
    finished = 0;
    critical_leave(before);
}

/* Nobody waits for it, and the interrupt handler has to see its end at once. */
static void watch_end(unsigned channel)
{
    uint32_t number = (end_event(channel) - REG_ADDR(USBD, EVENTS_USBRESET)) / 4;

    mmio_write32(REG_ADDR(USBD, INTENSET), 1u << number);
}

bool engine_take_back(unsigned channel)
{
    uint32_t before = critical_enter();

    waiting &= ~(1u << channel);
    given_up |= running & 1u << channel;
    critical_leave(before);
    if (engine_pause() != USBD_OK) {
        watch_end(channel);
        return !engine_owns(channel);
    }
    if (has_packet(channel))
        disarm(endpoint_of(channel));
    engine_resume();
    return true;
}
