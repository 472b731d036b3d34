/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mass storage, bulk-only (BOT 1.0; SCSI: SPC-4, SBC-3), as steps of a conversation: commands and
 * what frames them. Inside sim/hosts.
 */
#ifndef SIM_HOSTS_BOT_H
#define SIM_HOSTS_BOT_H

#include "sim/hosts/function.h"

#include "sim/base/text.h"

enum { BOT_BLOCK = 512, BOT_STATUS_SIZE = 13 };
enum { BOT_PASSED = 0, BOT_FAILED = 1 };        /* bCSWStatus */
enum { BOT_EXACTLY = 0xff, BOT_EITHER = 0xfe }; /* bits of it that are looked at */

/* An interface 08/06/50 with its pair of bulk endpoints. */
struct drive {
    struct function function;
    struct function_endpoint out;
    struct function_endpoint in;
};

/* The first one of the device; false when there is none. */
bool drive_find(const struct host *host, struct drive *drive);

/* What writes commands: where to, and the tag of the last one, which the program keeps. */
struct bot {
    const struct drive *drive;
    struct text *steps;
    uint32_t *tag;
};

void bot_bytes(struct text *steps, const uint8_t *bytes, size_t size);

/*
 * The command block wrapper (BOT 1.0, 5.1), for `length` bytes of data from the device or to it.
 * `more` stands behind the step, here and below: "" or " after 1 packet lose ack".
 */
void bot_command(const struct bot *bot, const uint8_t *command, size_t size, uint32_t length,
                 bool in, const char *more);

/* READ(10) is 0x28, WRITE(10) 0x2a. */
enum { BOT_READ = 0x28, BOT_WRITE = 0x2a };
void bot_block_command(const struct bot *bot, uint8_t code, uint32_t block, uint32_t count,
                       const char *more);

void bot_test_unit_ready(const struct bot *bot);

/* REQUEST SENSE with its data; the status is still to come. */
void bot_request_sense(const struct bot *bot);

void bot_read(const struct bot *bot, uint32_t length, const char *more);

/* The command status wrapper (5.2): its tag, any residue, and the status in the bits of `mask`. */
void bot_status(const struct bot *bot, unsigned status, unsigned mask, const char *more);

void bot_clear_halt(const struct bot *bot, uint8_t address);

/* Reset recovery (5.3.4): the class's reset, then the halts of both endpoints. */
void bot_recovery(const struct bot *bot);

#endif
