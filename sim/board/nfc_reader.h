/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A reader at the antenna of NFCT: what it does, and when.
 *
 *     10ms : field on
 *     20ms : select              # collision resolution, as far as the tag does it by itself
 *     25ms : frame 30 00         # a frame of these bytes; the reader adds their CRC
 *     30ms : broken 30 00        # the same with a wrong CRC
 *     40ms : field off
 */
#ifndef SIM_BOARD_NFC_READER_H
#define SIM_BOARD_NFC_READER_H

#include "sim/base/status.h"
#include "sim/core/trace.h"

enum { NFC_FRAME_BYTES = 256, NFC_CRC_BYTES = 2 };

enum nfc_action { NFC_FIELD_ON, NFC_FIELD_OFF, NFC_SELECT, NFC_FRAME, NFC_BROKEN };

struct nfc_step {
    sim_time when;
    enum nfc_action action;
    uint16_t size; /* with CRC */
    uint8_t bytes[NFC_FRAME_BYTES + NFC_CRC_BYTES];
};

struct nfc_reader {
    /* Wiring; steps are constant once they are read, in order of time. */
    const char *name; /* "nfc" */
    struct trace *trace;
    unsigned count;
    struct nfc_step *step;
};

/* Reads the file `path`. Errors name line and column. Released with nfc_reader_finish. */
MUST_CHECK enum status nfc_reader_read(struct nfc_reader *reader, const char *path,
                                       struct failure *failure);
void nfc_reader_finish(struct nfc_reader *reader);

/* A byte went over the air. */
void nfc_reader_report(const struct nfc_reader *reader, bool from_chip, uint8_t byte);

/* CRC_A of ISO/IEC 14443-3. */
uint16_t nfc_crc(const uint8_t *bytes, unsigned size);
uint16_t nfc_crc_of_byte(uint16_t crc, uint8_t byte);
enum { NFC_CRC_SEED = 0x6363 };

#endif
