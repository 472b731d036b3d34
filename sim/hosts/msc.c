/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mass storage, bulk-only (BOT 1.0; SCSI: SPC-4, SBC-3): what a host asks, the whole disk, its FAT
 * file system, a file written and read back, and what a device must refuse.
 *
 * Deviations:
 *   1. Only LUN 0, and blocks of 512 bytes.
 *   2. Of a disk larger than MSC_DISK_MAX only the beginning is read, and nothing is written.
 */
#include "sim/hosts/bot.h"
#include "sim/hosts/fat.h"
#include "sim/hosts/programs.h"

#include "sim/base/bits.h"
#include "sim/base/heap.h"

#include <string.h>

enum { MSC_DISK_MAX = 192 << 10, BLOCKS_AT_A_TIME = 8, READY_TRIES = 8 };
enum { NO_SENSE = 0, DATA_PROTECT = 7 };
enum { FILE_LENGTH = 700 };

/* What the next chapter is for: each looks at what the one before brought. */
enum msc_step {
    MSC_INQUIRY,
    MSC_READY,
    MSC_READY_STATUS,
    MSC_SENSE,
    MSC_MODE,
    MSC_MODE_STATUS,
    MSC_CAPACITY,
    MSC_TAKE,
    MSC_NONSENSE_STATUS,
    MSC_REFUSED_STATUS,
    MSC_REFUSED,
    MSC_REFUSED_SENSE,
    MSC_WRITE_STATUS,
    MSC_WRITTEN,
    MSC_PROTECTED,
    MSC_ERRORS,
    MSC_END,
};

struct msc {
    uint32_t step; /* enum msc_step */
    uint32_t tag;
    uint32_t tries;
    uint32_t blocks;  /* of the disk, those that are read */
    uint32_t all;     /* of the disk */
    uint32_t at;      /* block */
    uint32_t count;   /* blocks of the command under way */
    uint32_t again;   /* the disk is read the second time, and compared */
    uint32_t protect; /* it cannot be written to */
    uint32_t fat;     /* enum fat_verdict */
    char words[96];   /* of fat_check */
    uint8_t disk[MSC_DISK_MAX];
    uint8_t changed[MSC_DISK_MAX / BOT_BLOCK]; /* true: this block is still to be written */
};

bool msc_fits(const struct host *host)
{
    struct drive drive;

    return drive_find(host, &drive);
}

/* A chapter in the making. */
struct talk {
    const struct host_writing *writing;
    struct msc *msc;
    struct drive drive;
    struct bot bot;
};

static struct text *steps_of(const struct talk *talk)
{
    return talk->writing->steps;
}

/* What was asked last answered STALL: only then a host clears the halt. */
static void write_clear_if_stalled(const struct talk *talk, uint8_t address)
{
    if (host_transfer(talk->writing->host) == TRANSFER_STALLED)
        bot_clear_halt(&talk->bot, address);
}

/* ---- What came ------------------------------------------------------------------------------- */

static const uint8_t *answer(const struct talk *talk, size_t *size)
{
    return host_transfer_data(talk->writing->host, size);
}

static bool command_failed(const struct talk *talk)
{
    size_t size;
    const uint8_t *status = answer(talk, &size);

    return size < BOT_STATUS_SIZE || status[12] != BOT_PASSED;
}

static unsigned sense_key(const struct talk *talk)
{
    size_t size;
    const uint8_t *sense = answer(talk, &size);

    return size > 2 ? sense[2] & 15u : 0;
}

