/* SPDX-License-Identifier: Apache-2.0 */
/*
 * USBD: the isochronous pair, endpoint 8 (PS v1.7, 6.35 USBD: Isochronous transactions).
 *
 * There are two banks of 1 KiB. In each frame the host's tokens use one of them and EasyDMA the
 * other; they change sides at the SOF. So what is fetched in a frame goes to the host in the next
 * one, and what the host sends in a frame can be stored in the next one.
 *
 * Deviations:
 *   1. A transfer that is still running at a SOF goes on in the other bank. The manual calls its
 *      result undefined; it is reported.
 *   2. ISOSPLIT = OneDir gives both directions the whole bank: when both are used, each
 *      overwrites the other's packet. HalfIN gives IN the lower half, OUT the upper one; values
 *      other than 0x0080 act as OneDir. What does not fit is cut off.
 *   3. A packet that the host did not fetch in its frame is dropped; so is a second OUT packet's
 *      predecessor in one frame.
 *   4. ISOOUTCRC comes with the damaged packet. Its bytes and SIZE are as they arrived.
 *   5. MAXCNT other than SIZE.ISOOUT is not reported: SIZE changes every frame.
 *   6. With erratum 166 and without its workaround there is one bank for both sides: packets are
 *      torn, or come in another frame. What its title, "double buffering not functional", means
 *      in detail is not public.
 */
#include "sim/periph/usbd_parts.h"

#include <string.h>

enum {
    SPLIT_HALF_IN = 0x80,
    HALF = USBD_ISO_BANK_BYTES / 2,
    CORE_ISO_BANKS = 0x7e3, /* of the undocumented window */
    CORE_ISO_BANKS_WORK = 0x40,
};

static bool is_split(const struct usbd *usbd)
{
    return regfile_get(&usbd->regs, USBD_ISOSPLIT) == SPLIT_HALF_IN;
}

static struct usbd_iso_bank *bus_bank(struct usbd *usbd)
{
    return &usbd->state.iso.bank[usbd->state.iso.on_bus];
}

/* Erratum 166, deviation 6: both sides use the same bank. */
static bool has_one_bank(const struct usbd *usbd)
{
    return usbd_has(usbd, ERRATUM_166) && usbd->state.core[CORE_ISO_BANKS] != CORE_ISO_BANKS_WORK;
}

static struct usbd_iso_bank *dma_bank(struct usbd *usbd)
{
    return &usbd->state.iso.bank[usbd->state.iso.on_bus ^ !has_one_bank(usbd)];
}

/* Where a direction's packet stands in a bank, and how long it may be. */
static uint8_t *packet_in(struct usbd *usbd, struct usbd_iso_bank *bank, bool in, uint32_t *room)
{
    bool split = is_split(usbd);

    *room = split ? HALF : USBD_ISO_BANK_BYTES;
    return bank->bytes + (split && !in ? HALF : 0);
}

/* ---- EasyDMA's side -------------------------------------------------------------------------- */

uint8_t *usbd_iso_buffer(struct usbd *usbd, bool in, uint32_t *room)
{
    return packet_in(usbd, dma_bank(usbd), in, room);
}

void usbd_iso_fetched(struct usbd *usbd, uint32_t amount)
{
    struct usbd_iso_bank *bank = dma_bank(usbd);
    uint32_t room;

    (void)packet_in(usbd, bank, true, &room);
    bank->in_loaded = !usbd->state.iso.stale;
    bank->in_size = (uint16_t)(amount < room ? amount : room);
    bank->transfer = usbd_dma_ended(usbd, CHANNEL_ISOIN);
    usbd->state.iso.stale = false;
}

void usbd_iso_check_length(struct usbd *usbd, uint32_t offset, uint32_t maxcnt)
{
    if (is_split(usbd) && maxcnt > HALF)
        usbd_misuse(usbd, MISUSE_DMA_OVER_HALF, offset, maxcnt, usbd_dma_transfer(usbd));
}

/* ---- Frames ---------------------------------------------------------------------------------- */

static void show_size(struct usbd *usbd, const struct usbd_iso_bank *bank)
{
    bool zero = !bank->out_received || !bank->out_size;

    regfile_set(&usbd->regs, USBD_SIZE_ISOOUT,
                zero ? bit32(USBD_SIZE_ISOOUT_ZERO_LSB) : bank->out_size);
}

/* Deviation 1. */
static void check_running(struct usbd *usbd)
{
    int running = usbd_dma_running(usbd);

    if (running == CHANNEL_ISOIN)
        usbd_misuse(usbd, MISUSE_DMA_OVERTAKEN, USBD_TASKS_STARTISOIN, 1, usbd_dma_transfer(usbd));
    if (running == CHANNEL_ISOOUT)
        usbd_misuse(usbd, MISUSE_DMA_OVERTAKEN, USBD_TASKS_STARTISOOUT, 1, usbd_dma_transfer(usbd));
}

void usbd_iso_frame(struct usbd *usbd)
{
    bool turn = !has_one_bank(usbd);

    check_running(usbd);
    usbd->state.iso.on_bus ^= turn;
    show_size(usbd, dma_bank(usbd));
    dma_bank(usbd)->in_loaded &= !turn;
    bus_bank(usbd)->out_received = false;
}

void usbd_iso_drop_in(struct usbd *usbd)
{
    bus_bank(usbd)->in_loaded = false;
    dma_bank(usbd)->in_loaded = false;
    usbd->state.iso.stale = usbd_dma_running(usbd) == CHANNEL_ISOIN;
}

void usbd_iso_drop_out(struct usbd *usbd)
{
    bus_bank(usbd)->out_received = false;
    dma_bank(usbd)->out_received = false;
    show_size(usbd, dma_bank(usbd));
}

/* ---- Tokens ---------------------------------------------------------------------------------- */

void usbd_iso_out(struct usbd *usbd, const uint8_t *bytes, size_t size, bool intact)
{
    struct usbd_iso_bank *bank = bus_bank(usbd);
    uint32_t room;
    uint8_t *packet = packet_in(usbd, bank, false, &room);

    if (!usbd_endpoint_enabled(usbd, USBD_EPOUTEN, ENDPOINT_ISOCHRONOUS))
        return;
    bank->out_received = true;
    bank->out_size = (uint16_t)(size < room ? size : room);
    if (size)
        memcpy(packet, bytes, bank->out_size);
    if (!intact)
        usbd_add_cause(usbd, USBD_EVENTCAUSE_ISOOUTCRC_LSB);
}

static void send(struct usbd *usbd, struct usbd_iso_bank *bank, struct usb_data *data)
{
    uint32_t room;
    const uint8_t *packet = packet_in(usbd, bank, true, &room);

    data->size = bank->in_size < USB_ISO_MAX ? bank->in_size : USB_ISO_MAX;
    data->transfer = bank->transfer;
    memcpy(data->bytes, packet, data->size);
    bank->in_loaded = false;
}

bool usbd_iso_in(struct usbd *usbd, struct usb_data *data)
{
    struct usbd_iso_bank *bank = bus_bank(usbd);

    if (!usbd_endpoint_enabled(usbd, USBD_EPINEN, ENDPOINT_ISOCHRONOUS))
        return false;
    if (!bank->in_loaded && !(regfile_get(&usbd->regs, USBD_ISOINCONFIG) & 1))
        return false;
    data->pid = PID_DATA0;
    data->size = 0;
    data->transfer = 0;
    if (bank->in_loaded)
        send(usbd, bank, data);
    return true;
}
