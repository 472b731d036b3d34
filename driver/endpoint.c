/* SPDX-License-Identifier: Apache-2.0 */
#include "driver/endpoint.h"

#include "driver/critical.h"
#include "driver/engine.h"
#include "driver/epin.h"
#include "driver/epout.h"
#include "driver/errata.h"
#include "driver/iso.h"
#include "driver/mmio.h"
#include "driver/registers.h"

enum { LAST_ENDPOINT = 7, ISOCHRONOUS = 8, TOGGLE_DATA0 = 1 };

static uint32_t enable_register(uint8_t address)
{
    return ENDPOINT_IS_IN(address) ? REG_ADDR(USBD, EPINEN) : REG_ADDR(USBD, EPOUTEN);
}

static bool exists(uint8_t address)
{
    unsigned endpoint = ENDPOINT_NUMBER(address);

    return (address & 0x70u) == 0 && endpoint != 0 && endpoint <= ISOCHRONOUS;
}

static bool is_isochronous(uint8_t address)
{
    return ENDPOINT_NUMBER(address) == ISOCHRONOUS;
}

/* Bit of the endpoint in EPDATASTATUS. */
static uint32_t data_bit(uint8_t address)
{
    return 1u << (ENDPOINT_NUMBER(address) + (ENDPOINT_IS_IN(address) ? 0u : 16u));
}

static unsigned channel_of(uint8_t address)
{
    unsigned endpoint = ENDPOINT_NUMBER(address);

    return ENDPOINT_IS_IN(address) ? ENGINE_IN(endpoint) : ENGINE_OUT(endpoint); /* 8 fits */
}

bool endpoint_is_open(uint8_t address)
{
    return exists(address) &&
           mmio_read32(enable_register(address)) & 1u << ENDPOINT_NUMBER(address);
}

/* ---- Halt and toggle ---------------------------------------------------------------------------
 */

static void set_halt(uint8_t address, bool halted)
{
    mmio_write32(REG_ADDR(USBD, EPSTALL), address | FIELD_PREP(USBD_EPSTALL_STALL, halted));
}

/* Two writes: the first selects the endpoint, the second is for the one selected. */
static void start_with_data0(uint8_t address)
{
    mmio_write32(REG_ADDR(USBD, DTOGGLE), address);
    mmio_write32(REG_ADDR(USBD, DTOGGLE), address | FIELD_PREP(USBD_DTOGGLE_VALUE, TOGGLE_DATA0));
}

bool endpoint_halted(uint8_t address)
{
    unsigned endpoint = ENDPOINT_NUMBER(address);

    if (is_isochronous(address))
        return false;
    return mmio_read32(ENDPOINT_IS_IN(address) ? REG_ADDR_N(USBD, HALTED_EPIN, endpoint)
                                               : REG_ADDR_N(USBD, HALTED_EPOUT, endpoint)) != 0;
}

static bool can_halt(uint8_t address)
{
    return endpoint_is_open(address) && !is_isochronous(address);
}

/* News of a packet that was dropped would be taken for news of the next one. */
static void forget_news(uint8_t address)
{
    mmio_write32(REG_ADDR(USBD, EPDATASTATUS), data_bit(address));
    (void)errata_lost_packets(data_bit(address));
}

/* Runs `change` with interrupts masked and EasyDMA idle: nobody else decides about the endpoint,
 * and none of its registers is touched while a transfer is under way. */
static enum usbd_status change(uint8_t address, void (*how)(uint8_t address))
{
    if (engine_pause() != USBD_OK)
        return USBD_TIMEOUT;
    uint32_t before = critical_enter();
    how(address);
    critical_leave(before);
    engine_resume();
    return USBD_OK;
}

static void drop(uint8_t address)
{
    if (!ENDPOINT_IS_IN(address)) {
        epout_drop(ENDPOINT_NUMBER(address));
        return;
    }
    epin_drop(ENDPOINT_NUMBER(address));
    (void)engine_take_back(channel_of(address));
    forget_news(address);
}

static void halt(uint8_t address)
{
    set_halt(address, true);
    if (ENDPOINT_IS_IN(address))
        drop(address);
}

enum usbd_status endpoint_empty(uint8_t address)
{
    return can_halt(address) ? change(address, drop) : USBD_CLOSED;
}

