/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RADIO: 2.4 GHz radio (PS v1.7, 6.20).
 *
 * Deviations:
 *   1. Bits are not modulated: a packet of the right modulation, frequency and address is heard, if
 *      the receiver was on before the first bit of its address. Of two at a time the first one is.
 *   2. Nothing is delayed on its way between antenna and registers (no RX and TX chain delays).
 *   3. The preamble has the usual length for MODE, whatever PLEN says; CILEN and TERMLEN are those
 *      of Bluetooth in the long range modes, and 0 in all others.
 *   4. A byte to send is fetched while the one before is on the air. Should it come too late, the
 *      air waits for it. Events that tell of received bytes wait until these are in RAM.
 *   5. In long range the state stays TX or RX until PHYEND: END_START has no effect.
 *   6. START while a packet is received begins anew; while one is sent, and in states that are
 *      neither TXIDLE nor RXIDLE, it has no effect. START by the CPU before READY is reported.
 *   7. DISABLE while DISABLED raises DISABLED, as drivers rely on. DISABLE drops a packet under way
 *      without END.
 *   8. Where nobody sends there are -100 dBm; a sample does not vary. Carrier detection finds
 *      packets of 802.15.4, whatever CCACORRTHRES and CCACORRCNT say.
 *   9. SYNC comes with ADDRESS. MHRMATCH looks at the first four bytes behind LENGTH.
 *  10. DTX, and what is sent between READY and START, do not exist.
 *  11. MODE with a reserved value is reported, and Nrf 1M.
 *  12. Without the crystal oscillator everything works, and is reported.
 */
#include "sim/periph/radio_parts.h"

#include "sim/base/compiler.h"
#include "sim/board/board.h"
#include "sim/periph/notice.h"
#include "sim/periph/place.h"

#include <string.h>

static const struct reg_desc radio_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/radio.def"
};

static const struct field_desc radio_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/radio.def"
};

/* PS v1.7, 6.20.15: ramp-up by default, of 802.15.4, and fast. */
enum { RAMP_UP_US = 140, RAMP_UP_IEEE_US = 130, RAMP_UP_FAST_US = 40 };

void radio_schedule(struct radio *radio, enum event_id id, sim_time delay)
{
    scheduler_cancel(radio->regs.fabric->scheduler, id, 0);
    scheduler_add(radio->regs.fabric->scheduler, id, 0, delay, 0);
}

void radio_cancel(struct radio *radio, enum event_id id)
{
    scheduler_cancel(radio->regs.fabric->scheduler, id, 0);
}

/* ---- States ---------------------------------------------------------------------------------- */

static void enter(struct radio *radio, unsigned state)
{
    regfile_set(&radio->regs, RADIO_STATE, state);
}

static sim_time ramp_up_time(const struct radio *radio)
{
    if (RADIO_FIELD(radio, MODECNF0, RU))
        return RAMP_UP_FAST_US * CYCLES_PER_US;
    if (RADIO_FIELD(radio, MODE, MODE) == AIR_IEEE802154)
        return RAMP_UP_IEEE_US * CYCLES_PER_US;
    return RAMP_UP_US * CYCLES_PER_US;
}

/* With the shortcuts from DISABLED, READY comes so late that TIFS is kept. */
static sim_time time_to_ready(const struct radio *radio)
{
    sim_time ready = radio_now(radio) + ramp_up_time(radio);
    sim_time spaced = radio->state.last_end + RADIO_FIELD(radio, TIFS, TIFS) * CYCLES_PER_US;
    bool by_shortcut = radio->regs.fabric->trigger == DMA_BY_SHORTCUT;

    return (by_shortcut && spaced > ready ? spaced : ready) - radio_now(radio);
}

static bool can_ramp_up(const struct radio *radio)
{
    unsigned state = radio_is(radio);

    return state == RADIO_IS_DISABLED || state == RADIO_IS_RXIDLE || state == RADIO_IS_TXIDLE ||
           state == RADIO_IS_RX;
}

static void ramp_up(struct radio *radio, unsigned state)
{
    if (!can_ramp_up(radio) || !RADIO_FIELD(radio, POWER, POWER))
        return;
    radio_hold(radio);
    radio_forget_measurements(radio);
    enter(radio, state);
    radio_schedule(radio, EVENT_RADIO_STATE, time_to_ready(radio));
}

static void txen(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    ramp_up(owner, RADIO_IS_TXRU);
}

