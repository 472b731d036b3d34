/* SPDX-License-Identifier: Apache-2.0 */
#include "driver/usbd.h"

#include "driver/engine.h"
#include "driver/ep0in.h"
#include "driver/ep0out.h"
#include "driver/errata.h"
#include "driver/mmio.h"
#include "driver/registers.h"

#include <stdbool.h>

/* INTEN bit n belongs to the event register at 0x100 + 4n (PS 6.35, INTEN). */
#define INTERRUPT_OF(event) (1u << (((event)-0x100) / 4))

static bool packets_watched;

static void enable(void)
{
    mmio_write32(REG_ADDR(USBD, EVENTCAUSE), FIELD_MASK(USBD_EVENTCAUSE_READY));
    errata_before_enable();
    mmio_write32(REG_ADDR(USBD, ENABLE), 1);
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
    event_clear(REG_ADDR(CLOCK, EVENTS_HFCLKSTARTED));
    task_trigger(REG_ADDR(CLOCK, TASKS_HFCLKSTART));
    if (!wait_until_ready(POLLS) || !mmio_wait(REG_ADDR(POWER, USBREGSTATUS), regulator, POLLS) ||
        !mmio_wait(REG_ADDR(CLOCK, EVENTS_HFCLKSTARTED), UINT32_MAX, POLLS))
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

/* A buffer that cannot be taken back stays busy, and the next start says so. */
static void recover_endpoint0(void)
{
    (void)!ep0in_recover();
    (void)!ep0out_recover();
}

static void on_bus_reset(void)
{
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
        return ep0in_sending_last();
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

    return (packets_watched && event_take(REG_ADDR(USBD, EVENTS_EPDATA))) || moved;
}

enum usbd_event usbd_next_event(void)
{
    if (event_take(REG_ADDR(USBD, EVENTS_USBRESET))) {
        on_bus_reset();
        return USBD_EVENT_RESET;
    }
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

struct usbd_setup usbd_read_setup(void)
{
    struct usbd_setup setup;

    do { /* again, when the next SETUP arrived meanwhile: the half of two packets is none */
        setup = (struct usbd_setup){
            .request_type = setup_byte(REG_ADDR(USBD, BMREQUESTTYPE)),
            .request = setup_byte(REG_ADDR(USBD, BREQUEST)),
            .value = setup_word(REG_ADDR(USBD, WVALUEL), REG_ADDR(USBD, WVALUEH)),
            .index = setup_word(REG_ADDR(USBD, WINDEXL), REG_ADDR(USBD, WINDEXH)),
            .length = setup_word(REG_ADDR(USBD, WLENGTHL), REG_ADDR(USBD, WLENGTHH)),
        };
    } while (event_take(REG_ADDR(USBD, EVENTS_EP0SETUP)));
    return setup;
}

void usbd_watch_packets(void)
{
    const uint32_t ends = INTERRUPT_OF(USBD_EVENTS_ENDISOIN) | INTERRUPT_OF(USBD_EVENTS_ENDISOOUT) |
                          0xffu * INTERRUPT_OF(USBD_EVENTS_ENDEPIN) |
                          0xffu * INTERRUPT_OF(USBD_EVENTS_ENDEPOUT);

    packets_watched = true;
    mmio_write32(REG_ADDR(USBD, INTENSET), INTERRUPT_OF(USBD_EVENTS_EPDATA) | ends);
}

/* A read has the shortcut, and a packet that is on its way needs the request it belongs to. */
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

enum usbd_status usbd_accept_request(void)
{
    return answer_request(REG_ADDR(USBD, TASKS_EP0STATUS));
}

enum usbd_status usbd_stall_request(void)
{
    return answer_request(REG_ADDR(USBD, TASKS_EP0STALL));
}
