/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What left the chip in a run: every data packet the device sent to the host and the transfer it
 * came from, and for the other masters whose bytes go to a wire (UARTE, SPIM, TWIM, TWIS, SPIS,
 * QSPI, I2S, NFCT) what EasyDMA fetched, a packet for each transfer.
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
    uint16_t channel;  /* trace_channel() of the transfer, or WIRE_USB */
    uint16_t exchange; /* the first bytes, for which as many come in: nobody may care for them */
    size_t at;         /* of its payload, in `bytes` */
};

enum { WIRE_USB = 0xffff };

struct wire_packets {
    struct wire_packet *packet;
    size_t count;
    size_t room;
};

struct wire_log {
    struct wire_packets usb;
    struct wire_packets serial; /* in order of capture */
    uint8_t *bytes;
    guest_addr *starts;  /* by number of the transfer: where it was started */
    uint32_t *serial_of; /* by number: index into serial, plus 1; 0: it is none of these */
    /* Of the memory above. */
    size_t used;
    size_t byte_room;
    size_t start_room;
    size_t serial_room;
    const struct trace *trace;
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

/* True when the host cannot tell the two apart: same endpoint or channel, kind and
 * bytes. */
bool wire_packets_equal(const struct wire_log *one, const struct wire_packet *first,
                        const struct wire_log *two, const struct wire_packet *second);

#endif
