/* SPDX-License-Identifier: Apache-2.0 */
/* NFCT: frames, byte by byte, either way, between the air and EasyDMA (PS v1.7, 6.13). */
#include "sim/periph/nfct_parts.h"

#include "sim/base/fifo.h"

enum { INDEX_TX, INDEX_RX };
enum delay_mode { DELAY_FREE, DELAY_WINDOW, DELAY_EXACT, DELAY_GRID };

/* ---- Frames that come in --------------------------------------------------------------------- */

static sim_time carrier_periods(uint32_t count)
{
    return (sim_time)count * 6400 / 1356; /* of 13.56 MHz, in cycles of 64 MHz */
}

static void receive_byte(struct nfct *nfct)
{
    struct nfct_state *state = &nfct->state;
    uint8_t byte = nfct_step(nfct)->bytes[state->done];

    nfc_reader_report(nfct->reader, false, byte);
    if (state->done >= easydma_size(nfct_dma(nfct), nfct->rx) || state->waiting == NFCT_FIFO) {
        state->overrun = true;
    } else {
        state->fifo[state->waiting++] = byte;
        easydma_request(nfct_dma(nfct), nfct->rx, 1);
    }
    state->done++;
    if (state->done < nfct_step(nfct)->size)
        nfct_begin(nfct, AIR_RX_BYTE, BITS_BYTE * BIT_TIME);
    else
        nfct_begin(nfct, AIR_RX_END, BITS_END * BIT_TIME);
}

static uint32_t errors_of_frame(const struct nfct *nfct)
{
    bool wrong =
        nfct_step(nfct)->action == NFC_BROKEN && FIELD_OF(nfct, RXD_FRAMECONFIG, CRCMODERX);

    return (wrong ? bit32(FRAMESTATUS_RX_CRCERROR_LSB) : 0) |
           (nfct->state.overrun ? bit32(FRAMESTATUS_RX_OVERRUN_LSB) : 0);
}

/* The answer is expected within FRAMEDELAYMAX. */
static void begin_frame_delay(struct nfct *nfct)
{
    nfct->state.frame_end = nfct_now(nfct);
    scheduler_cancel(nfct->regs.fabric->scheduler, EVENT_NFCT_DELAY, 0);
    if (FIELD_OF(nfct, FRAMEDELAYMODE, FRAMEDELAYMODE) != DELAY_FREE)
        nfct_after(nfct, EVENT_NFCT_DELAY,
                   carrier_periods(FIELD_OF(nfct, FRAMEDELAYMAX, FRAMEDELAYMAX)));
}

static void finish_reception(struct nfct *nfct)
{
    uint32_t errors = errors_of_frame(nfct);
    uint32_t stored;
    bool full;

    if (easydma_outstanding(nfct_dma(nfct), nfct->rx)) { /* the last bytes go to RAM */
        nfct_begin(nfct, AIR_RX_END, 1);
        return;
    }
    full = nfct->state.done >= easydma_size(nfct_dma(nfct), nfct->rx);
    stored = full ? easydma_size(nfct_dma(nfct), nfct->rx) : nfct->state.done;
    regfile_set(&nfct->regs, RXD_AMOUNT, stored << RXD_AMOUNT_RXDATABYTES_LSB);
    regfile_set(&nfct->regs, FRAMESTATUS_RX, regfile_get(&nfct->regs, FRAMESTATUS_RX) | errors);
    nfct->state.next++;
    nfct_become_idle(nfct);
    begin_frame_delay(nfct);
    easydma_end(nfct_dma(nfct), nfct->rx);
    if (full)
        regfile_raise(&nfct->regs, EVENTS_ENDRX);
    regfile_raise(&nfct->regs, errors ? EVENTS_RXERROR : EVENTS_RXFRAMEEND);
    nfct_await_reader(nfct);
}

static void no_answer(void *owner, const struct event *event)
{
    struct nfct *nfct = owner;

    (void)event;
    regfile_set(&nfct->regs, ERRORSTATUS,
                regfile_get(&nfct->regs, ERRORSTATUS) | bit32(ERRORSTATUS_FRAMEDELAYTIMEOUT_LSB));
    regfile_raise(&nfct->regs, EVENTS_ERROR);
}

