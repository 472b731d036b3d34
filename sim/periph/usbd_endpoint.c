/* SPDX-License-Identifier: Apache-2.0 */
/*
 * USBD: endpoint registers, and the bulk and interrupt endpoints 1..7 (PS v1.7, 6.35 USBD: Bulk and
 * interrupt transactions).
 *
 * Deviations:
 *   1. Writing SIZE.EPOUT[n] while no packet is held has no effect beyond accepting. A packet is
 *      held from its token on, so one that is still on the wire at that moment is lost. For an
 *      endpoint that is not enabled it is remembered. Writing SIZE.EPOUT[0] has no effect.
 *   2. SIZE.EPOUT[n] keeps its value after EasyDMA fetched the packet, until the next one
 *      arrives.
 *   3. EPSTALL for endpoint 0 has no effect (the manual sends one to EP0STALL).
 *   4. DTOGGLE with VALUE 3, which the manual does not list, only selects. Which endpoint DATA0 and
 *      DATA1 are for is a question (silicon.def, TOGGLE_SELECT).
 *   5. STARTEPOUT[n] without a packet stores what the buffer holds, and accepts the next packet
 *      at its end (the manual: it "enables endpoint n to respond to traffic from host").
 *   6. EPSTALL leaves packets alone: one that was armed or held before the halt is there after
 *      it. Whether it accepts one as before is a question (silicon.def, HALT_ACCEPTS).
 *   7. The index and data window into the core is 2048 bytes of memory. Known are the bits by
 *      which drivers disarm an IN endpoint; they read as 0.
 */
#include "sim/periph/usbd_parts.h"

#include <assert.h>
#include <string.h>

enum {
    DTOGGLE_DATA0 = 1,
    DTOGGLE_DATA1 = 2,
    CORE_DISARM_IN0 = 0x7b4,
    CORE_DISARM_IN0_BIT = 2,
    CORE_DISARM_IN1 = 0x7b6,
    CORE_DISARM_IN_BIT = 1,
};

static bool channel_running(const struct usbd *usbd, unsigned channel)
{
    return usbd_dma_running(usbd) == (int)channel;
}

/* ---- Resetting, enabling, halting ------------------------------------------------------------ */

void usbd_in_drop(struct usbd *usbd, unsigned endpoint)
{
    struct usbd_in *in = &usbd->state.in[endpoint];

    in->armed = false;
    in->sent = false;
    in->stale = channel_running(usbd, endpoint);
}

static void out_drop(struct usbd *usbd, unsigned endpoint)
{
    struct usbd_out *out = &usbd->state.out[endpoint];

    out->full = false;
    out->accepting = false;
    out->stale = channel_running(usbd, CHANNEL_EPOUT + endpoint);
    usbd_notice_void(usbd, endpoint);
}

uint32_t usbd_in_under_way(const struct usbd *usbd, unsigned endpoint)
{
    const struct usbd_in *in = &usbd->state.in[endpoint];

    if (in->armed)
        return in->transfer;
    return channel_running(usbd, endpoint) && !in->stale ? usbd_dma_transfer(usbd) : 0;
}

static void set_size(struct usbd *usbd, unsigned endpoint, uint8_t size)
{
    usbd->state.out[endpoint].size = size;
    regfile_set(&usbd->regs, USBD_SIZE_EPOUT + 4 * endpoint, size);
}

static bool halt_forgets(const struct usbd *usbd)
{
    return usbd_answer(usbd, UNDOCUMENTED_HALT_ACCEPTS) == HALT_ACCEPTS_FORGOTTEN;
}

static void set_halt(struct usbd *usbd, unsigned address, bool halted)
{
    unsigned endpoint = address & 7;

    if (address & ENDPOINT_DIRECTION) {
        usbd->state.in[endpoint].halted = halted;
        regfile_set(&usbd->regs, USBD_HALTED_EPIN + 4 * endpoint, halted);
    } else {
        if (halted && halt_forgets(usbd))
            usbd->state.out[endpoint].accepting = false;
        usbd->state.out[endpoint].halted = halted;
        regfile_set(&usbd->regs, USBD_HALTED_EPOUT + 4 * endpoint, halted);
    }
}

void usbd_endpoints_reset(struct usbd *usbd)
{
    for (unsigned endpoint = 0; endpoint < USBD_ENDPOINTS; endpoint++) {
        usbd_in_drop(usbd, endpoint);
        out_drop(usbd, endpoint);
        set_size(usbd, endpoint, 0);
        set_halt(usbd, endpoint | ENDPOINT_DIRECTION, false);
        set_halt(usbd, endpoint, false);
        usbd->state.in[endpoint].toggle = 0;
        usbd->state.out[endpoint].toggle = 0;
    }
    usbd_iso_drop_in(usbd);
    usbd_iso_drop_out(usbd);
    if (usbd->fabric->silicon.answer[UNDOCUMENTED_RESET_ENDPOINTS] != RESET_ENDPOINTS_DISABLED)
        return;
    regfile_set(&usbd->regs, USBD_EPINEN, 1);
    regfile_set(&usbd->regs, USBD_EPOUTEN, 1);
}

