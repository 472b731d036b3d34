/* SPDX-License-Identifier: Apache-2.0 */
#include "driver/iso.h"

#include "driver/critical.h"
#include "driver/engine.h"
#include "driver/memory.h"
#include "driver/mmio.h"
#include "driver/registers.h"

/* Changed with interrupts masked only, but for the bytes of `in` while it is filling. */
static struct {
    uint8_t bytes[ISO_PACKET_MAX] __attribute__((aligned(4)));
    bool open;
    bool filling; /* isoin_start is copying */
    bool loaded;  /* this frame has its packet */
} in;

static struct {
    uint8_t bytes[ISO_PACKET_MAX] __attribute__((aligned(4)));
    bool open;
    bool filled; /* the buffer has a packet, even while it is taken, or gets it from EasyDMA */
    bool taking; /* isoout_end is copying */
    bool torn;   /* the frame ended before EasyDMA did: the bytes are of two packets */
} out;

static enum usbd_status claim_in(void)
{
    uint32_t before = critical_enter();
    enum usbd_status status = USBD_OK;

    if (in.filling || in.loaded || engine_owns(ENGINE_ISOIN))
        status = USBD_BUSY;
    else
        in.filling = true;
    critical_leave(before);
    return status;
}

static enum usbd_status hand_over(uint32_t size)
{
    uint32_t before = critical_enter();
    bool open = in.open;

    in.filling = false;
    if (open) {
        in.loaded = true;
        engine_move(ENGINE_ISOIN, in.bytes, size);
    }
    critical_leave(before);
    return open ? USBD_OK : USBD_CLOSED;
}

enum usbd_status isoin_start(const void *bytes, uint32_t size)
{
    if (size > sizeof in.bytes)
        return USBD_TOO_LONG;
    enum usbd_status status = claim_in();
    if (status != USBD_OK)
        return status;
    memcpy(in.bytes, bytes, size);
    return hand_over(size);
}

/* A packet that is empty, or of which the bytes cannot be trusted, is none. */
static bool holds_packet(void)
{
    return out.filled && !out.torn && engine_size(ENGINE_ISOOUT) > 0;
}

static enum usbd_status state_of_out(void)
{
    if (!out.open)
        return USBD_CLOSED;
    if (out.taking)
        return USBD_BUSY;
    if (engine_owns(ENGINE_ISOOUT))
        return USBD_NOT_DONE;
    out.filled = holds_packet();
    return out.filled ? USBD_OK : USBD_IDLE;
}

static enum usbd_status claim_out(uint32_t room, uint32_t *size)
{
    uint32_t before = critical_enter();
    enum usbd_status status = state_of_out();

    if (status == USBD_OK) {
        *size = engine_size(ENGINE_ISOOUT);
        out.taking = *size <= room;
        status = out.taking ? USBD_OK : USBD_TOO_LONG;
    }
    critical_leave(before);
    return status;
}

enum usbd_status isoout_end(void *to, uint32_t room, uint32_t *size)
{
    enum usbd_status status = claim_out(room, size);

    if (status != USBD_OK)
        return status;
    memcpy(to, out.bytes, *size);
    uint32_t before = critical_enter();
    out.taking = false;
    out.filled = false;
    critical_leave(before);
    return USBD_OK;
}

/* ---- For endpoint.c ----------------------------------------------------------------------------
 */

void iso_open(bool is_in)
{
    enum { HALF_IN = 0x80 };

    mmio_write32(REG_ADDR(USBD, ISOSPLIT), HALF_IN);
    if (is_in)
        in.open = true;
    else
        out.open = true;
}

void iso_close(bool is_in)
{
    if (is_in) {
        in.open = false;
        in.loaded = false;
    } else {
        out.open = false;
        out.filled = out.taking;
    }
}

/* EVENTCAUSE says of the frame that has ended whether its packet was damaged. */
static bool was_damaged(void)
{
    uint32_t crc = FIELD_MASK(USBD_EVENTCAUSE_ISOOUTCRC);

    if (!(mmio_read32(REG_ADDR(USBD, EVENTCAUSE)) & crc))
        return false;
    mmio_write32(REG_ADDR(USBD, EVENTCAUSE), crc);
    return true;
}

static void fetch(void)
{
    bool damaged = was_damaged();

    if (engine_owns(ENGINE_ISOOUT)) {
        out.torn = true;
    } else if (!holds_packet() && !damaged) {
        out.filled = true;
        out.torn = false;
        engine_move(ENGINE_ISOOUT, out.bytes, sizeof out.bytes);
    }
}

void iso_frame(void)
{
    in.loaded = false;
    if (out.open)
        fetch();
}