static void rxen(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    ramp_up(owner, RADIO_IS_RXRU);
}

static void become_ready(struct radio *radio, unsigned state, uint32_t event)
{
    enter(radio, state);
    regfile_raise(&radio->regs, RADIO_EVENTS_READY);
    regfile_raise(&radio->regs, event);
}

static void become_disabled(struct radio *radio)
{
    enter(radio, RADIO_IS_DISABLED);
    regfile_raise(&radio->regs, RADIO_EVENTS_DISABLED);
}

static void state_is_over(void *owner, const struct event *event)
{
    struct radio *radio = owner;

    (void)event;
    if (radio_is(radio) == RADIO_IS_TXRU)
        become_ready(radio, RADIO_IS_TXIDLE, RADIO_EVENTS_TXREADY);
    else if (radio_is(radio) == RADIO_IS_RXRU)
        become_ready(radio, RADIO_IS_RXIDLE, RADIO_EVENTS_RXREADY);
    else
        become_disabled(radio);
}

/* PS v1.7, 6.20.15 */
static sim_time time_to_disabled(const struct radio *radio, bool sends)
{
    unsigned mode = RADIO_FIELD(radio, MODE, MODE);

    if (!sends)
        return mode == AIR_IEEE802154 ? CYCLES_PER_US / 2 : 0;
    if (mode == AIR_IEEE802154)
        return 21 * CYCLES_PER_US;
    if (air_mode_is_long_range(mode))
        return 10 * CYCLES_PER_US;
    return (mode == AIR_BLE_2M || mode == AIR_NRF_2M ? 4 : 6) * CYCLES_PER_US;
}

static void disable(void *owner, unsigned index, uint32_t value)
{
    struct radio *radio = owner;
    unsigned state = radio_is(radio);
    bool sends = state >= RADIO_IS_TXRU;

    (void)index, (void)value;
    if (!RADIO_FIELD(radio, POWER, POWER) || state == RADIO_IS_TXDISABLE ||
        state == RADIO_IS_RXDISABLE)
        return;
    radio_hold(radio);
    radio_forget_measurements(radio);
    if (state == RADIO_IS_DISABLED) { /* deviation 7 */
        become_disabled(radio);
        return;
    }
    enter(radio, sends ? RADIO_IS_TXDISABLE : RADIO_IS_RXDISABLE);
    radio_schedule(radio, EVENT_RADIO_STATE, time_to_disabled(radio, sends));
}

/* ---- Packets --------------------------------------------------------------------------------- */

static void check_crystal(struct radio *radio)
{
    if (!wire_get(radio->regs.fabric->wires, WIRE_HFXO))
        regfile_misuse(&radio->regs, MISUSE_NO_HFXO, RADIO_TASKS_START, 1); /* deviation 12 */
}

static void report_early_start(struct radio *radio)
{
    unsigned state = radio_is(radio);
    bool early = state == RADIO_IS_DISABLED || state == RADIO_IS_TXRU || state == RADIO_IS_RXRU;

    if (early && radio->regs.fabric->trigger == DMA_BY_CPU)
        regfile_misuse(&radio->regs, MISUSE_NOT_READY, RADIO_TASKS_START, 1); /* deviation 6 */
}

static void start(void *owner, unsigned index, uint32_t value)
{
    struct radio *radio = owner;

    (void)index, (void)value;
    if (radio_is(radio) == RADIO_IS_TXIDLE) {
        check_crystal(radio);
        enter(radio, RADIO_IS_TX);
        radio_send(radio);
    } else if (radio_is(radio) == RADIO_IS_RXIDLE || radio_is(radio) == RADIO_IS_RX) {
        check_crystal(radio);
        radio_hold(radio);
        enter(radio, RADIO_IS_RX);
        radio_listen(radio);
    } else {
        report_early_start(radio);
    }
}

static void stop(void *owner, unsigned index, uint32_t value)
{
    struct radio *radio = owner;

    (void)index, (void)value;
    if (radio_is(radio) != RADIO_IS_TX && radio_is(radio) != RADIO_IS_RX)
        return;
    radio_hold(radio);
    enter(radio, radio_is(radio) == RADIO_IS_TX ? RADIO_IS_TXIDLE : RADIO_IS_RXIDLE);
}

static void bcstart(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    radio_start_counter(owner);
}