/* ---- Frames that go out ---------------------------------------------------------------------- */

/* How long a frame that is ready now has to wait (PS v1.7, 6.13.5 Frame timing controller). */
static sim_time frame_delay(const struct nfct *nfct)
{
    uint32_t mode = FIELD_OF(nfct, FRAMEDELAYMODE, FRAMEDELAYMODE);
    sim_time past = nfct_now(nfct) - nfct->state.frame_end;
    sim_time least = carrier_periods(FIELD_OF(nfct, FRAMEDELAYMIN, FRAMEDELAYMIN));
    sim_time most = carrier_periods(FIELD_OF(nfct, FRAMEDELAYMAX, FRAMEDELAYMAX));

    if (mode == DELAY_FREE || !nfct->state.frame_end || past > most)
        return 0;
    if (mode == DELAY_EXACT)
        return most - past;
    if (past < least)
        return least - past;
    return mode == DELAY_GRID ? (BIT_TIME - (past - least) % BIT_TIME) % BIT_TIME : 0;
}

static void send_next(struct nfct *nfct)
{
    struct nfct_state *state = &nfct->state;

    if (state->done < easydma_size(nfct_dma(nfct), nfct->tx)) {
        state->late = !state->held;
        if (!state->late)
            nfct_begin(nfct, AIR_TX_BYTE, BITS_BYTE * BIT_TIME);
        return;
    }
    if (easydma_running(nfct_dma(nfct), nfct->tx))
        easydma_end(nfct_dma(nfct), nfct->tx);
    if (FIELD_OF(nfct, TXD_FRAMECONFIG, CRCMODETX))
        nfct_begin(nfct, AIR_TX_CRC, NFC_CRC_BYTES * BITS_BYTE * BIT_TIME);
    else
        nfct_begin(nfct, AIR_TX_END, BITS_END * BIT_TIME);
}

static void begin_frame(struct nfct *nfct)
{
    nfct->state.crc = NFC_CRC_SEED;
    nfct->state.done = 0;
    regfile_raise(&nfct->regs, EVENTS_TXFRAMESTART);
    send_next(nfct);
}

static void report_sent(const struct nfct *nfct, uint8_t byte)
{
    if (nfct->reader && nfct->state.field)
        nfc_reader_report(nfct->reader, true, byte);
}

static void send_byte(struct nfct *nfct)
{
    struct nfct_state *state = &nfct->state;

    report_sent(nfct, state->byte);
    state->crc = nfc_crc_of_byte(state->crc, state->byte);
    state->held = false;
    state->done++;
    if (state->done < easydma_size(nfct_dma(nfct), nfct->tx))
        easydma_request(nfct_dma(nfct), nfct->tx, 1);
    send_next(nfct);
}

static void send_crc(struct nfct *nfct)
{
    report_sent(nfct, (uint8_t)nfct->state.crc);
    report_sent(nfct, (uint8_t)(nfct->state.crc >> 8));
    nfct_begin(nfct, AIR_TX_END, BITS_END * BIT_TIME);
}

static void finish_frame(struct nfct *nfct)
{
    nfct_become_idle(nfct);
    regfile_raise(&nfct->regs, EVENTS_TXFRAMEEND);
}

static void finish_selection(struct nfct *nfct)
{
    nfct->state.selected = true;
    nfct_become_idle(nfct);
    regfile_raise(&nfct->regs, EVENTS_SELECTED);
}

static void air_is_over(void *owner, const struct event *event)
{
    static void (*const next[])(struct nfct * nfct) = {
        [AIR_SELECTING] = finish_selection, [AIR_RX_BYTE] = receive_byte,
        [AIR_RX_END] = finish_reception,    [AIR_TX_WAIT] = begin_frame,
        [AIR_TX_BYTE] = send_byte,          [AIR_TX_CRC] = send_crc,
        [AIR_TX_END] = finish_frame};
    struct nfct *nfct = owner;

    (void)event;
    if (nfct->state.air == AIR_RX_START) {
        regfile_raise(&nfct->regs, EVENTS_RXFRAMESTART);
        nfct_begin(nfct, AIR_RX_BYTE, BITS_BYTE * BIT_TIME);
        return;
    }
    next[nfct->state.air](nfct);
}

