/* SPDX-License-Identifier: Apache-2.0 */
/* RADIO: what a packet that goes through the air has in common either way: its time, the bit
 * counter, EasyDMA (PS v1.7, 6.20.1 and 6.20.9). */
#include "sim/periph/radio_parts.h"

#include <string.h>

enum { LOOK_AGAIN = 32 };

/* ---- Time on the air ------------------------------------------------------------------------- */

static sim_time bit_time(const struct radio *radio)
{
    return radio->state.phase == PHASE_CODING
               ? air_coding_time(radio->state.packet.mode) / AIR_CODING_BITS
               : air_bit_time(radio->state.packet.mode);
}

static bool is_on_air(const struct radio *radio)
{
    return radio_is(radio) == RADIO_IS_TX || radio_is(radio) == RADIO_IS_RX;
}

/* The counter comes to BCC within the field under way. */
static void aim_counter(struct radio *radio)
{
    uint32_t target = radio->state.counted_from + regfile_get(&radio->regs, RADIO_BCC);
    sim_time when;

    if (!radio->state.counting || target <= radio->state.field_bits ||
        target - radio->state.field_bits > radio->state.field_size)
        return;
    when = radio->state.field_at + (target - radio->state.field_bits) * bit_time(radio);
    if (when >= radio_now(radio))
        radio_schedule(radio, EVENT_RADIO_COUNT, when - radio_now(radio));
}

void radio_begin_part(struct radio *radio, enum radio_phase phase, uint32_t bits)
{
    struct radio_state *state = &radio->state;
    bool coded = phase != PHASE_CODING && air_mode_is_long_range(state->packet.mode);
    sim_time end;

    state->phase = (uint8_t)phase;
    state->field_bits = (coded ? (uint32_t)AIR_CODING_BITS : 0) + state->packet.bits;
    state->field_size = bits;
    if (radio_is(radio) == RADIO_IS_RX && phase != PHASE_CODING)
        state->field_at = state->packet.start + state->packet.bits * bit_time(radio);
    else
        state->field_at = radio_now(radio);
    end = state->field_at + bits * bit_time(radio);
    radio_schedule(radio, EVENT_RADIO_STEP, end > radio_now(radio) ? end - radio_now(radio) : 0);
    aim_counter(radio);
}

void radio_look_again(struct radio *radio)
{
    radio->state.phase = PHASE_SETTLE;
    radio_schedule(radio, EVENT_RADIO_STEP, LOOK_AGAIN);
}

void radio_begin_coding(struct radio *radio)
{
    radio_begin_part(radio, PHASE_CODING,
                     air_mode_is_long_range(radio->state.packet.mode) ? AIR_CODING_BITS : 0);
}

bool radio_framestart_is_due(const struct radio *radio)
{
    return radio_is_ieee(radio) && radio->state.field == radio_length_at(radio) + 1;
}

/* ---- The bit counter ------------------------------------------------------------------------- */

void radio_start_counter(struct radio *radio)
{
    struct radio_state *state = &radio->state;
    sim_time passed = radio_now(radio) - state->field_at;

    if (!is_on_air(radio))
        return;
    state->counting = true;
    state->counted_from = state->field_bits;
    if (passed < state->field_size * bit_time(radio))
        state->counted_from += (uint32_t)(passed / bit_time(radio));
    else
        state->counted_from += state->field_size;
    radio_renew_counter(radio);
}

void radio_renew_counter(struct radio *radio)
{
    radio_cancel(radio, EVENT_RADIO_COUNT);
    if (is_on_air(radio))
        aim_counter(radio);
}

void radio_count(void *owner, const struct event *event)
{
    struct radio *radio = owner;

    (void)event;
    if (radio_is(radio) == RADIO_IS_RX && easydma_outstanding(radio_dma(radio), radio->rx)) {
        radio_schedule(radio, EVENT_RADIO_COUNT, LOOK_AGAIN);
        return;
    }
    radio->state.known = radio->state.field;
    regfile_raise(&radio->regs, RADIO_EVENTS_BCMATCH);
}

/* ---- Both ways ------------------------------------------------------------------------------- */

unsigned radio_fields_of(const struct radio *radio, uint32_t length)
{
    return radio_header_bytes(radio) + radio_payload_bytes(radio, length);
}

/* What is in RAM before LENGTH is known, with it; all, if there is none. */
static unsigned first_fields(const struct radio *radio)
{
    unsigned at = radio_length_at(radio);

    return RADIO_FIELD(radio, PCNF0, LFLEN) ? at + 1 : radio_fields_of(radio, 0);
}

void radio_begin_packet(struct radio *radio)
{
    struct radio_state *state = &radio->state;

    memset(&state->packet, 0, sizeof state->packet);
    memset(state->ram, 0, sizeof state->ram);
    state->field = 0;
    state->field_at = radio_now(radio);
    state->field_bits = 0;
    state->field_size = 0;
    state->fields = (uint16_t)first_fields(radio);
    state->in_ram = 0;
    state->known = 0;
    state->counting = false;
    state->phase = PHASE_ADDRESS;
    state->packet.mode = (uint8_t)radio_mode(radio);
    state->packet.megahertz = (uint16_t)radio_megahertz(radio);
    state->packet.whitening = radio_whitening(radio);
}