static void bcstop(void *owner, unsigned index, uint32_t value)
{
    struct radio *radio = owner;

    (void)index, (void)value;
    radio->state.counting = false;
    radio_cancel(radio, EVENT_RADIO_COUNT);
}

static void bcc_written(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    radio_renew_counter(owner);
}

static void mode_written(void *owner, unsigned index, uint32_t value)
{
    struct radio *radio = owner;

    (void)index;
    if (!air_mode_name(RADIO_FIELD(radio, MODE, MODE)))
        notice_unmodelled(&radio->regs, RADIO_MODE, value);
}

static void datawhiteiv_written(void *owner, unsigned index, uint32_t value)
{
    struct radio *radio = owner;

    (void)index;
    regfile_set(&radio->regs, RADIO_DATAWHITEIV, (value & 0x7f) | 0x40);
}

/* ---- What the CPU is told -------------------------------------------------------------------- */

/* These events come while a packet is received: what they tell of is in RAM. */
static uint32_t progress_read(struct radio *radio, uint32_t event)
{
    uint32_t set = regfile_get(&radio->regs, event);

    if (set)
        easydma_known(radio_dma(radio), radio->rx, radio->state.known);
    return set;
}

static uint32_t bcmatch_read(void *owner, unsigned index)
{
    (void)index;
    return progress_read(owner, RADIO_EVENTS_BCMATCH);
}

static uint32_t framestart_read(void *owner, unsigned index)
{
    (void)index;
    return progress_read(owner, RADIO_EVENTS_FRAMESTART);
}

/* In all other states no packet is under way. */
static uint32_t state_read(void *owner, unsigned index)
{
    struct radio *radio = owner;
    unsigned state = radio_is(radio);

    (void)index;
    if (state != RADIO_IS_TX && state != RADIO_IS_RX) {
        easydma_observed(radio_dma(radio), radio->tx, BASE_RADIO + RADIO_STATE);
        easydma_observed(radio_dma(radio), radio->rx, BASE_RADIO + RADIO_STATE);
    }
    return state;
}

/* ---- Wiring ---------------------------------------------------------------------------------- */

static void go_off(struct radio *radio)
{
    radio_hold(radio);
    radio_forget_measurements(radio);
    radio_cancel(radio, EVENT_RADIO_STATE);
    easydma_abort(radio_dma(radio), radio->tx);
    easydma_abort(radio_dma(radio), radio->rx);
    memset(&radio->state, 0, sizeof radio->state);
}

static void power_written(void *owner, unsigned index, uint32_t value)
{
    struct radio *radio = owner;

    (void)index;
    if (value & 1)
        return;
    go_off(radio);
    regfile_reset(&radio->regs);
    regfile_set(&radio->regs, RADIO_POWER, 0);
}

static const struct reg_hook radio_hooks[] = {
    {RADIO_TASKS_TXEN, txen, NULL},
    {RADIO_TASKS_RXEN, rxen, NULL},
    {RADIO_TASKS_START, start, NULL},
    {RADIO_TASKS_STOP, stop, NULL},
    {RADIO_TASKS_DISABLE, disable, NULL},
    {RADIO_TASKS_RSSISTART, radio_rssi_start, NULL},
    {RADIO_TASKS_RSSISTOP, radio_rssi_stop, NULL},
    {RADIO_TASKS_BCSTART, bcstart, NULL},
    {RADIO_TASKS_BCSTOP, bcstop, NULL},
    {RADIO_TASKS_EDSTART, radio_ed_start, NULL},
    {RADIO_TASKS_EDSTOP, radio_ed_stop, NULL},
    {RADIO_TASKS_CCASTART, radio_cca_start, NULL},
    {RADIO_TASKS_CCASTOP, radio_cca_stop, NULL},
    {RADIO_EVENTS_BCMATCH, NULL, bcmatch_read},
    {RADIO_EVENTS_FRAMESTART, NULL, framestart_read},
    {RADIO_STATE, NULL, state_read},
    {RADIO_MODE, mode_written, NULL},
    {RADIO_DATAWHITEIV, datawhiteiv_written, NULL},
    {RADIO_BCC, bcc_written, NULL},
    {RADIO_POWER, power_written, NULL},
    {0, NULL, NULL},
};

#define RADIO_SHORT(event, task)                                                                   \
    {                                                                                              \
        RADIO_SHORTS_##event##_##task##_LSB, RADIO_EVENTS_##event, RADIO_TASKS_##task              \
    }