enum usbd_status endpoint_halt(uint8_t address)
{
    return can_halt(address) ? change(address, halt) : USBD_CLOSED;
}

/* While it is halted no packet can arrive: SIZE may be written unless one is there already, even if
 * it is only EasyDMA that it waits for. */
static bool holds_packet(uint8_t address)
{
    return epout_full(ENDPOINT_NUMBER(address)) || engine_owns(channel_of(address)) ||
           mmio_read32(REG_ADDR(USBD, EPDATASTATUS)) & data_bit(address);
}

static void clear_halt(uint8_t address)
{
    if (!ENDPOINT_IS_IN(address) && endpoint_halted(address) && !holds_packet(address))
        errata_accept_packet(ENDPOINT_NUMBER(address));
    start_with_data0(address);
    set_halt(address, false);
}

enum usbd_status endpoint_clear_halt(uint8_t address)
{
    return can_halt(address) ? change(address, clear_halt) : USBD_CLOSED;
}

/* ---- Open and close ----------------------------------------------------------------------------
 */

static void close(uint8_t address)
{
    uint32_t enabled = mmio_read32(enable_register(address));

    mmio_write32(enable_register(address), enabled & ~(1u << ENDPOINT_NUMBER(address)));
    if (is_isochronous(address)) {
        iso_close(ENDPOINT_IS_IN(address));
        return;
    }
    if (ENDPOINT_IS_IN(address))
        epin_close(ENDPOINT_NUMBER(address));
    else
        epout_close(ENDPOINT_NUMBER(address));
    forget_news(address);
}

void endpoint_close(uint8_t address)
{
    if (!exists(address))
        return;
    uint32_t before = critical_enter();
    close(address);
    critical_leave(before);
    (void)engine_take_back(channel_of(address));
}

static void enable(uint8_t address)
{
    uint32_t enabled = mmio_read32(enable_register(address));

    mmio_write32(enable_register(address), enabled | 1u << ENDPOINT_NUMBER(address));
}

static void open_isochronous(uint8_t address)
{
    iso_open(ENDPOINT_IS_IN(address));
    enable(address);
    usbd_watch(USBD_WATCH_FRAMES);
}

static void open(uint8_t address)
{
    unsigned endpoint = ENDPOINT_NUMBER(address);

    start_with_data0(address);
    set_halt(address, false);
    enable(address);
    if (ENDPOINT_IS_IN(address)) {
        epin_open(endpoint);
        return;
    }
    epout_open(endpoint);
    errata_accept_packet(endpoint);
}

enum usbd_status endpoint_open(uint8_t address)
{
    if (!exists(address))
        return USBD_CLOSED;
    endpoint_close(address);
    usbd_watch(USBD_WATCH_PACKETS | (errata_apply(ANOMALY_104) ? USBD_WATCH_FRAMES : 0));
    return change(address, is_isochronous(address) ? open_isochronous : open);
}

/* ---- Events ------------------------------------------------------------------------------------
 */

static void close_all(void)
{
    for (uint8_t endpoint = 1; endpoint <= ISOCHRONOUS; endpoint++) {
        endpoint_close(endpoint);
        endpoint_close(endpoint | 0x80);
    }
}

/* The event was cleared before: a bit that is set from here on brings it again. */
static void packets_moved(void)
{
    uint32_t before = critical_enter();
    uint32_t news = mmio_read32(REG_ADDR(USBD, EPDATASTATUS));

    mmio_write32(REG_ADDR(USBD, EPDATASTATUS), news);
    news |= errata_lost_packets(UINT32_MAX);
    for (uint8_t endpoint = 1; endpoint <= LAST_ENDPOINT; endpoint++) {
        if (news & data_bit(endpoint | 0x80))
            epin_taken(endpoint);
        if (news & data_bit(endpoint))
            epout_arrived(endpoint);
    }
    critical_leave(before);
}

static void frame_begins(void)
{
    uint32_t before = critical_enter();

    iso_frame();
    critical_leave(before);
    if (errata_apply(ANOMALY_104))
        packets_moved();
}

void endpoint_on_event(enum usbd_event event)
{
    if (event == USBD_EVENT_RESET)
        close_all();
    if (event == USBD_EVENT_PACKET)
        packets_moved();
    if (event == USBD_EVENT_FRAME)
        frame_begins();
}
