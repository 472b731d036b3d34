/* SPDX-License-Identifier: Apache-2.0 */
/* What the host says of transfers, whatever their kind. */
#include "sim/usb/host_state.h"

enum { BYTES_SHOWN = 24 };

void transfer_print_bytes(struct text *text, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size && i < BYTES_SHOWN; i++)
        text_printf(text, "%s%02x", i ? " " : ": ", data[i]);
    if (size > BYTES_SHOWN)
        text_printf(text, " ...");
}

void transfer_print_ignored(struct text *text, unsigned ignored)
{
    if (ignored)
        text_printf(text, "; before that, %u packet%s ignored because of the wrong data toggle",
                    ignored, ignored == 1 ? " was" : "s were");
}

void transfer_print_fault(struct text *text, enum transfer_fault fault, unsigned culprit,
                          unsigned limit, uint8_t endpoint)
{
    switch (fault) {
    case FAULT_SETUP_REFUSED:
        text_printf(text, "the device answered SETUP with %s, but it must accept every SETUP",
                    culprit == PID_NAK ? "NAK" : "STALL");
        break;
    case FAULT_PACKET_TOO_BIG:
        text_printf(text,
                    "the device sent a packet of %u bytes, endpoint %u carries at most %u a packet",
                    culprit, endpoint, limit);
        break;
    case FAULT_TOO_MUCH_DATA:
        text_printf(text, "the device sent %u bytes, but only %u were asked for", culprit, limit);
        break;
    case FAULT_STATUS_DATA:
        text_printf(text, "the device sent %u bytes in the status stage, which must be empty",
                    culprit);
        break;
    case FAULT_TOGGLE:
        text_printf(text, "the device sent DATA%u where DATA%u was expected", culprit == PID_DATA1,
                    culprit != PID_DATA1);
        break;
    case FAULT_PID:
        text_printf(text, "the device answered IN with PID 0x%02x, neither DATA0 nor DATA1",
                    culprit);
        break;
    case FAULT_DATA: /* stream.c tells */
    case FAULT_BOUNDARY:
    case FAULT_NONE:
        break;
    }
}