/* ---- EasyDMA --------------------------------------------------------------------------------- */

static struct byte_range window(void *owner, unsigned index, guest_addr pointer)
{
    const struct nfct *nfct = owner;
    uint32_t size = FIELD_OF(nfct, MAXLEN, MAXLEN);

    if (index == INDEX_TX)
        size = FIELD_OF(nfct, TXD_AMOUNT, TXDATABYTES) +
               (FIELD_OF(nfct, TXD_AMOUNT, TXDATABITS) ? 1 : 0);
    return (struct byte_range){pointer, size};
}

static void started(void *owner, unsigned index)
{
    struct nfct *nfct = owner;

    regfile_raise(&nfct->regs, EVENTS_STARTED);
    if (index != INDEX_TX)
        return;
    if (easydma_size(nfct_dma(nfct), nfct->tx))
        easydma_request(nfct_dma(nfct), nfct->tx, 1);
    nfct_begin(nfct, AIR_TX_WAIT, frame_delay(nfct));
}

static void receive(void *owner, unsigned index, uint32_t offset, const uint8_t *bytes,
                    uint32_t size)
{
    struct nfct *nfct = owner;

    (void)index, (void)offset, (void)size; /* one byte each time, as asked for */
    nfct->state.byte = bytes[0];
    nfct->state.held = true;
    if (nfct->state.late)
        send_next(nfct);
}

static void supply(void *owner, unsigned index, uint32_t offset, uint8_t *bytes, uint32_t size)
{
    struct nfct_state *state = &((struct nfct *)owner)->state;

    (void)index, (void)offset;
    fifo_take(bytes, state->fifo, NFCT_FIFO, &state->waiting, size);
}

/* Both directions end with their frame. */
static void drained(void *owner, unsigned index)
{
    (void)owner, (void)index;
}

static void ended(void *owner, unsigned index, uint32_t amount)
{
    struct nfct *nfct = owner;

    (void)amount;
    if (index == INDEX_TX)
        regfile_raise(&nfct->regs, EVENTS_ENDTX);
}

/* ---- Wiring ---------------------------------------------------------------------------------- */

static const struct easydma_ops dma_ops = {.window = window,
                                           .started = started,
                                           .receive = receive,
                                           .supply = supply,
                                           .drained = drained,
                                           .ended = ended};

static void add_channels(struct nfct *nfct, struct easydma *dma)
{
    const struct easydma_channel tx = {.name = {"NFCT", "TXD", "TASKS_STARTTX", 257, DMA_OFF_CHIP},
                                       .direction = DMA_READS_RAM,
                                       .index = INDEX_TX,
                                       .ptr = PACKETPTR,
                                       .end_event = EVENTS_ENDTX,
                                       .tells = {EVENTS_TXFRAMEEND},
                                       .unit = 1,
                                       .paced = true};
    const struct easydma_channel rx = {
        .name = {"NFCT", "RXD", "TASKS_ENABLERXDATA", 257, DMA_ON_CHIP},
        .direction = DMA_WRITES_RAM,
        .index = INDEX_RX,
        .ptr = PACKETPTR,
        .end_event = EVENTS_RXFRAMEEND,
        .tells = {EVENTS_RXERROR, EVENTS_ENDRX},
        .unit = 1,
        .paced = true};

    nfct->tx = easydma_add(dma, &nfct->regs, tx, &dma_ops, nfct);
    nfct->rx = easydma_add(dma, &nfct->regs, rx, &dma_ops, nfct);
}

void nfct_frames_init(struct nfct *nfct)
{
    struct fabric *fabric = nfct->regs.fabric;

    scheduler_handle(fabric->scheduler, EVENT_NFCT_AIR, air_is_over, nfct);
    scheduler_handle(fabric->scheduler, EVENT_NFCT_DELAY, no_answer, nfct);
    add_channels(nfct, fabric->easydma);
}
