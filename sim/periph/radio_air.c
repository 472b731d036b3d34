/* SPDX-License-Identifier: Apache-2.0 */
/* RADIO: a packet goes through the air, field by field (PS v1.7, 6.20.1 and 6.20.9). */
#include "sim/periph/radio_parts.h"

#include <string.h>

enum { LOOK_AGAIN = 32, ADDRESS_FIELDS = 6, MHR_FIELDS = 4 };

/* ---- Time on the air ------------------------------------------------------------------------- */

static const struct air_packet *heard(const struct radio *radio)
{
    return &radio->air->packet[radio->state.playing];
}

static bool is_ieee(const struct radio *radio)
{
    return radio->state.packet.mode == AIR_IEEE802154;
}

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

/* A part of `bits` bits follows the one that is just over. Received ones keep their own time, what
 * is sent may have waited for RAM. */
static void begin_part(struct radio *radio, enum radio_phase phase, uint32_t bits)
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

static void look_again(struct radio *radio)
{
    radio->state.phase = PHASE_SETTLE;
    radio_schedule(radio, EVENT_RADIO_STEP, LOOK_AGAIN);
}

static void begin_coding(struct radio *radio)
{
    begin_part(radio, PHASE_CODING,
               air_mode_is_long_range(radio->state.packet.mode) ? AIR_CODING_BITS : 0);
}