void usbd_epinen_written(void *owner, unsigned index, uint32_t value)
{
    (void)index;
    for (unsigned endpoint = 0; endpoint < USBD_ENDPOINTS; endpoint++) {
        if (!(value & bit32(endpoint)))
            usbd_in_drop(owner, endpoint);
    }
    if (!(value & bit32(USBD_EPINEN_ISOIN_LSB)))
        usbd_iso_drop_in(owner);
}

void usbd_epouten_written(void *owner, unsigned index, uint32_t value)
{
    (void)index;
    for (unsigned endpoint = 0; endpoint < USBD_ENDPOINTS; endpoint++) {
        if (!(value & bit32(endpoint)))
            out_drop(owner, endpoint);
    }
    if (!(value & bit32(USBD_EPOUTEN_ISOOUT_LSB)))
        usbd_iso_drop_out(owner);
}

void usbd_epstall_written(void *owner, unsigned index, uint32_t value)
{
    (void)index;
    if (value & 7)
        set_halt(owner, value & 0x87, extract32(value, USBD_EPSTALL_STALL_LSB, 1));
}

/* ---- DTOGGLE --------------------------------------------------------------------------------- */

static uint8_t *toggle_of(struct usbd *usbd, unsigned address)
{
    unsigned endpoint = address & 7;

    return address & ENDPOINT_DIRECTION ? &usbd->state.in[endpoint].toggle
                                        : &usbd->state.out[endpoint].toggle;
}

static bool takes_selected(const struct usbd *usbd)
{
    return usbd_answer(usbd, UNDOCUMENTED_TOGGLE_SELECT) == TOGGLE_SELECT_BEFORE;
}

uint32_t usbd_dtoggle_read(void *owner, unsigned index)
{
    struct usbd *usbd = owner;
    uint8_t selected = usbd->state.power.selected;
    uint32_t value = *toggle_of(usbd, selected) ? DTOGGLE_DATA1 : DTOGGLE_DATA0;

    (void)index;
    return selected | value << USBD_DTOGGLE_VALUE_LSB;
}

void usbd_dtoggle_written(void *owner, unsigned index, uint32_t value)
{
    struct usbd *usbd = owner;
    uint32_t toggle = extract32(value, USBD_DTOGGLE_VALUE_LSB, USBD_DTOGGLE_VALUE_WIDTH);
    uint8_t before = usbd->state.power.selected;
    uint8_t named = (uint8_t)(value & 0x87);

    (void)index;
    usbd->state.power.selected = named;
    if (toggle == DTOGGLE_DATA0 || toggle == DTOGGLE_DATA1)
        *toggle_of(usbd, takes_selected(usbd) ? before : named) = toggle == DTOGGLE_DATA1;
}

/* ---- SIZE ------------------------------------------------------------------------------------ */

/* SIZE must not be read while EasyDMA works for somebody else. */
static uint32_t size_read(struct usbd *usbd, uint32_t offset, unsigned channel)
{
    int running = usbd_dma_running(usbd);
    uint32_t value = regfile_get(&usbd->regs, offset);

    if (running < 0 || running == (int)channel)
        return value;
    usbd_misuse(usbd, MISUSE_DMA_REGISTER, offset, value, usbd_dma_transfer(usbd));
    if (usbd_answer(usbd, UNDOCUMENTED_SIZE_IN_DMA) != SIZE_IN_DMA_WRONG)
        return value;
    return usbd->easydma->state.transfer[usbd->channel + (unsigned)running].window.size;
}

uint32_t usbd_size_read(void *owner, unsigned index)
{
    return size_read(owner, USBD_SIZE_EPOUT + 4 * index, CHANNEL_EPOUT + index);
}

uint32_t usbd_isosize_read(void *owner, unsigned index)
{
    (void)index;
    return size_read(owner, USBD_SIZE_ISOOUT, CHANNEL_ISOOUT);
}

void usbd_out_accept(struct usbd *usbd, unsigned endpoint)
{
    struct usbd_out *out = &usbd->state.out[endpoint];

    if (!endpoint)
        return;
    if (out->full) {
        usbd_misuse(usbd, MISUSE_OUT_DISCARDED, USBD_SIZE_EPOUT + 4 * endpoint, out->size, 0);
        set_size(usbd, endpoint, 0);
        usbd_notice_void(usbd, endpoint);
    }
    out->full = false;
    out->accepting = true;
}

void usbd_size_written(void *owner, unsigned index, uint32_t value)
{
    struct usbd *usbd = owner;

    (void)value;
    set_size(usbd, index, usbd->state.out[index].size);
    if (!usbd_has(usbd, ERRATUM_200))
        usbd_out_accept(usbd, index);
}

/* ---- The window into the core ---------------------------------------------------------------- */

