/* SPDX-License-Identifier: Apache-2.0 */
/* RADIO: a packet is received, field by field (PS v1.7, 6.20.1 and 6.20.9). */
#include "sim/periph/radio_parts.h"

#include <string.h>

enum { ADDRESS_FIELDS = 6, MHR_FIELDS = 4 };

static const struct air_packet *heard(const struct radio *radio)
{
    return &radio->air->packet[radio->state.playing];
}

static bool has_length_at(const struct radio *radio, unsigned field)
{
    return RADIO_FIELD(radio, PCNF0, LFLEN) && field == radio_length_at(radio);
}

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

    radio_begin_packet(radio);
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

    if (radio_is_ieee(radio))
        addresses = 1;
    for (unsigned number = 0; number < 8; number++) {
        radio_address(radio, number, &radio->state.packet);
        if ((addresses & bit32(number)) && same_address(&radio->state.packet, packet)) {
            regfile_set(&radio->regs, RADIO_RXMATCH, radio_is_ieee(radio) ? 0 : number);
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
    radio_begin_coding(radio);
    if (air_mode_is_long_range(packet->mode) || radio_is_ieee(radio))
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

    radio->state.fields = (uint16_t)radio_fields_of(radio, length);
    regfile_set(&radio->regs, RADIO_PDUSTAT,
                (uint32_t)radio_is_too_long(radio, length) << RADIO_PDUSTAT_PDUSTAT_LSB |
                    (uint32_t)fast << RADIO_PDUSTAT_CISTAT_LSB);
}

/* From here on bytes go to RAM, each behind its last bit. */
static void receive_field(struct radio *radio)
{
    if (radio->state.field >= radio->state.fields)
        radio_look_again(radio);
    else
        radio_begin_part(radio, PHASE_FIELD, radio_field_bits(radio, radio->state.field));
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

    if (payload == ADDRESS_FIELDS && RADIO_FIELD(radio, DACNF, ENA) && !radio_is_ieee(radio))
        match_device(radio);
    if (payload == MHR_FIELDS && radio_is_ieee(radio) && mac_header_fits(radio))
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
    if (state->field >= state->fields && radio_is_ieee(radio)) {
        state->ram[state->field] = radio_level(state->packet.dbm); /* LQI */
        bytes = 2;
    }
    easydma_request(radio_dma(radio), radio->rx, bytes);
    if (radio_framestart_is_due(radio))
        radio_look_again(radio);
    else
        receive_field(radio);
    judge_beginning(radio);
}

static void payload_is_received(struct radio *radio)
{
    radio_begin_part(radio, PHASE_CRC, 8 * radio_crc_bytes(radio));
    if (easydma_running(radio_dma(radio), radio->rx))
        easydma_end(radio_dma(radio), radio->rx);
    regfile_raise(&radio->regs, RADIO_EVENTS_PAYLOAD);
}

/* Events that say that bytes are there wait until they are. */
static void settle(struct radio *radio)
{
    if (easydma_outstanding(radio_dma(radio), radio->rx)) {
        radio_look_again(radio);
    } else if (radio_framestart_is_due(radio) && radio->state.known < radio->state.field) {
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
    radio_end_packet(radio);
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

void radio_receive_step(struct radio *radio)
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
        radio_end_tail(radio);
        break;
    }
}
