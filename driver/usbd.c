/* SPDX-License-Identifier: Apache-2.0 */
#include "driver/usbd.h"

#include "driver/critical.h"
#include "driver/engine.h"
#include "driver/ep0in.h"
#include "driver/ep0out.h"
#include "driver/errata.h"
#include "driver/mmio.h"
#include "driver/registers.h"

#include <stdbool.h>

/* INTEN bit n belongs to the event register at 0x100 + 4n (PS 6.35, INTEN). */
#define INTERRUPT_OF(event) (1u << (((event)-0x100) / 4))

static unsigned watched; /* enum usbd_watch */
static enum {
    AWAKE,
    SUSPENDED, /* told, and the host has not resumed the bus */
    ASLEEP,    /* the same, in low power: the engine is paused */
    WAKING,    /* the host was asked to resume; SOF will tell that it did */
} bus;

static void enable(void)
{
    mmio_write32(REG_ADDR(USBD, EVENTCAUSE), FIELD_MASK(USBD_EVENTCAUSE_READY));
    errata_before_enable();
    mmio_write32(REG_ADDR(USBD, ENABLE), 1);
}

static void start_crystal(void)
{
    event_clear(REG_ADDR(CLOCK, EVENTS_HFCLKSTARTED));
    task_trigger(REG_ADDR(CLOCK, TASKS_HFCLKSTART));
}

static bool crystal_runs(uint32_t polls)
{
    return mmio_wait(REG_ADDR(CLOCK, EVENTS_HFCLKSTARTED), UINT32_MAX, polls);
}

static bool wait_until_ready(uint32_t polls)
{
    if (!mmio_wait(REG_ADDR(USBD, EVENTCAUSE), FIELD_MASK(USBD_EVENTCAUSE_READY), polls))
        return false;
    mmio_write32(REG_ADDR(USBD, EVENTCAUSE), FIELD_MASK(USBD_EVENTCAUSE_READY));
    errata_after_ready();
    return true;
}

static void clear_all_events(void)
{
    for (uint32_t event = USBD_EVENTS_USBRESET; event <= USBD_EVENTS_EPDATA; event += 4)
        event_clear(USBD_BASE + event);
}

enum usbd_status usbd_power_up(void)
{
    enum { POLLS = 1000000 };
    uint32_t vbus = FIELD_MASK(POWER_USBREGSTATUS_VBUSDETECT);
    uint32_t regulator = FIELD_MASK(POWER_USBREGSTATUS_OUTPUTRDY);

    /* The levels, not the events: a boot loader may have consumed those. */
    while (!mmio_wait(REG_ADDR(POWER, USBREGSTATUS), vbus, POLLS))
        ;
    enable();
    start_crystal();
    if (!wait_until_ready(POLLS) || !mmio_wait(REG_ADDR(POWER, USBREGSTATUS), regulator, POLLS) ||
        !crystal_runs(POLLS))
        return USBD_TIMEOUT;

    clear_all_events();
    mmio_write32(REG_ADDR(USBD, SHORTS), 0);
    mmio_write32(REG_ADDR(USBD, INTENSET),
                 INTERRUPT_OF(USBD_EVENTS_USBRESET) | INTERRUPT_OF(USBD_EVENTS_EP0SETUP) |
                     INTERRUPT_OF(USBD_EVENTS_EP0DATADONE) | INTERRUPT_OF(USBD_EVENTS_ENDEPOUT));
    return USBD_OK;
}

void usbd_connect(void)
{
    mmio_write32(REG_ADDR(USBD, USBPULLUP), 1);
}

void usbd_disconnect(void)
{
    mmio_write32(REG_ADDR(USBD, USBPULLUP), 0);
}

/* ---- Sleep -------------------------------------------------------------------------------------
 */

static bool cause_raised(uint32_t cause)
{
    return mmio_read32(REG_ADDR(USBD, EVENTCAUSE)) & cause;
}

/* Clears no other cause that may have come meanwhile. */
static bool take_cause(uint32_t cause)
{
    if (!cause_raised(cause))
        return false;
    mmio_write32(REG_ADDR(USBD, EVENTCAUSE), cause);
    return true;
}

