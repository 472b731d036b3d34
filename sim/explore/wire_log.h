/* SPDX-License-Identifier: Apache-2.0 */
/* What the host saw of a run: every data packet the device sent, and which transfer it came from.
 */
#ifndef SIM_EXPLORE_WIRE_LOG_H
#define SIM_EXPLORE_WIRE_LOG_H

#include "sim/core/trace.h"

struct wire_packet {
    sim_time when;
    uint32_t transfer; /* of EasyDMA; 0: none, as an empty packet the hardware answers by itself */
    uint8_t endpoint;
    uint8_t pid;
    uint16_t size;
    size_t at; /* of its payload, in `bytes` */
};

struct wire_log {
    struct wire_packet *packets;
    size_t count;
    uint8_t *bytes;
    guest_addr *starts; /* by number of the transfer: where it was started */
    /* Of the memory above. */
    size_t packet_room;
    size_t used;
    size_t byte_room;
    size_t start_room;
};

/* Logs the run that `trace` is about to see. Start with an empty log; released with
 * wire_log_free, when the run is over. */
void wire_log_attach(struct wire_log *log, struct trace *trace);
void wire_log_free(struct wire_log *log);

const uint8_t *wire_log_payload(const struct wire_log *log, const struct wire_packet *packet);

/* Where transfer `number` was started; 0 when there was none. */
guest_addr wire_log_start(const struct wire_log *log, uint32_t number);

/* The first packet that was made of `transfer`, or NULL. */
const struct wire_packet *wire_log_packet_of(const struct wire_log *log, uint32_t transfer);

/* True when the host cannot tell the two apart: same endpoint, kind and bytes. */
bool wire_packets_equal(const struct wire_log *one, const struct wire_packet *first,
                        const struct wire_log *two, const struct wire_packet *second);

#endif
