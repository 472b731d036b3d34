/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The air: what others send, from a text, and what the chip sends, as an observation.
 *
 *     # time      modulation  MHz  dBm  : address     : packet, CRC and all
 *     10ms        ble1m       2402      : d6 be 89 8e : 40 06 01 02 03 04 05 06 crc
 *     123.25us    nrf1m       2407 -70  : e7 e7 e7 e7 : 01 02 03 04
 *     20ms        ieee802154  2405      : a7          : 05 41 88 07 crc
 *
 * Bytes are in the order on the air, the least significant bit first, without whitening. `crc`
 * stands for the CRC of BLE advertising or of 802.15.4. What `fencepost` records is of this form.
 */
#ifndef SIM_BOARD_AIR_H
#define SIM_BOARD_AIR_H

#include "sim/base/status.h"
#include "sim/base/text.h"
#include "sim/core/air_packet.h"
#include "sim/core/trace.h"

#include <stddef.h>

struct air {
    struct trace *trace;
    /* Constant once it is read: in order of time. */
    size_t count;
    struct air_packet *packet;
};

/* Adds the packets of the file `path`. Errors name line and column. Released with air_finish. */
MUST_CHECK enum status air_read(struct air *air, const char *path, struct failure *failure);

/* As air_read, from a text that is in memory; `name` is for messages. */
MUST_CHECK enum status air_parse(struct air *air, const char *name, const char *text, size_t size,
                                 struct failure *failure);
void air_finish(struct air *air);

/* Index of the first packet that starts at `from` or later; air->count: none does. */
size_t air_first_from(const struct air *air, sim_time from);

/* The strongest signal at `megahertz` between `from` and `to`; AIR_SILENCE: there is none.
 * `coherent`: packets of 802.15.4 only. */
int air_loudest(const struct air *air, unsigned megahertz, sim_time from, sim_time to,
                bool coherent);

/* The chip has sent `packet`. */
void air_sent(const struct air *air, const struct air_packet *packet);

/* Appends the line of `packet`. */
void air_print(struct text *text, const struct air_packet *packet);

/* Begins a capture in pcapng, as Wireshark reads it, and appends `packet` to it. */
void air_begin_capture(struct text *out);
void air_capture(struct text *out, const struct air_packet *packet);

/* "ble1m", NULL: there is no such modulation. */
const char *air_mode_name(unsigned mode);

#endif