void radio_end_packet(struct radio *radio)
{
    bool coded = air_mode_is_long_range(radio->state.packet.mode);
    bool sends = radio_is(radio) == RADIO_IS_TX;

    radio->state.counting = false;
    radio->state.last_end = radio_now(radio);
    if (coded) {
        radio->state.phase = PHASE_TAIL;
        radio_schedule(radio, EVENT_RADIO_STEP, air_tail_time(radio->state.packet.mode));
    } else {
        regfile_set(&radio->regs, RADIO_STATE, sends ? RADIO_IS_TXIDLE : RADIO_IS_RXIDLE);
    }
    if (!sends)
        regfile_raise(&radio->regs, regfile_get(&radio->regs, RADIO_CRCSTATUS)
                                        ? RADIO_EVENTS_CRCOK
                                        : RADIO_EVENTS_CRCERROR);
    regfile_raise(&radio->regs, RADIO_EVENTS_END);
    if (!coded)
        regfile_raise(&radio->regs, RADIO_EVENTS_PHYEND);
}

void radio_end_tail(struct radio *radio)
{
    bool sends = radio_is(radio) == RADIO_IS_TX;

    radio->state.last_end = radio_now(radio);
    regfile_set(&radio->regs, RADIO_STATE, sends ? RADIO_IS_TXIDLE : RADIO_IS_RXIDLE);
    regfile_raise(&radio->regs, RADIO_EVENTS_PHYEND);
}

void radio_hold(struct radio *radio)
{
    radio_cancel(radio, EVENT_RADIO_STEP);
    radio_cancel(radio, EVENT_RADIO_COUNT);
    radio->state.counting = false;
    if (easydma_running(radio_dma(radio), radio->tx))
        easydma_abort(radio_dma(radio), radio->tx);
    if (easydma_running(radio_dma(radio), radio->rx))
        easydma_abort(radio_dma(radio), radio->rx);
}

/* ---- Steps ----------------------------------------------------------------------------------- */

void radio_step(void *owner, const struct event *event)
{
    struct radio *radio = owner;

    (void)event;
    if (radio_is(radio) == RADIO_IS_TX)
        radio_send_step(radio);
    else
        radio_receive_step(radio);
}

/* ---- EasyDMA --------------------------------------------------------------------------------- */

/* LENGTH of the packet at `start`, as it is in RAM by now. */
static uint32_t length_in_ram(const struct radio *radio, guest_addr start)
{
    guest_addr at = start + radio_length_at(radio);
    uint8_t length = 0;

    if (!RADIO_FIELD(radio, PCNF0, LFLEN))
        return 0;
    if (memory_is_data_ram((struct byte_range){at, 1}))
        memory_master_read(radio->regs.fabric->memory, at, &length, 1);
    else if (!memory_peek(radio->regs.fabric->memory, at, &length, 1))
        length = 0;
    return length & mask32(radio_field_bits(radio, radio_length_at(radio)));
}

/* To send: as many bytes as LENGTH says. To receive: as many as may come. */
static struct byte_range window(void *owner, unsigned index, guest_addr pointer)
{
    const struct radio *radio = owner;

    if (index == RADIO_INDEX_RX)
        return (struct byte_range){pointer, radio_largest(radio)};
    return (struct byte_range){pointer, radio_fields_of(radio, length_in_ram(radio, pointer))};
}

static void receive(void *owner, unsigned index, uint32_t offset, const uint8_t *bytes,
                    uint32_t count)
{
    struct radio *radio = owner;

    unsigned at = radio_length_at(radio);

    (void)index;
    memcpy(radio->state.ram + offset, bytes, count);
    radio->state.in_ram = (uint16_t)(offset + count);
    if (!RADIO_FIELD(radio, PCNF0, LFLEN) || at < offset || at >= offset + count)
        return;
    radio->state.fields = (uint16_t)radio_fields_of(radio, radio->state.ram[at] &
                                                               mask32(radio_field_bits(radio, at)));
    if (radio->state.fields < radio->state.in_ram) /* PCNF0 was changed under way */
        radio->state.fields = radio->state.in_ram;
    easydma_resize(radio_dma(radio), radio->tx, radio->state.fields);
}

static void supply(void *owner, unsigned index, uint32_t offset, uint8_t *bytes, uint32_t count)
{
    const struct radio *radio = owner;

    (void)index;
    memcpy(bytes, radio->state.ram + offset, count);
}

static void drained(void *owner, unsigned index)
{
    struct radio *radio = owner;

    if (index == RADIO_INDEX_TX)
        easydma_end(radio_dma(radio), radio->tx);
}

/* END comes from the air, not from RAM. */
static void ended(void *owner, unsigned index, uint32_t amount)
{
    (void)owner, (void)index, (void)amount;
}

const struct easydma_ops radio_dma_ops = {
    .window = window, .receive = receive, .supply = supply, .drained = drained, .ended = ended};
