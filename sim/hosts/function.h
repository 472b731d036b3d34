/* SPDX-License-Identifier: Apache-2.0 */
/* Finding one's way in the configuration descriptor a host has read. Inside sim/hosts. */
#ifndef SIM_HOSTS_FUNCTION_H
#define SIM_HOSTS_FUNCTION_H

#include "sim/usb/host.h"

/* bmAttributes, bits 1..0 (USB 2.0, table 9-13). */
enum endpoint_type { ISOCHRONOUS = 1, BULK = 2, INTERRUPT = 3 };

/* An interface descriptor, and all that belongs to it. `descriptor` NULL: none. */
struct function {
    uint8_t number;
    uint8_t alternate;
    uint8_t class;
    uint8_t subclass;
    uint8_t protocol;
    const uint8_t *descriptor;
    const uint8_t *end;
};

/* The interface behind `before` (all zero: the first one). False when there is none. */
bool function_next(const struct host *host, struct function *function);

/* The next interface of this class in setting 0, or the first. */
bool function_of_class(const struct host *host, uint8_t class, struct function *function);

/* The interface with this number, in setting 0. */
bool function_numbered(const struct host *host, uint8_t number, struct function *function);

/* The first descriptor of this type that belongs to it; with a class-specific subtype, or 0 for
 * any. NULL when there is none. */
const uint8_t *function_part(const struct function *function, uint8_t type, uint8_t subtype);

/* An endpoint of it; address 0 when there is none. */
struct function_endpoint {
    uint8_t address;
    uint8_t number;
    uint16_t size;
    uint8_t interval;
};
struct function_endpoint function_endpoint(const struct function *function, enum endpoint_type type,
                                           bool in);

enum { PROBE_BYTES = 9 };

/* Appends " 46 65 ...", data for an endpoint that may be an echo; and whether the latest transfer
 * brought just that. Both cases, figures and bytes that are no text: what changes one of them is no
 * echo. */
void function_write_probe(struct text *steps);
bool function_sent_probe_back(const struct host *host);

/* bmAttributes of the configuration: bit 5 is remote wake-up. */
uint8_t function_attributes(const struct host *host);

#endif