static const struct reg_short radio_shorts[] = {
    RADIO_SHORT(READY, START),       RADIO_SHORT(END, DISABLE),
    RADIO_SHORT(DISABLED, TXEN),     RADIO_SHORT(DISABLED, RXEN),
    RADIO_SHORT(ADDRESS, RSSISTART), RADIO_SHORT(END, START),
    RADIO_SHORT(ADDRESS, BCSTART),   RADIO_SHORT(DISABLED, RSSISTOP),
    RADIO_SHORT(RXREADY, CCASTART),  RADIO_SHORT(CCAIDLE, TXEN),
    RADIO_SHORT(CCABUSY, DISABLE),   RADIO_SHORT(FRAMESTART, BCSTART),
    RADIO_SHORT(READY, EDSTART),     RADIO_SHORT(EDEND, DISABLE),
    RADIO_SHORT(CCAIDLE, STOP),      RADIO_SHORT(TXREADY, START),
    RADIO_SHORT(RXREADY, START),     RADIO_SHORT(PHYEND, DISABLE),
    RADIO_SHORT(PHYEND, START),
};

const struct block_spec radio_spec = {
    .name = "RADIO",
    .base = BASE_RADIO,
    .size = REGFILE_SIZE,
    .irq = LINE_RADIO,
    .regs = radio_regs,
    .reg_count = ARRAY_LENGTH(radio_regs),
    .fields = radio_fields,
    .field_count = ARRAY_LENGTH(radio_fields),
    .hooks = radio_hooks,
    .shorts = radio_shorts,
    .short_count = ARRAY_LENGTH(radio_shorts),
};

/* START captures PACKETPTR. The shortest packet takes its preamble, three bytes of address, and
 * nothing: 14 us at 2 Mbit/s with one byte of base. */
enum { SHORTEST = 14 * 64 };

static void add_channels(struct radio *radio, struct easydma *dma)
{
    struct easydma_channel channel = {.name = {"RADIO", "TX", "TASKS_START", 258, DMA_ON_CHIP},
                                      .direction = DMA_READS_RAM,
                                      .index = RADIO_INDEX_TX,
                                      .ptr = RADIO_PACKETPTR,
                                      .end_event = RADIO_EVENTS_END,
                                      .tells = {RADIO_EVENTS_DISABLED, RADIO_EVENTS_PHYEND,
                                                RADIO_EVENTS_PAYLOAD, RADIO_EVENTS_CRCOK,
                                                RADIO_EVENTS_CRCERROR},
                                      .unit = 1,
                                      .paced = true,
                                      .latched = true,
                                      .chained = true,
                                      .least = SHORTEST};

    radio->tx = easydma_add(dma, &radio->regs, channel, &radio_dma_ops, radio);
    channel.name = (struct dma_channel_name){"RADIO", "RX", "TASKS_START", 258, DMA_ON_CHIP};
    channel.direction = DMA_WRITES_RAM;
    channel.index = RADIO_INDEX_RX;
    radio->rx = easydma_add(dma, &radio->regs, channel, &radio_dma_ops, radio);
}

void radio_init(struct radio *radio, struct fabric *fabric, const struct block_spec *spec)
{
    memset(&radio->state, 0, sizeof radio->state);
    regfile_init(&radio->regs, spec, fabric, radio);
    state_register(fabric->state, "RADIO", &radio->state, sizeof radio->state);
    state_mark_clock(fabric->state, &radio->state.packet.start, sizeof radio->state.packet.start);
    state_mark_clock(fabric->state, &radio->state.field_at, 3 * sizeof radio->state.field_at);
    radio->nobody = (struct air){.trace = fabric->trace};
    radio->air = fabric->board ? &fabric->board->air : &radio->nobody;
    scheduler_handle(fabric->scheduler, EVENT_RADIO_STATE, state_is_over, radio);
    scheduler_handle(fabric->scheduler, EVENT_RADIO_STEP, radio_step, radio);
    scheduler_handle(fabric->scheduler, EVENT_RADIO_COUNT, radio_count, radio);
    scheduler_handle(fabric->scheduler, EVENT_RADIO_RSSI, radio_rssi_is_ready, radio);
    scheduler_handle(fabric->scheduler, EVENT_RADIO_MEASURED, radio_has_measured, radio);
    add_channels(radio, fabric->easydma);
}

void radio_reset(struct radio *radio, enum reset_kind reason)
{
    (void)reason;
    regfile_reset(&radio->regs);
    go_off(radio);
}