static uint32_t load_be32(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static enum program_turn fails(const struct talk *talk, const char *reason)
{
    text_printf(talk->writing->reason, "%s", reason);
    return PROGRAM_FAILED;
}

static enum program_turn go_on(const struct talk *talk, enum msc_step step)
{
    talk->msc->step = step;
    return PROGRAM_GOES_ON;
}

/* ---- Chapters: what there is ----------------------------------------------------------------- */

static enum program_turn inquiry(const struct talk *talk)
{
    static const uint8_t command[6] = {0x12, 0, 0, 0, 36, 0};

    text_printf(steps_of(talk), "get max-lun interface %u expect ok or stall expect 00/f0\n",
                talk->drive.function.number);
    bot_command(&talk->bot, command, sizeof command, 36, true, "");
    bot_read(&talk->bot, 36, " expect 36 bytes expect 00/1f ?? ?? 02/0f ?? ...");
    bot_status(&talk->bot, BOT_PASSED, BOT_EXACTLY, "");
    return go_on(talk, MSC_READY);
}

static enum program_turn ready(const struct talk *talk)
{
    if (talk->msc->tries++ == READY_TRIES)
        return fails(talk, "TEST UNIT READY fails again and again: the disk does not become ready");
    if (talk->msc->tries > 1)
        text_printf(steps_of(talk), "wait 50 ms\n");
    bot_test_unit_ready(&talk->bot);
    return go_on(talk, MSC_READY_STATUS);
}

static enum program_turn ready_status(const struct talk *talk)
{
    static const uint8_t mode_sense[6] = {0x1a, 0, 0x3f, 0, 192, 0};

    if (command_failed(talk)) {
        bot_request_sense(&talk->bot);
        return go_on(talk, MSC_SENSE);
    }
    /* Windows and Linux ask this of each disk; it may be refused. */
    bot_command(&talk->bot, mode_sense, sizeof mode_sense, 192, true, "");
    bot_read(&talk->bot, 192, " expect ok or stall");
    return go_on(talk, MSC_MODE);
}

/* A device that has sent less than was asked for halts behind it: the status comes when that is
 * cleared (BOT 1.0, 5.3.3 and 6.7.2). */
static enum program_turn mode(const struct talk *talk)
{
    write_clear_if_stalled(talk, talk->drive.in.address);
    bot_status(&talk->bot, BOT_PASSED, BOT_EITHER, " expect ok or stall");
    return go_on(talk, MSC_MODE_STATUS);
}

static enum program_turn mode_status(const struct talk *talk)
{
    static const uint8_t capacity[10] = {0x25};

    if (host_transfer(talk->writing->host) == TRANSFER_STALLED) {
        bot_clear_halt(&talk->bot, talk->drive.in.address);
        bot_status(&talk->bot, BOT_PASSED, BOT_EITHER, "");
    }
    bot_command(&talk->bot, capacity, sizeof capacity, 8, true, "");
    bot_read(&talk->bot, 8, " expect 8 bytes");
    return go_on(talk, MSC_CAPACITY);
}

/* Whatever the reason was (a medium that has changed, usually): once more. */
static enum program_turn sense(const struct talk *talk)
{
    bot_status(&talk->bot, BOT_PASSED, BOT_EXACTLY, "");
    return go_on(talk, MSC_READY);
}

static enum program_turn begin_reading(const struct talk *talk)
{
    struct msc *msc = talk->msc;

    msc->count = msc->blocks - msc->at;
    if (msc->count > BLOCKS_AT_A_TIME)
        msc->count = BLOCKS_AT_A_TIME;
    bot_block_command(&talk->bot, BOT_READ, msc->at, msc->count, "");
    text_printf(steps_of(talk), "in on endpoint %u %u expect %u bytes\n", talk->drive.in.number,
                msc->count * BOT_BLOCK, msc->count * BOT_BLOCK);
    return go_on(talk, MSC_TAKE);
}

static enum program_turn capacity(const struct talk *talk)
{
    struct msc *msc = talk->msc;
    size_t size;
    const uint8_t *bytes = answer(talk, &size);

    if (load_be32(bytes + 4) != BOT_BLOCK)
        return fails(talk, "READ CAPACITY: the blocks have not 512 bytes, which is all this host "
                           "knows");
    msc->all = load_be32(bytes) + 1;
    if (!msc->all)
        return fails(talk, "READ CAPACITY: the last block is ffffffff");
    msc->blocks = msc->all < MSC_DISK_MAX / BOT_BLOCK ? msc->all : MSC_DISK_MAX / BOT_BLOCK;
    bot_status(&talk->bot, BOT_PASSED, BOT_EXACTLY, "");
    return begin_reading(talk);
}

/* ---- Chapters: the disk ---------------------------------------------------------------------- */

static enum program_turn differs(const struct talk *talk, uint32_t at)
{
    text_printf(talk->writing->reason,
                "byte %u of block %u is not what was written, or was there before", at % BOT_BLOCK,
                at / BOT_BLOCK);
    return PROGRAM_FAILED;
}

static enum program_turn refused(const struct talk *talk);

/* The whole disk is here: is its file system good? */
static enum program_turn look_at_disk(const struct talk *talk)
{
    struct msc *msc = talk->msc;
    struct text text = {0};

    msc->fat = fat_check(msc->disk, msc->blocks * BOT_BLOCK, &text);
    memset(msc->words, 0, sizeof msc->words);
    strncpy(msc->words, text_string(&text), sizeof msc->words - 1);
    text_free(&text);
    if (msc->fat == FAT_DAMAGED && msc->blocks == msc->all) {
        text_printf(talk->writing->reason, "the file system is damaged: %s", msc->words);
        return PROGRAM_FAILED;
    }
    text_printf(steps_of(talk), "say \"the disk has %u blocks: %s\"\n", msc->all, msc->words);
    bot_status(&talk->bot, BOT_PASSED, BOT_EXACTLY, "");
    return msc->again ? go_on(talk, MSC_ERRORS) : refused(talk);
}

static enum program_turn take(const struct talk *talk)
{
    struct msc *msc = talk->msc;
    uint8_t *disk = msc->disk + msc->at * BOT_BLOCK;
    size_t size;
    const uint8_t *bytes = answer(talk, &size);

    for (uint32_t i = 0; msc->again && i < size; i++)
        if (bytes[i] != disk[i])
            return differs(talk, msc->at * BOT_BLOCK + i);
    memcpy(disk, bytes, size);
    msc->at += msc->count;
    if (msc->at == msc->blocks)
        return look_at_disk(talk);
    bot_status(&talk->bot, BOT_PASSED, BOT_EXACTLY, "");
    return begin_reading(talk);
}

/* ---- Chapters: what must be refused ---------------------------------------------------------- */

/* A command that is none, and a block that is none; both fail, and the last one's sense is asked.
 */
static enum program_turn refused(const struct talk *talk)
{
    static const uint8_t nonsense[6] = {0xff};

    bot_command(&talk->bot, nonsense, sizeof nonsense, 0, false, "");
    bot_status(&talk->bot, BOT_PASSED, BOT_EITHER, "");
    return go_on(talk, MSC_NONSENSE_STATUS);
}

static enum program_turn nonsense_status(const struct talk *talk)
{
    if (!command_failed(talk))
        return fails(talk, "the device is at fault: it passes command ff, which there is not, and "
                           "has to fail it (SPC-4: INVALID COMMAND OPERATION CODE)");
    bot_block_command(&talk->bot, BOT_READ, talk->msc->all, 1, "");
    bot_read(&talk->bot, BOT_BLOCK, " expect ok or stall");
    return go_on(talk, MSC_REFUSED_STATUS);
}

static enum program_turn refused_status(const struct talk *talk)
{
    write_clear_if_stalled(talk, talk->drive.in.address);
    bot_status(&talk->bot, BOT_PASSED, BOT_EITHER, "");
    return go_on(talk, MSC_REFUSED);
}

static enum program_turn ask_why_refused(const struct talk *talk)
{
    if (!command_failed(talk))
        return fails(talk, "the device is at fault: it passes a READ(10) behind the end of its "
                           "disk, and has to fail it (SBC-3: LOGICAL BLOCK ADDRESS OUT OF RANGE; "
                           "BOT 1.0, 5.2: bCSWStatus 01)");
    bot_request_sense(&talk->bot);
    return go_on(talk, MSC_REFUSED_SENSE);
}

/* ---- Chapters: a file ------------------------------------------------------------------------ */

static void fill_file(uint8_t *bytes)
{
    static const char line[] = "written by the host, block by block\r\n";

    for (size_t i = 0; i < FILE_LENGTH; i++)
        bytes[i] = (uint8_t)line[i % (sizeof line - 1)];
}

/* Puts a file into our copy of the disk, and notes which blocks have to be written. */
static bool add_file(struct msc *msc)
{
    uint8_t file[FILE_LENGTH];
    size_t size = msc->blocks * BOT_BLOCK;
    uint8_t *before = heap_allocate(size, 1);
    bool good;

    memcpy(before, msc->disk, size);
    fill_file(file);
    good = fat_add_file(msc->disk, size, "FENCEPSTTXT", file, sizeof file);
    if (!good)
        memcpy(msc->disk, before, size);
    for (uint32_t block = 0; block < msc->blocks; block++)
        msc->changed[block] =
            memcmp(before + block * BOT_BLOCK, msc->disk + block * BOT_BLOCK, BOT_BLOCK) != 0;
    heap_release(before);
    return good;
}

static enum program_turn read_again(const struct talk *talk)
{
    talk->msc->again = true;
    talk->msc->at = 0;
    return begin_reading(talk);
}

/* The next changed block, or all is written. */
static enum program_turn write_next(const struct talk *talk)
{
    struct msc *msc = talk->msc;

    for (uint32_t block = 0; block < msc->blocks; block++) {
        if (!msc->changed[block])
            continue;
        msc->changed[block] = false;
        bot_block_command(&talk->bot, BOT_WRITE, block, 1, "");
        text_printf(steps_of(talk), "out on endpoint %u", talk->drive.out.number);
        bot_bytes(steps_of(talk), msc->disk + block * BOT_BLOCK, BOT_BLOCK);
        text_printf(steps_of(talk), " expect ok or stall\n");
        return go_on(talk, MSC_WRITE_STATUS);
    }
    return read_again(talk);
}

static enum program_turn write_status_stage(const struct talk *talk)
{
    write_clear_if_stalled(talk, talk->drive.out.address);
    bot_status(&talk->bot, BOT_PASSED, BOT_EITHER, "");
    return go_on(talk, MSC_WRITTEN);
}

static enum program_turn refused_sense(const struct talk *talk)
{
    struct msc *msc = talk->msc;

    if (sense_key(talk) == NO_SENSE)
        return fails(talk,
                     "the device is at fault: it fails a READ(10) behind the end of its disk and "
                     "does not say why: NO SENSE, where REQUEST SENSE has to give a key such as "
                     "5, ILLEGAL REQUEST (SBC-3: LOGICAL BLOCK ADDRESS OUT OF RANGE)");
    bot_status(&talk->bot, BOT_PASSED, BOT_EXACTLY, "");
    if (msc->fat == FAT_GOOD && msc->blocks == msc->all && add_file(msc))
        return write_next(talk);
    text_printf(steps_of(talk), "say \"nothing is written\"\n");
    return go_on(talk, MSC_ERRORS);
}

static enum program_turn written(const struct talk *talk)
{
    if (!command_failed(talk))
        return write_next(talk);
    bot_request_sense(&talk->bot);
    return go_on(talk, MSC_PROTECTED);
}

static enum program_turn write_protected(const struct talk *talk)
{
    if (sense_key(talk) != DATA_PROTECT)
        return fails(talk, "WRITE(10) failed, and not because the disk is write-protected");
    talk->msc->protect = true;
    bot_status(&talk->bot, BOT_PASSED, BOT_EXACTLY, "");
    text_printf(steps_of(talk), "say \"the disk is write-protected\"\n");
    return go_on(talk, MSC_ERRORS);
}

/* ---- Chapters: errors of the transport ------------------------------------------------------- */

/* Behind a wrapper that is none the device is deaf until reset recovery (BOT 1.0, 5.3.4, 6.6.1). */
static enum program_turn errors(const struct talk *talk)
{
    text_printf(steps_of(talk), "out on endpoint %u 31 bytes expect ok or stall\n",
                talk->drive.out.number);
    text_printf(steps_of(talk), "in on endpoint %u 13 within 500 ms expect stall\n",
                talk->drive.in.number);
    bot_clear_halt(&talk->bot, talk->drive.in.address);
    text_printf(steps_of(talk), "in on endpoint %u 13 within 500 ms expect stall\n",
                talk->drive.in.number);
    bot_recovery(&talk->bot);
    bot_test_unit_ready(&talk->bot);
    return go_on(talk, MSC_END);
}

static enum program_turn end(const struct talk *talk)
{
    const struct msc *msc = talk->msc;

    if (command_failed(talk))
        return fails(talk, "TEST UNIT READY fails behind reset recovery");
    text_printf(talk->writing->reason, "%u blocks read, %s%s", msc->blocks, msc->words,
                msc->again     ? ", a file written and read back"
                : msc->protect ? ", write-protected"
                               : "");
    return PROGRAM_DONE;
}

static enum program_turn write(const struct host_writing *writing)
{
    struct talk talk = {.writing = writing, .msc = writing->memory};

    if (!drive_find(writing->host, &talk.drive))
        return fails(&talk, "the device has no bulk-only mass storage interface (08/06/50)");
    talk.bot = (struct bot){&talk.drive, writing->steps, &talk.msc->tag};
    switch ((enum msc_step)talk.msc->step) {
    case MSC_INQUIRY:
        return inquiry(&talk);
    case MSC_READY:
        return ready(&talk);
    case MSC_READY_STATUS:
        return ready_status(&talk);
    case MSC_SENSE:
        return sense(&talk);
    case MSC_MODE:
        return mode(&talk);
    case MSC_MODE_STATUS:
        return mode_status(&talk);
    case MSC_CAPACITY:
        return capacity(&talk);
    case MSC_TAKE:
        return take(&talk);
    case MSC_NONSENSE_STATUS:
        return nonsense_status(&talk);
    case MSC_REFUSED_STATUS:
        return refused_status(&talk);
    case MSC_REFUSED:
        return ask_why_refused(&talk);
    case MSC_REFUSED_SENSE:
        return refused_sense(&talk);
    case MSC_WRITE_STATUS:
        return write_status_stage(&talk);
    case MSC_WRITTEN:
        return written(&talk);
    case MSC_PROTECTED:
        return write_protected(&talk);
    case MSC_ERRORS:
        return errors(&talk);
    case MSC_END:
        return end(&talk);
    }
    return PROGRAM_DONE;
}

const struct host_program msc_program = {"msc", sizeof(struct msc), write};