/* Low power first: with the crystal stopped before, USBD would be without clock. */
static void fall_asleep(void)
{
    mmio_write32(REG_ADDR(USBD, LOWPOWER), 1);
    (void)mmio_read32(REG_ADDR(USBD, LOWPOWER));
    task_trigger(REG_ADDR(CLOCK, TASKS_HFCLKSTOP));
    bus = ASLEEP;
}

static void end_sleep(void)
{
    errata_before_wake_up();
    mmio_write32(REG_ADDR(USBD, LOWPOWER), 0);
    (void)mmio_read32(REG_ADDR(USBD, LOWPOWER));
    bus = SUSPENDED;
    engine_resume();
}

/* The registers of the core are there again when this returns true. An interrupt that comes while
 * the thread waits for the crystal may have seen to it before. */
static bool wake_up(void)
{
    enum { POLLS = 20000 };

    if (bus != ASLEEP)
        return true;
    start_crystal();
    if (!crystal_runs(POLLS))
        return false;
    uint32_t before = critical_enter();
    if (bus == ASLEEP)
        end_sleep();
    critical_leave(before);
    return true;
}

/* Hardware has ended low power itself when it is the host that woke it. */
static void on_resume(void)
{
    if (bus == AWAKE)
        return;
    (void)wake_up();
    errata_after_wake_up();
    bus = AWAKE;
    if (!(watched & USBD_WATCH_FRAMES))
        mmio_write32(REG_ADDR(USBD, INTENCLR), INTERRUPT_OF(USBD_EVENTS_SOF));
}

static bool host_resumed(void)
{
    return bus == AWAKE || cause_raised(FIELD_MASK(USBD_EVENTCAUSE_RESUME));
}

enum usbd_status usbd_sleep(void)
{
    if (engine_pause() != USBD_OK)
        return USBD_TIMEOUT;
    uint32_t before = critical_enter();
    bool may_sleep = bus == SUSPENDED && !host_resumed() && !usbd_request_over();
    if (may_sleep)
        fall_asleep();
    critical_leave(before);
    if (may_sleep)
        return USBD_OK;
    engine_resume();
    return USBD_IDLE;
}

/* Drives K for as long as the hardware thinks right. */
static void drive_resume(void)
{
    enum { STATE_RESUME = 1 };

    mmio_write32(REG_ADDR(USBD, DPDMVALUE), STATE_RESUME);
    task_trigger(REG_ADDR(USBD, TASKS_DPDMDRIVE));
}

static void ask_host(void)
{
    mmio_write32(REG_ADDR(USBD, EVENTCAUSE), FIELD_MASK(USBD_EVENTCAUSE_USBWUALLOWED));
    errata_after_wake_up();
    bus = WAKING;
    event_clear(REG_ADDR(USBD, EVENTS_SOF));
    mmio_write32(REG_ADDR(USBD, INTENSET), INTERRUPT_OF(USBD_EVENTS_SOF));
    drive_resume();
}

/* The host may resume the bus at any moment by itself: then nothing is driven. */
enum usbd_status usbd_wake_host(void)
{
    enum { POLLS = 20000, ALLOWED = FIELD_MASK(USBD_EVENTCAUSE_USBWUALLOWED) };

    if (bus != SUSPENDED && bus != ASLEEP)
        return USBD_IDLE;
    if (bus == SUSPENDED && usbd_sleep() != USBD_OK) /* USBWUALLOWED comes out of sleep only */
        return USBD_IDLE;
    bool may = wake_up() && mmio_wait(REG_ADDR(USBD, EVENTCAUSE), ALLOWED, POLLS);
    uint32_t before = critical_enter();
    enum usbd_status status = host_resumed() ? USBD_IDLE : may ? USBD_OK : USBD_TIMEOUT;
    if (status == USBD_OK)
        ask_host();
    critical_leave(before);
    return status;
}

/* The host answers remote wake-up with SOFs, not with RESUME. */
static bool woken_by_host(void)
{
    bool told = take_cause(FIELD_MASK(USBD_EVENTCAUSE_RESUME));
    bool answered = bus == WAKING && event_raised(REG_ADDR(USBD, EVENTS_SOF));

    return (told || answered) && bus != AWAKE;
}

static bool fell_silent(void)
{
    return take_cause(FIELD_MASK(USBD_EVENTCAUSE_SUSPEND)) && bus == AWAKE;
}

/* ---- Endings -----------------------------------------------------------------------------------
 */

