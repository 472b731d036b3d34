/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware/class/scsi.h"

#include <stddef.h>

enum {
    TEST_UNIT_READY = 0x00, /* SPC-2, 7; SBC, 5 */
    REQUEST_SENSE = 0x03,
    INQUIRY = 0x12,
    MODE_SENSE_6 = 0x1a,
    START_STOP_UNIT = 0x1b,
    PREVENT_ALLOW = 0x1e,
    READ_FORMAT_CAPACITIES = 0x23,
    READ_CAPACITY = 0x25,
    READ_10 = 0x28,
    WRITE_10 = 0x2a,
    VERIFY_10 = 0x2f,
    SYNCHRONIZE_CACHE = 0x35,
    MODE_SENSE_10 = 0x5a,

    BLOCK_SIZE = 512,
    REPLY_MAX = 36,
    SENSE_SIZE = 18,

    ILLEGAL_REQUEST = 5, /* sense keys and additional sense codes */
    INVALID_COMMAND = 0x20,
    OUT_OF_RANGE = 0x21,
    INVALID_FIELD = 0x24,
};

static uint8_t *medium;
static uint32_t block_count;
static uint8_t sense_key;
static uint8_t sense_code;
static uint8_t reply[REPLY_MAX];

static const uint8_t inquiry[REPLY_MAX] = {
    0x00, 0x80, 0x04, 0x02, REPLY_MAX - 5, 0,   0,   0, /* disk, removable, SPC-2 */
    'F',  'e',  'n',  'c',  'e',           'p', 'o', 's', 'R', 'A', 'M', ' ', 'd', 'i',
    's',  'k',  ' ',  ' ',  ' ',           ' ', ' ', ' ', ' ', ' ', '1', '.', '0', '0',
};

void scsi_begin(uint8_t *blocks, uint32_t count)
{
    medium = blocks;
    block_count = count;
}

/* ---- Fields: SCSI puts the high byte first -----------------------------------------------------
 */

static uint32_t load16(const uint8_t *at)
{
    return (uint32_t)at[0] << 8 | at[1];
}

static uint32_t load32(const uint8_t *at)
{
    return load16(at) << 16 | load16(at + 2);
}

static void store32(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 24);
    at[1] = (uint8_t)(value >> 16);
    at[2] = (uint8_t)(value >> 8);
    at[3] = (uint8_t)value;
}

/* ---- Answers -----------------------------------------------------------------------------------
 */

static struct scsi_intent done(void)
{
    return (struct scsi_intent){.good = true};
}

static struct scsi_intent fail(uint8_t code)
{
    sense_key = ILLEGAL_REQUEST;
    sense_code = code;
    return (struct scsi_intent){.good = false};
}

static struct scsi_intent send_reply(uint32_t size, uint32_t allocated)
{
    return (struct scsi_intent){
        .good = true, .to_host = true, .data = reply, .size = size < allocated ? size : allocated};
}

static void clear_reply(void)
{
    for (unsigned i = 0; i < REPLY_MAX; i++)
        reply[i] = 0;
}

/* ---- Commands ----------------------------------------------------------------------------------
 */

/* No vital product data. */
static struct scsi_intent do_inquiry(const uint8_t *command)
{
    if (command[1] != 0 || command[2] != 0)
        return fail(INVALID_FIELD);
    for (unsigned i = 0; i < REPLY_MAX; i++)
        reply[i] = inquiry[i];
    return send_reply(REPLY_MAX, load16(command + 3));
}

static struct scsi_intent request_sense(const uint8_t *command)
{
    reply[0] = 0x70; /* current error, fixed format */
    reply[2] = sense_key;
    reply[7] = SENSE_SIZE - 8;
    reply[12] = sense_code;
    sense_key = 0;
    sense_code = 0;
    return send_reply(SENSE_SIZE, command[4]);
}

/* A header without pages: not write-protected. */
static struct scsi_intent mode_sense_6(const uint8_t *command)
{
    reply[0] = 3;
    return send_reply(4, command[4]);
}

static struct scsi_intent mode_sense_10(const uint8_t *command)
{
    reply[1] = 6;
    return send_reply(8, load16(command + 7));
}

static struct scsi_intent read_capacity(void)
{
    store32(reply, block_count - 1);
    store32(reply + 4, BLOCK_SIZE);
    return send_reply(8, 8);
}

/* One descriptor: formatted medium. */
static struct scsi_intent read_format_capacities(const uint8_t *command)
{
    reply[3] = 8;
    store32(reply + 4, block_count);
    store32(reply + 8, BLOCK_SIZE);
    reply[8] = 2;
    return send_reply(12, load16(command + 7));
}

static bool blocks_exist(const uint8_t *command)
{
    uint32_t first = load32(command + 2);

    return first <= block_count && load16(command + 7) <= block_count - first;
}

static struct scsi_intent move_blocks(const uint8_t *command, bool to_host)
{
    if (!blocks_exist(command))
        return fail(OUT_OF_RANGE);
    return (struct scsi_intent){.good = true,
                                .to_host = to_host,
                                .data = medium + load32(command + 2) * BLOCK_SIZE,
                                .size = load16(command + 7) * BLOCK_SIZE};
}

/* Without comparing bytes: a RAM disk has no medium errors. */
static struct scsi_intent verify(const uint8_t *command)
{
    enum { BYTE_CHECK = 2 };

    if (command[1] & BYTE_CHECK)
        return fail(INVALID_FIELD);
    return blocks_exist(command) ? done() : fail(OUT_OF_RANGE);
}

/* Bytes of a command block, by its group (SPC-2, 4.3.4). */
static uint32_t length_of(uint8_t operation)
{
    static const uint8_t lengths[8] = {6, 10, 10, 0, 16, 12, 0, 0};

    return lengths[operation >> 5];
}

struct scsi_intent scsi_execute(const uint8_t *command, uint32_t size)
{
    uint8_t operation = command[0];

    if (size < length_of(operation))
        return fail(INVALID_FIELD);
    clear_reply();
    switch (operation) {
    case TEST_UNIT_READY:
    case START_STOP_UNIT:
    case PREVENT_ALLOW:
    case SYNCHRONIZE_CACHE:
        return done();
    case REQUEST_SENSE:
        return request_sense(command);
    case INQUIRY:
        return do_inquiry(command);
    case MODE_SENSE_6:
        return mode_sense_6(command);
    case MODE_SENSE_10:
        return mode_sense_10(command);
    case READ_FORMAT_CAPACITIES:
        return read_format_capacities(command);
    case READ_CAPACITY:
        return read_capacity();
    case READ_10:
        return move_blocks(command, true);
    case WRITE_10:
        return move_blocks(command, false);
    case VERIFY_10:
        return verify(command);
    default:
        return fail(INVALID_COMMAND);
    }
}