static bool framestart_is_due(const struct radio *radio)
{
    return is_ieee(radio) && radio->state.field == radio_length_at(radio) + 1;
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

static unsigned fields_of(const struct radio *radio, uint32_t length)
{
    return radio_header_bytes(radio) + radio_payload_bytes(radio, length);
}

/* What is in RAM before LENGTH is known, with it; all, if there is none. */
static unsigned first_fields(const struct radio *radio)
{
    unsigned at = radio_length_at(radio);

    return RADIO_FIELD(radio, PCNF0, LFLEN) ? at + 1 : fields_of(radio, 0);
}

static bool has_length_at(const struct radio *radio, unsigned field)
{
    return RADIO_FIELD(radio, PCNF0, LFLEN) && field == radio_length_at(radio);
}

static void begin_packet(struct radio *radio)
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

/* The last bit of the CRC is over. In long range TERM2 follows. */
static void end_packet(struct radio *radio)
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

static void end_tail(struct radio *radio)
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

/* ---- Sending --------------------------------------------------------------------------------- */

void radio_send(struct radio *radio)
{
    struct air_packet *packet = &radio->state.packet;

    begin_packet(radio);
    packet->start = radio_now(radio);
    packet->dbm = (int16_t)sign_extend32(RADIO_FIELD(radio, TXPOWER, TXPOWER), 8);
    radio_address(radio, regfile_get(&radio->regs, RADIO_TXADDRESS), packet);
    radio->state.phase = PHASE_PREAMBLE;
    radio_schedule(radio, EVENT_RADIO_STEP,
                   air_preamble_time(packet->mode) +
                       air_address_time(packet->mode, packet->address_size - 1u));
    easydma_start(radio_dma(radio), radio->tx, radio->regs.fabric->trigger);
}

static void send_crc(struct radio *radio)
{
    struct air_packet *packet = &radio->state.packet;
    unsigned bytes = radio_crc_bytes(radio);

    if (easydma_running(radio_dma(radio), radio->tx)) /* PCNF was changed under way */
        easydma_end(radio_dma(radio), radio->tx);
    begin_part(radio, PHASE_CRC, 8 * bytes);
    air_packet_append_crc(packet, radio_crc(radio, packet, packet->bits), bytes);
    regfile_raise(&radio->regs, RADIO_EVENTS_PAYLOAD);
}

/* A byte is fetched while the one before, of address or packet, is sent; one that takes no time on
 * the air (S1 without bits) together with the next. */
static void fetch_from(struct radio *radio, unsigned field)
{
    uint32_t bytes = 1;

    while (!radio_field_bits(radio, field + bytes - 1))
        bytes++;
    if (easydma_running(radio_dma(radio), radio->tx))
        easydma_request(radio_dma(radio), radio->tx, bytes);
}

static void send_field(struct radio *radio)
{
    struct radio_state *state = &radio->state;
    unsigned bits = radio_field_bits(radio, state->field);

    if (state->field >= state->fields) {
        send_crc(radio);
    } else if (state->field >= state->in_ram) {
        look_again(radio);
    } else {
        begin_part(radio, PHASE_FIELD, bits);
        air_packet_append(&state->packet, radio_air_order(radio, state->ram[state->field], bits),
                          bits);
        if (bits)
            fetch_from(radio, state->field + 1u);
    }
}

static void field_is_sent(struct radio *radio)
{
    bool framestart;

    radio->state.field++;
    framestart = framestart_is_due(radio);
    send_field(radio);
    if (framestart)
        regfile_raise(&radio->regs, RADIO_EVENTS_FRAMESTART);
}

static void send_last_of_address(struct radio *radio)
{
    radio->state.phase = PHASE_ADDRESS;
    radio_schedule(radio, EVENT_RADIO_STEP, air_address_time(radio->state.packet.mode, 1));
    fetch_from(radio, 0);
}

static void send_step(struct radio *radio)
{
    switch ((enum radio_phase)radio->state.phase) {
    case PHASE_PREAMBLE:
        send_last_of_address(radio);
        break;
    case PHASE_ADDRESS:
        begin_coding(radio);
        regfile_raise(&radio->regs, RADIO_EVENTS_ADDRESS);
        break;
    case PHASE_CODING:
    case PHASE_SETTLE:
        send_field(radio);
        break;
    case PHASE_FIELD:
        field_is_sent(radio);
        break;
    case PHASE_CRC:
        air_sent(radio->air, &radio->state.packet);
        end_packet(radio);
        break;
    case PHASE_TAIL:
        end_tail(radio);
        break;
    }
}

/* ---- Receiving ------------------------------------------------------------------------------- */

/* Waits for the end of the next packet's address, whose first bit is still to come. */
static void await_packet(struct radio *radio)
{
    const struct air_packet *packet;
    sim_time now = radio_now(radio);

    for (; radio->state.playing < radio->air->count; radio->state.playing++) {
        packet = heard(radio);
        if (packet->start + air_preamble_time(packet->mode) < now)
            continue;
        radio->state.phase = PHASE_ADDRESS;
        radio_schedule(radio, EVENT_RADIO_STEP,
                       packet->start + air_preamble_time(packet->mode) +
                           air_address_time(packet->mode, packet->address_size) - now);
        break;
    }
}

void radio_listen(struct radio *radio)
{
    sim_time preamble = air_preamble_time(AIR_IEEE802154); /* the longest */
    sim_time now = radio_now(radio);

    begin_packet(radio);
    radio->state.playing =
        (uint32_t)air_first_from(radio->air, now > preamble ? now - preamble : 0);
    await_packet(radio);
    easydma_start(radio_dma(radio), radio->rx, radio->regs.fabric->trigger);
}

static bool same_address(const struct air_packet *one, const struct air_packet *two)
{
    return one->address_size == two->address_size &&
           !memcmp(one->address, two->address, one->address_size);
}

/* The packet comes to one of the addresses listened to; RXMATCH then says which. */
static bool matches_address(struct radio *radio, const struct air_packet *packet)
{
    uint32_t addresses = regfile_get(&radio->regs, RADIO_RXADDRESSES);

    if (is_ieee(radio))
        addresses = 1;
    for (unsigned number = 0; number < 8; number++) {
        radio_address(radio, number, &radio->state.packet);
        if ((addresses & bit32(number)) && same_address(&radio->state.packet, packet)) {
            regfile_set(&radio->regs, RADIO_RXMATCH, is_ieee(radio) ? 0 : number);
            return true;
        }
    }
    return false;
}

static bool can_hear(struct radio *radio, const struct air_packet *packet)
{
    unsigned mode = radio_mode(radio);
    bool both_coded = air_mode_is_long_range(mode) && air_mode_is_long_range(packet->mode);

    return (mode == packet->mode || both_coded) && packet->megahertz == radio_megahertz(radio) &&
           matches_address(radio, packet);
}

static void address_is_received(struct radio *radio)
{
    const struct air_packet *packet = heard(radio);

    if (!can_hear(radio, packet)) {
        radio->state.playing++;
        await_packet(radio);
        return;
    }
    radio->state.packet.mode = packet->mode;
    radio->state.packet.dbm = packet->dbm;
    begin_coding(radio);
    if (air_mode_is_long_range(packet->mode) || is_ieee(radio))
        regfile_raise(&radio->regs, RADIO_EVENTS_SYNC);
    regfile_raise(&radio->regs, RADIO_EVENTS_ADDRESS);
}

/* `count` bits behind those that were taken already. Wrong whitening makes noise of them. */
static uint32_t take_bits(struct radio *radio, unsigned count)
{
    const struct air_packet *packet = heard(radio);
    struct radio_state *state = &radio->state;
    uint8_t ours = radio_whitening(radio);
    uint32_t value = 0;

    for (unsigned i = 0; i < count; i++) {
        bool bit = air_packet_bit(packet, state->packet.bits);

        if (ours != packet->whitening)
            bit ^= radio_white_bit(ours, state->packet.bits) ^
                   radio_white_bit(packet->whitening, state->packet.bits);
        air_packet_append(&state->packet, bit, 1);
        value |= (uint32_t)bit << i;
    }
    return value;
}

static void length_is_received(struct radio *radio, uint32_t length)
{
    bool fast = heard(radio)->mode == AIR_BLE_500K;

    radio->state.fields = (uint16_t)fields_of(radio, length);
    regfile_set(&radio->regs, RADIO_PDUSTAT,
                (uint32_t)radio_is_too_long(radio, length) << RADIO_PDUSTAT_PDUSTAT_LSB |
                    (uint32_t)fast << RADIO_PDUSTAT_CISTAT_LSB);
}

/* From here on bytes go to RAM, each behind its last bit. */
static void receive_field(struct radio *radio)
{
    if (radio->state.field >= radio->state.fields)
        look_again(radio);
    else
        begin_part(radio, PHASE_FIELD, radio_field_bits(radio, radio->state.field));
}

/* A device of the list: TxAdd is bit 6 of S0, the address are the first six bytes of payload. */
static void match_device(struct radio *radio)
{
    const uint8_t *address = radio->state.ram + radio_header_bytes(radio);
    unsigned tx_add = radio->state.ram[0] >> 6 & 1;

    for (unsigned i = 0; i < RADIO_DAB_COUNT; i++) {
        if ((RADIO_FIELD(radio, DACNF, ENA) >> i & 1) &&
            (RADIO_FIELD(radio, DACNF, TXADD) >> i & 1) == tx_add &&
            regfile_get(&radio->regs, RADIO_DAB + i * RADIO_DAB_STRIDE) == load_le32(address) &&
            regfile_get(&radio->regs, RADIO_DAP + i * RADIO_DAP_STRIDE) == load_le16(address + 4)) {
            regfile_set(&radio->regs, RADIO_DAI, i);
            regfile_raise(&radio->regs, RADIO_EVENTS_DEVMATCH);
            return;
        }
    }
    regfile_raise(&radio->regs, RADIO_EVENTS_DEVMISS);
}

static bool mac_header_fits(const struct radio *radio)
{
    uint32_t mask = regfile_get(&radio->regs, RADIO_MHRMATCHMAS);
    uint32_t header = load_le32(radio->state.ram + radio_header_bytes(radio));

    return mask && !((header ^ regfile_get(&radio->regs, RADIO_MHRMATCHCONF)) & mask);
}

/* What is found out on the way, some bytes into the payload. */
static void judge_beginning(struct radio *radio)
{
    unsigned payload = radio->state.field - radio_header_bytes(radio);

    if (payload == ADDRESS_FIELDS && RADIO_FIELD(radio, DACNF, ENA) && !is_ieee(radio))
        match_device(radio);
    if (payload == MHR_FIELDS && is_ieee(radio) && mac_header_fits(radio))
        regfile_raise(&radio->regs, RADIO_EVENTS_MHRMATCH);
}

static void field_is_received(struct radio *radio)
{
    struct radio_state *state = &radio->state;
    unsigned bits = radio_field_bits(radio, state->field);
    uint32_t value = radio_air_order(radio, take_bits(radio, bits), bits);
    uint32_t bytes = 1;

    state->ram[state->field] = (uint8_t)value;
    if (has_length_at(radio, state->field))
        length_is_received(radio, value);
    state->field++;
    if (state->field >= state->fields && is_ieee(radio)) {
        state->ram[state->field] = radio_level(state->packet.dbm); /* LQI */
        bytes = 2;
    }
    easydma_request(radio_dma(radio), radio->rx, bytes);
    if (framestart_is_due(radio))
        look_again(radio);
    else
        receive_field(radio);
    judge_beginning(radio);
}

static void payload_is_received(struct radio *radio)
{
    begin_part(radio, PHASE_CRC, 8 * radio_crc_bytes(radio));
    if (easydma_running(radio_dma(radio), radio->rx))
        easydma_end(radio_dma(radio), radio->rx);
    regfile_raise(&radio->regs, RADIO_EVENTS_PAYLOAD);
}

/* Events that say that bytes are there wait until they are. */
static void settle(struct radio *radio)
{
    if (easydma_outstanding(radio_dma(radio), radio->rx)) {
        look_again(radio);
    } else if (framestart_is_due(radio) && radio->state.known < radio->state.field) {
        radio->state.known = radio->state.field;
        receive_field(radio);
        regfile_raise(&radio->regs, RADIO_EVENTS_FRAMESTART);
    } else {
        payload_is_received(radio);
    }
}

static void crc_is_received(struct radio *radio)
{
    unsigned bytes = radio_crc_bytes(radio);
    uint32_t expected = radio_crc(radio, &radio->state.packet, radio->state.packet.bits);
    uint32_t received = 0;

    for (unsigned i = 0; i < 8 * bytes; i++)
        received = received << 1 | take_bits(radio, 1);
    regfile_set(&radio->regs, RADIO_RXCRC, received);
    regfile_set(&radio->regs, RADIO_CRCSTATUS, received == expected);
    end_packet(radio);
}

static void coding_is_received(struct radio *radio)
{
    const struct air_packet *packet = heard(radio);
    bool boost = packet->mode == AIR_BLE_500K && RADIO_FIELD(radio, MODE, MODE) == AIR_BLE_125K;

    radio->state.packet.start = radio_now(radio); /* of what the bits are counted from */
    receive_field(radio);
    if (boost)
        regfile_raise(&radio->regs, RADIO_EVENTS_RATEBOOST);
}

static void receive_step(struct radio *radio)
{
    switch ((enum radio_phase)radio->state.phase) {
    case PHASE_PREAMBLE:
    case PHASE_ADDRESS:
        address_is_received(radio);
        break;
    case PHASE_CODING:
        coding_is_received(radio);
        break;
    case PHASE_FIELD:
        field_is_received(radio);
        break;
    case PHASE_SETTLE:
        settle(radio);
        break;
    case PHASE_CRC:
        crc_is_received(radio);
        break;
    case PHASE_TAIL:
        end_tail(radio);
        break;
    }
}

void radio_step(void *owner, const struct event *event)
{
    struct radio *radio = owner;

    (void)event;
    if (radio_is(radio) == RADIO_IS_TX)
        send_step(radio);
    else
        receive_step(radio);
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
    return (struct byte_range){pointer, fields_of(radio, length_in_ram(radio, pointer))};
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
    radio->state.fields =
        (uint16_t)fields_of(radio, radio->state.ram[at] & mask32(radio_field_bits(radio, at)));
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