/* A buffer that cannot be taken back stays busy, and the next start says so. */
static void recover_endpoint0(void)
{
    (void)!ep0in_recover();
    (void)!ep0out_recover();
}

/* An odd number of bytes since ENABLE = 1 spoils the first transfer after the next one. */
static enum usbd_status even_out(void)
{
    static uint8_t byte;

    engine_forget();
    if (engine_moved_even())
        return USBD_OK;
    engine_move(ENGINE_IN(0), &byte, sizeof byte);
    engine_resume();
    return engine_pause();
}

static void switch_off(void)
{
    mmio_write32(REG_ADDR(USBD, INTENCLR), UINT32_MAX);
    mmio_write32(REG_ADDR(USBD, ENABLE), 0);
    (void)mmio_read32(REG_ADDR(USBD, ENABLE));
    engine_resume();
    errata_after_disable();
    task_trigger(REG_ADDR(CLOCK, TASKS_HFCLKSTOP));
}

/* Interrupts are masked for a transfer of one byte at most: nobody asks for another meanwhile. */
enum usbd_status usbd_power_down(void)
{
    on_resume();
    usbd_disconnect();
    if (engine_pause() != USBD_OK)
        return USBD_TIMEOUT;
    uint32_t before = critical_enter();
    recover_endpoint0();
    enum usbd_status status = even_out();
    if (status == USBD_OK)
        switch_off();
    critical_leave(before);
    return status;
}

/* ---- Events ------------------------------------------------------------------------------------
 */

/* The reset ended a silence that nobody has heard of yet. */
static void on_bus_reset(void)
{
    mmio_write32(REG_ADDR(USBD, EVENTCAUSE), FIELD_MASK(USBD_EVENTCAUSE_SUSPEND));
    on_resume();
    recover_endpoint0();
    mmio_write32(REG_ADDR(USBD, EPINEN), 1);
    mmio_write32(REG_ADDR(USBD, EPOUTEN), 1);
}

/*
 * Whether EP0DATADONE belongs to the transfer going on. With a SETUP behind it, it tells news only
 * of a last IN packet: to send or fetch more would hand the old transfer's bytes to the new one.
 */
static bool data_done(void)
{
    if (event_raised(REG_ADDR(USBD, EVENTS_EP0SETUP)))
        return ep0in_sending_last() && !ep0in_overtaken();
    if (ep0in_busy() || ep0out_accepting())
        return true;
    event_clear(REG_ADDR(USBD, EVENTS_EP0DATADONE));
    return false;
}

static bool out_end(void)
{
    if (event_raised(REG_ADDR(USBD, EVENTS_EP0SETUP)))
        return false;
    return ep0out_received();
}

/* Both ask: EasyDMA's end has to be seen whoever watches. */
static bool packet_moved(void)
{
    bool moved = engine_poll() != 0;

    return (watched & USBD_WATCH_PACKETS && event_take(REG_ADDR(USBD, EVENTS_EPDATA))) || moved;
}

/* In the order in which they come: silence, and its end. */
static enum usbd_event bus_event(void)
{
    if (!(watched & USBD_WATCH_BUS))
        return USBD_EVENT_NONE;
    event_clear(
        REG_ADDR(USBD, EVENTS_USBEVENT)); /* before the causes: the next one sets it again */
    if (fell_silent()) {
        bus = SUSPENDED;
        return USBD_EVENT_SUSPEND;
    }
    if (woken_by_host()) {
        on_resume();
        return USBD_EVENT_RESUME;
    }
    return USBD_EVENT_NONE;
}

static bool frame_begins(void)
{
    return event_take(REG_ADDR(USBD, EVENTS_SOF)) && watched & USBD_WATCH_FRAMES;
}

enum usbd_event usbd_next_event(void)
{
    if (event_take(REG_ADDR(USBD, EVENTS_USBRESET))) {
        on_bus_reset();
        return USBD_EVENT_RESET;
    }
    enum usbd_event event = bus_event();
    if (event != USBD_EVENT_NONE)
        return event;
    if (frame_begins())
        return USBD_EVENT_FRAME;
    /* Read before the engine is asked: the packet it tells of had left RAM before. */
    bool done = event_raised(REG_ADDR(USBD, EVENTS_EP0DATADONE));
    if (packet_moved())
        return USBD_EVENT_PACKET;
    if (done && data_done())
        return USBD_EVENT_DATA_DONE;
    if (out_end())
        return USBD_EVENT_OUT_END;
    if (event_take(REG_ADDR(USBD, EVENTS_EP0SETUP))) {
        recover_endpoint0();
        return USBD_EVENT_SETUP;
    }
    return USBD_EVENT_NONE;
}