static uint32_t core_index(const struct usbd *usbd)
{
    return regfile_get(&usbd->regs, USBD_UNDOC_MACINDEX) % USBD_CORE_BYTES;
}

uint32_t usbd_macdata_read(void *owner, unsigned index)
{
    (void)index;
    return usbd_core_read(owner, core_index(owner));
}

void usbd_macdata_written(void *owner, unsigned index, uint32_t value)
{
    struct usbd *usbd = owner;
    uint32_t at = core_index(usbd);
    unsigned endpoint = at == CORE_DISARM_IN0 ? 0 : (at - CORE_DISARM_IN1) / 2 + 1;
    unsigned bit = endpoint ? CORE_DISARM_IN_BIT : CORE_DISARM_IN0_BIT;
    bool disarms = at >= CORE_DISARM_IN0 && at % 2 == 0 && endpoint < USBD_ENDPOINTS;

    (void)index;
    if (usbd_core_written(usbd, at, (uint8_t)value))
        return;
    usbd->state.core[at] = (uint8_t)value;
    if (disarms && (value & bit32(bit))) {
        usbd->state.core[at] = (uint8_t)(value & ~bit32(bit));
        usbd_in_drop(usbd, endpoint);
    }
}

/* ---- Packets --------------------------------------------------------------------------------- */

void usbd_in_packet(struct usbd *usbd, unsigned endpoint, struct usb_data *data)
{
    struct usbd_in *in = &usbd->state.in[endpoint];

    data->pid = in->toggle ? PID_DATA1 : PID_DATA0;
    data->size = in->size;
    data->transfer = in->transfer;
    memcpy(data->bytes, in->buffer, in->size);
    in->sent = true;
}

void usbd_out_store(struct usbd *usbd, unsigned endpoint, const uint8_t *bytes, size_t size)
{
    struct usbd_out *out = &usbd->state.out[endpoint];

    assert(size <= USB_PACKET_MAX);
    if (size)
        memcpy(out->buffer, bytes, size);
    set_size(usbd, endpoint, (uint8_t)size);
    out->full = true;
    out->accepting = false;
    out->toggle ^= 1;
}

bool usbd_endpoint_enabled(const struct usbd *usbd, uint32_t offset, unsigned endpoint)
{
    return regfile_get(&usbd->regs, offset) & bit32(endpoint);
}

enum usb_answer usbd_endpoint_in(struct usbd *usbd, unsigned endpoint, struct usb_data *data)
{
    const struct usbd_in *in = &usbd->state.in[endpoint];

    if (!usbd_endpoint_enabled(usbd, USBD_EPINEN, endpoint))
        return USB_ANSWER_NONE;
    if (in->halted)
        return USB_ANSWER_STALL;
    if (!in->armed)
        return USB_ANSWER_NAK;
    usbd_in_packet(usbd, endpoint, data);
    return USB_ANSWER_ACK;
}

void usbd_endpoint_in_acknowledged(struct usbd *usbd, unsigned endpoint)
{
    struct usbd_in *in = &usbd->state.in[endpoint];
    uint32_t bit = bit32(endpoint);

    if (!in->sent)
        return;
    in->sent = false;
    in->armed = false;
    in->toggle ^= 1;
    if (!(regfile_get(&usbd->regs, USBD_EPDATASTATUS) & bit))
        in->implied = usbd_dma_ended(usbd, endpoint);
    usbd_add_data_status(usbd, endpoint);
}

/* The host has the packet, so EasyDMA had it before: reading the bit tells the CPU so. */
uint32_t usbd_epdatastatus_read(void *owner, unsigned index)
{
    struct usbd *usbd = owner;
    uint32_t value = regfile_get(&usbd->regs, USBD_EPDATASTATUS);

    (void)index;
    for (unsigned endpoint = 1; endpoint < USBD_ENDPOINTS; endpoint++) {
        if (value & bit32(endpoint))
            usbd_dma_implied(usbd, endpoint, usbd->state.in[endpoint].implied, USBD_EPDATASTATUS);
    }
    usbd_notice_read(usbd, value);
    return value;
}

enum usb_answer usbd_endpoint_out(struct usbd *usbd, unsigned endpoint, enum usb_pid pid,
                                  const uint8_t *bytes, size_t size)
{
    struct usbd_out *out = &usbd->state.out[endpoint];

    if (!usbd_endpoint_enabled(usbd, USBD_EPOUTEN, endpoint))
        return USB_ANSWER_NONE;
    if (out->halted)
        return USB_ANSWER_STALL;
    if (pid != (out->toggle ? PID_DATA1 : PID_DATA0))
        return USB_ANSWER_ACK; /* the host missed our ACK and repeats (USB 2.0, 8.6.4) */
    if (!out->accepting)
        return USB_ANSWER_NAK;
    usbd_out_store(usbd, endpoint, bytes, size);
    usbd_notice_packet(usbd, endpoint);
    usbd_add_data_status(usbd, 16 + endpoint);
    return USB_ANSWER_ACK;
}
