/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of RADIO share: radio.c has states and tasks, radio_send.c and radio_receive.c
 * move a packet field by field, radio_air.c has what is common to both, radio_layout.c knows what a
 * packet looks like, radio_measure.c listens to the channel.
 */
#ifndef SIM_PERIPH_RADIO_PARTS_H
#define SIM_PERIPH_RADIO_PARTS_H

#include "sim/base/bits.h"
#include "sim/periph/radio.h"

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) \
    RADIO_##name = (offset), RADIO_##name##_COUNT = (count), RADIO_##name##_STRIDE = (stride),
#define FIELD(reg, name, lsb, width, brief) \
    RADIO_##reg##_##name##_LSB = (lsb), RADIO_##reg##_##name##_WIDTH = (width),
#include "driver/regs/radio.def"
};
/* clang-format on */

#define RADIO_FIELD(radio, reg, field)                                                             \
    extract32(regfile_get(&(radio)->regs, RADIO_##reg), RADIO_##reg##_##field##_LSB,               \
              RADIO_##reg##_##field##_WIDTH)

/* As in STATE. */
enum {
    RADIO_IS_DISABLED = 0,
    RADIO_IS_RXRU = 1,
    RADIO_IS_RXIDLE = 2,
    RADIO_IS_RX = 3,
    RADIO_IS_RXDISABLE = 4,
    RADIO_IS_TXRU = 9,
    RADIO_IS_TXIDLE = 10,
    RADIO_IS_TX = 11,
    RADIO_IS_TXDISABLE = 12,
};

/* What of the packet ends with the next step on the air. */
enum radio_phase {
    PHASE_PREAMBLE, /* sending: and all of the address but its last byte */
    PHASE_ADDRESS,
    PHASE_CODING, /* coding indicator and TERM1 */
    PHASE_FIELD,
    PHASE_SETTLE, /* received bytes on their way to RAM */
    PHASE_CRC,
    PHASE_TAIL, /* TERM2 */
};

static inline unsigned radio_is(const struct radio *radio)
{
    return regfile_get(&radio->regs, RADIO_STATE);
}

static inline struct easydma *radio_dma(const struct radio *radio)
{
    return radio->regs.fabric->easydma;
}

static inline sim_time radio_now(const struct radio *radio)
{
    return radio->regs.fabric->scheduler->state.now;
}

static inline bool radio_is_ieee(const struct radio *radio)
{
    return radio->state.packet.mode == AIR_IEEE802154;
}

/* What happens next of the kind, in place of what was to happen. */
void radio_schedule(struct radio *radio, enum event_id id, sim_time delay);
void radio_cancel(struct radio *radio, enum event_id id);

/* ---- radio_layout.c: what PCNF0, PCNF1 and CRCCNF say ---------------------------------------- */

/* Bytes of RAM before the payload, and which of them is LENGTH (none: as many as there are). */
unsigned radio_header_bytes(const struct radio *radio);
unsigned radio_length_at(const struct radio *radio);

/* Bits on the air of the byte of RAM at `field`. */
unsigned radio_field_bits(const struct radio *radio, unsigned field);

unsigned radio_crc_bytes(const struct radio *radio);

/* Bytes of payload when LENGTH is `length`, MAXLEN considered. */
unsigned radio_payload_bytes(const struct radio *radio, uint32_t length);
bool radio_is_too_long(const struct radio *radio, uint32_t length);

/* Bytes of RAM that a received packet may take. */
unsigned radio_largest(const struct radio *radio);

/* Fills in the logical address `number` of `packet`, in the order on the air. */
void radio_address(const struct radio *radio, unsigned number, struct air_packet *packet);

/* Bit 0 is first on the air. */
uint32_t radio_air_order(const struct radio *radio, uint32_t value, unsigned bits);

/* As in air_packet.whitening. */
uint8_t radio_whitening(const struct radio *radio);

/* The bit that whitening of the kind `whitening` adds to bit number `bit` of a packet. */
bool radio_white_bit(uint8_t whitening, unsigned bit);

/* The CRC of the first `bits` bits of `packet`, and its address. */
uint32_t radio_crc(const struct radio *radio, const struct air_packet *packet, unsigned bits);

unsigned radio_megahertz(const struct radio *radio);

/* What of MODE there is; AIR_NRF_1M for reserved values. */
unsigned radio_mode(const struct radio *radio);

/* ---- radio_send.c, radio_receive.c ------------------------------------------------------------
 */

/* The state has become TX or RX: the packet of PACKETPTR is sent, or awaited. */
void radio_send(struct radio *radio);
void radio_listen(struct radio *radio);

/* The part under way is over. */
void radio_send_step(struct radio *radio);
void radio_receive_step(struct radio *radio);

/* ---- radio_air.c ----------------------------------------------------------------------------- */

/* A part of `bits` bits follows the one that is just over. Received ones keep their own time, what
 * is sent may have waited for RAM. */
void radio_begin_part(struct radio *radio, enum radio_phase phase, uint32_t bits);

/* The part behind the address: of long range, or of no bits. */
void radio_begin_coding(struct radio *radio);

/* RAM is not so far yet: the next step comes soon. */
void radio_look_again(struct radio *radio);

/* FRAMESTART belongs behind the field that is just over. */
bool radio_framestart_is_due(const struct radio *radio);

/* Bytes of RAM of a packet whose LENGTH is `length`. */
unsigned radio_fields_of(const struct radio *radio, uint32_t length);

/* A new packet; the last bit of its CRC is over, in long range TERM2 follows; TERM2 is over. */
void radio_begin_packet(struct radio *radio);
void radio_end_packet(struct radio *radio);
void radio_end_tail(struct radio *radio);

/* Drops the packet under way. */
void radio_hold(struct radio *radio);

/* The next step on the air; the bit counter has come to BCC. */
void radio_step(void *radio, const struct event *event);
void radio_count(void *radio, const struct event *event);

void radio_start_counter(struct radio *radio);

/* BCC was written. */
void radio_renew_counter(struct radio *radio);

/* What EasyDMA asks and tells (struct easydma_ops). */
extern const struct easydma_ops radio_dma_ops;
enum { RADIO_INDEX_TX, RADIO_INDEX_RX };

/* ---- radio_measure.c ------------------------------------------------------------------------- */

void radio_rssi_start(void *radio, unsigned index, uint32_t value);
void radio_rssi_stop(void *radio, unsigned index, uint32_t value);
void radio_ed_start(void *radio, unsigned index, uint32_t value);
void radio_ed_stop(void *radio, unsigned index, uint32_t value);
void radio_cca_start(void *radio, unsigned index, uint32_t value);
void radio_cca_stop(void *radio, unsigned index, uint32_t value);
void radio_rssi_is_ready(void *radio, const struct event *event);
void radio_has_measured(void *radio, const struct event *event);

/* No measurement is under way any more. */
void radio_forget_measurements(struct radio *radio);

/* dB above -92 dBm, as in EDSAMPLE and LQI. */
uint8_t radio_level(int dbm);

#endif