/* A byte of the SETUP packet: each of the eight has a register of its own. */
static uint8_t setup_byte(uint32_t address)
{
    return (uint8_t)mmio_read32(address);
}

static uint16_t setup_word(uint32_t low, uint32_t high)
{
    return (uint16_t)(setup_byte(low) | setup_byte(high) << 8);
}

static struct usbd_setup latest_setup(void)
{
    return (struct usbd_setup){
        .request_type = setup_byte(REG_ADDR(USBD, BMREQUESTTYPE)),
        .request = setup_byte(REG_ADDR(USBD, BREQUEST)),
        .value = setup_word(REG_ADDR(USBD, WVALUEL), REG_ADDR(USBD, WVALUEH)),
        .index = setup_word(REG_ADDR(USBD, WINDEXL), REG_ADDR(USBD, WINDEXH)),
        .length = setup_word(REG_ADDR(USBD, WLENGTHL), REG_ADDR(USBD, WLENGTHH)),
    };
}

struct usbd_setup usbd_read_setup(void)
{
    struct usbd_setup setup;

    do /* again, when the next SETUP arrived meanwhile: the half of two packets is none */
        setup = latest_setup();
    while (event_take(REG_ADDR(USBD, EVENTS_EP0SETUP)));
    return setup;
}

static uint32_t interrupts_of(unsigned events)
{
    const uint32_t ends = INTERRUPT_OF(USBD_EVENTS_ENDISOIN) | INTERRUPT_OF(USBD_EVENTS_ENDISOOUT) |
                          0xffu * INTERRUPT_OF(USBD_EVENTS_ENDEPIN) |
                          0xffu * INTERRUPT_OF(USBD_EVENTS_ENDEPOUT);

    return (events & USBD_WATCH_PACKETS ? INTERRUPT_OF(USBD_EVENTS_EPDATA) | ends : 0) |
           (events & USBD_WATCH_FRAMES ? INTERRUPT_OF(USBD_EVENTS_SOF) : 0) |
           (events & USBD_WATCH_BUS ? INTERRUPT_OF(USBD_EVENTS_USBEVENT) : 0);
}

void usbd_watch(unsigned events)
{
    watched |= events;
    mmio_write32(REG_ADDR(USBD, INTENSET), interrupts_of(events));
}

void usbd_unwatch(unsigned events)
{
    watched &= ~events;
    mmio_write32(REG_ADDR(USBD, INTENCLR),
                 interrupts_of(events) & ~INTERRUPT_OF(USBD_EVENTS_ENDEPOUT));
}

/* A packet that is on its way needs the request it belongs to. */
static bool endpoint0_busy(void)
{
    return ep0in_busy() || ep0out_accepting() || ep0out_receiving();
}

bool usbd_request_over(void)
{
    return event_raised(REG_ADDR(USBD, EVENTS_USBRESET)) ||
           event_raised(REG_ADDR(USBD, EVENTS_EP0SETUP));
}

/* EP0STATUS and EP0STALL are lost while EasyDMA runs (anomaly 199). */
static enum usbd_status answer_request(uint32_t task)
{
    enum usbd_status status = USBD_OK;

    if (endpoint0_busy())
        return USBD_BUSY;
    if (engine_pause() != USBD_OK)
        return USBD_TIMEOUT;
    if (usbd_request_over())
        status = USBD_IDLE;
    else
        task_trigger(task);
    engine_resume();
    return status;
}

/* Anomaly 154: behind OUT data the status stage is allowed already, and the task would be for the
 * next one. */
static bool status_is_allowed(void)
{
    const struct usbd_setup setup = latest_setup();

    return errata_apply(ANOMALY_154) && setup.length > 0 && !(setup.request_type & 0x80);
}

enum usbd_status usbd_accept_request(void)
{
    if (status_is_allowed())
        return USBD_OK;
    return answer_request(REG_ADDR(USBD, TASKS_EP0STATUS));
}

enum usbd_status usbd_stall_request(void)
{
    return answer_request(REG_ADDR(USBD, TASKS_EP0STALL));
}
