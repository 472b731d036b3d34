/* SPDX-License-Identifier: Apache-2.0 */
/* RADIO: a packet is sent, field by field (PS v1.7, 6.20.1). */
#include "sim/periph/radio_parts.h"

void radio_send(struct radio *radio)
{
    struct air_packet *packet = &radio->state.packet;

    radio_begin_packet(radio);
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
    radio_begin_part(radio, PHASE_CRC, 8 * bytes);
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
        radio_look_again(radio);
    } else {
        radio_begin_part(radio, PHASE_FIELD, bits);
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
    framestart = radio_framestart_is_due(radio);
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

void radio_send_step(struct radio *radio)
{
    switch ((enum radio_phase)radio->state.phase) {
    case PHASE_PREAMBLE:
        send_last_of_address(radio);
        break;
    case PHASE_ADDRESS:
        radio_begin_coding(radio);
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
        radio_end_packet(radio);
        break;
    case PHASE_TAIL:
        radio_end_tail(radio);
        break;
    }
}
