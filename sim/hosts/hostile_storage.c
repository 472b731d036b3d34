/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hostile host: attacks on a disk (bulk-only transport). Blocks are written with bytes picked
 * by the seed, something happens in the middle of a command, and the blocks must still be there: in
 * the command block wrapper, in the data, in the command status wrapper.
 */
#include "sim/hosts/bot.h"
#include "sim/hosts/hostile.h"

#include "sim/base/bits.h"

#include <stdio.h>

enum { BLOCKS_MIN = 8, BLOCKS_MAX = 0x10000, BLOCKS_AT_A_TIME = 3, LONG_CHAPTER = 16 << 10 };
enum { PACKET = 64 };

/* What one attack is about. */
struct storm {
    const struct attack *attack;
    struct bot bot;
    uint32_t block;
    uint32_t count;
    uint8_t bytes[BLOCKS_AT_A_TIME * BOT_BLOCK]; /* that the blocks must have at the end */
};

static uint32_t size_of(const struct storm *storm)
{
    return storm->count * BOT_BLOCK;
}

/* ---- Is there a disk? ------------------------------------------------------------------------ */

/* A disk just plugged in may have to be asked twice; the sense tells it that somebody knows. */
bool hostile_probe_capacity(const struct attack *attack)
{
    static const uint8_t capacity[10] = {0x25};
    struct drive drive;
    const struct bot bot = {&drive, attack->steps, &attack->hostile->tag};

    if (!drive_find(attack->writing->host, &drive))
        return false;
    bot_test_unit_ready(&bot);
    bot_request_sense(&bot);
    bot_status(&bot, BOT_PASSED, BOT_EITHER, "");
    bot_command(&bot, capacity, sizeof capacity, 8, true, "");
    bot_read(&bot, 8, " expect any");
    return true;
}

static uint32_t load_be32(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static uint32_t blocks_told(const struct host *host)
{
    size_t size;
    const uint8_t *bytes = host_transfer_data(host, &size);

    if (host_transfer(host) != TRANSFER_DONE || size != 8 || load_be32(bytes + 4) != BOT_BLOCK)
        return 0;
    return load_be32(bytes) + 1;
}

bool hostile_probe_writing(const struct attack *attack)
{
    struct drive drive;
    const struct bot bot = {&drive, attack->steps, &attack->hostile->tag};

    if (!drive_find(attack->writing->host, &drive))
        return false;
    attack->hostile->blocks = blocks_told(attack->writing->host);
    if (attack->hostile->blocks < BLOCKS_MIN) {
        attack->hostile->blocks = 0;
        bot_recovery(&bot);
        return false;
    }
    bot_status(&bot, BOT_PASSED, BOT_EXACTLY, "");
    bot_block_command(&bot, BOT_WRITE, attack->hostile->blocks - 1, 1, "");
    text_printf(attack->steps, "out on endpoint %u %d bytes expect ok or stall\n", drive.out.number,
                BOT_BLOCK);
    bot_read(&bot, BOT_STATUS_SIZE, " within 500 ms expect any");
    return true;
}

bool hostile_is_writable(const struct host *host)
{
    size_t size;
    const uint8_t *status = host_transfer_data(host, &size);

    return host_transfer(host) == TRANSFER_DONE && size == BOT_STATUS_SIZE &&
           status[12] == BOT_PASSED;
}

/* ---- Whole commands, with something in the middle -------------------------------------------- */

/* What stands behind each of the three steps of a command; "": nothing. */
struct trouble {
    char command[64];
    char data[64];
    char status[64];
};

static void write_data(const struct storm *storm, const uint8_t *bytes, const char *more)
{
    text_printf(storm->bot.steps, "out on endpoint %u", storm->bot.drive->out.number);
    bot_bytes(storm->bot.steps, bytes, size_of(storm));
    text_printf(storm->bot.steps, "%s\n", more);
}

static void read_data(const struct storm *storm, const char *more)
{
    text_printf(storm->bot.steps, "in on endpoint %u %u%s expect", storm->bot.drive->in.number,
                size_of(storm), more);
    bot_bytes(storm->bot.steps, storm->bytes, size_of(storm));
    text_printf(storm->bot.steps, "\n");
}

static void write_blocks(const struct storm *storm, const struct trouble *trouble)
{
    bot_block_command(&storm->bot, BOT_WRITE, storm->block, storm->count, trouble->command);
    write_data(storm, storm->bytes, trouble->data);
    bot_status(&storm->bot, BOT_PASSED, BOT_EXACTLY, trouble->status);
}

static void read_blocks(const struct storm *storm, const struct trouble *trouble)
{
    bot_block_command(&storm->bot, BOT_READ, storm->block, storm->count, trouble->command);
    read_data(storm, trouble->data);
    bot_status(&storm->bot, BOT_PASSED, BOT_EXACTLY, trouble->status);
}

static const struct trouble no_trouble;

/* ---- Bad luck -------------------------------------------------------------------------------- */

/* One packet of a step of `packets`, and what becomes of it. */
static void pick_misfortune(const struct storm *storm, char words[64], uint32_t packets, bool out)
{
    static const char *const misfortunes[] = {"lose ack", "spoil crc", "wrong toggle", "babble"};
    const struct attack *attack = storm->attack;
    struct text text = {0};

    if (hostile_pick(attack, 0, 4) == 0)
        text_printf(&text, " after %u packet%s wait %u ms", packets - 1, packets == 2 ? "" : "s",
                    hostile_pick(attack, 1, 9));
    else
        text_printf(&text, " after %u packets %s", hostile_pick(attack, 1, packets),
                    hostile_word(attack, misfortunes, out ? 4 : 2));
    (void)snprintf(words, 64, "%s", text_string(&text));
    text_free(&text);
}

/* The command must succeed all the same. */
static void attack_with_misfortune(const struct storm *storm)
{
    bool reads = hostile_pick(storm->attack, 0, 1);
    uint32_t packets = size_of(storm) / PACKET;
    struct trouble trouble = {0};

    if (hostile_pick(storm->attack, 0, 1))
        pick_misfortune(storm, trouble.command, 1, true);
    if (hostile_pick(storm->attack, 0, 1))
        pick_misfortune(storm, trouble.data, packets, !reads);
    if (hostile_pick(storm->attack, 0, 1))
        pick_misfortune(storm, trouble.status, 1, false);
    (reads ? read_blocks : write_blocks)(storm, &trouble);
}

/* ---- Cut off --------------------------------------------------------------------------------- */

static void write_moment(const struct storm *storm, uint32_t packets, const char *what)
{
    const struct attack *attack = storm->attack;

    if (hostile_pick(attack, 0, 1))
        text_printf(attack->steps, " after %u us", hostile_pick(attack, 1, packets * 70));
    else
        text_printf(attack->steps, " after %u packets and %u us",
                    hostile_pick(attack, 0, packets - 1), hostile_pick(attack, 1, 70));
    text_printf(attack->steps, " %s within 20 ms expect any\n", what);
}

/* What else is written when the write is cut off: the rest of it is then written again. */
static void spoil(struct storm *storm, uint8_t *bytes)
{
    for (uint32_t i = 0; i < size_of(storm); i++)
        bytes[i] = (uint8_t)~storm->bytes[i];
}

static void cut_off_in_data(struct storm *storm, bool reads, const char *what)
{
    uint8_t other[sizeof storm->bytes];

    bot_block_command(&storm->bot, reads ? BOT_READ : BOT_WRITE, storm->block, storm->count, "");
    if (reads) {
        text_printf(storm->bot.steps, "in on endpoint %u %u", storm->bot.drive->in.number,
                    size_of(storm));
    } else {
        spoil(storm, other);
        text_printf(storm->bot.steps, "out on endpoint %u", storm->bot.drive->out.number);
        bot_bytes(storm->bot.steps, other, size_of(storm));
    }
    write_moment(storm, size_of(storm) / PACKET, what);
}

static void cut_off_in_status(const struct storm *storm, const char *what)
{
    bot_block_command(&storm->bot, BOT_WRITE, storm->block, storm->count, "");
    write_data(storm, storm->bytes, "");
    text_printf(storm->bot.steps, "in on endpoint %u %d", storm->bot.drive->in.number,
                BOT_STATUS_SIZE);
    write_moment(storm, 1, what);
}

/* The wrapper's own step is the last line but one: the moment stands behind it. */
static void cut_off_in_command(const struct storm *storm, bool reads, const char *what)
{
    char moment[64];

    (void)snprintf(moment, sizeof moment, " after %u us %s within 20 ms expect any",
                   hostile_pick(storm->attack, 1, 120), what);
    bot_block_command(&storm->bot, reads ? BOT_READ : BOT_WRITE, storm->block, storm->count,
                      moment);
}

/* A configuration that was set begins anew; in the middle of one only reset recovery helps. */
static void attack_with_loss(struct storm *storm)
{
    enum loss loss = hostile_loss(storm->attack);
    bool reads = hostile_pick(storm->attack, 0, 1);
    bool anew = loss == LOSS_RESET || loss == LOSS_DETACH;

    switch (hostile_pick(storm->attack, 0, 2)) {
    case 0:
        cut_off_in_command(storm, reads, hostile_loss_word(loss));
        break;
    case 1:
        cut_off_in_data(storm, reads, hostile_loss_word(loss));
        break;
    default:
        cut_off_in_status(storm, hostile_loss_word(loss));
        break;
    }
    hostile_way_back(storm->attack, loss);
    if (!anew || hostile_pick(storm->attack, 0, 1))
        bot_recovery(&storm->bot);
    write_blocks(storm, &no_trouble);
}

/* ---- Too many, too few ----------------------------------------------------------------------- */

/* A wrapper that is none: the device is deaf until reset recovery (BOT 1.0, 6.6.1). */
static void attack_with_nonsense(const struct storm *storm)
{
    static const unsigned sizes[] = {1, 30, 31, 32, 63};

    text_printf(storm->bot.steps, "out on endpoint %u %u bytes expect ok or stall\n",
                storm->bot.drive->out.number, sizes[hostile_pick(storm->attack, 0, 4)]);
    bot_read(&storm->bot, BOT_STATUS_SIZE, " within 500 ms expect stall");
    bot_recovery(&storm->bot);
}

/* The host has room for less than the status: it sees babble, and no status. */
static void attack_with_little_room(const struct storm *storm)
{
    static const uint8_t command[6] = {0x00};

    bot_command(&storm->bot, command, sizeof command, 0, false, "");
    bot_read(&storm->bot, hostile_pick(storm->attack, 1, BOT_STATUS_SIZE - 1), " expect babble");
    bot_recovery(&storm->bot);
}

/* Part of the data is fetched, then the host thinks better of it. */
static void attack_with_few_bytes(const struct storm *storm)
{
    bot_block_command(&storm->bot, BOT_READ, storm->block, storm->count, "");
    bot_read(&storm->bot, PACKET * hostile_pick(storm->attack, 1, size_of(storm) / PACKET), "");
    bot_recovery(&storm->bot);
}

/* The wrapper announces more data than the command is for, and the host sends it (BOT 1.0, 6.7.3:
 * the device may take it or halt). */
static void attack_with_many_bytes(const struct storm *storm)
{
    uint8_t command[10] = {BOT_WRITE};
    uint32_t size = size_of(storm) + PACKET * hostile_pick(storm->attack, 1, 4);

    command[4] = (uint8_t)(storm->block >> 8);
    command[5] = (uint8_t)storm->block;
    command[8] = (uint8_t)storm->count;
    bot_command(&storm->bot, command, sizeof command, size, false, "");
    text_printf(storm->bot.steps, "out on endpoint %u %u bytes within 50 ms expect any\n",
                storm->bot.drive->out.number, size);
    bot_recovery(&storm->bot);
    write_blocks(storm, &no_trouble);
}

/* ---- The attack ------------------------------------------------------------------------------ */

static void fill(struct storm *storm)
{
    for (uint32_t i = 0; i < size_of(storm); i++)
        storm->bytes[i] = (uint8_t)hostile_pick(storm->attack, 0, 0xff);
}

void hostile_attack_storage(const struct attack *attack)
{
    struct drive drive;
    struct storm storm = {.attack = attack, .bot = {&drive, attack->steps, &attack->hostile->tag}};

    uint32_t blocks = attack->hostile->blocks < BLOCKS_MAX ? attack->hostile->blocks : BLOCKS_MAX;

    if (!drive_find(attack->writing->host, &drive))
        return;
    storm.count = attack->steps->length < LONG_CHAPTER && !hostile_pick(attack, 0, 3)
                      ? hostile_pick(attack, 2, BLOCKS_AT_A_TIME)
                      : 1;
    storm.block = hostile_pick(attack, 0, blocks - storm.count);
    fill(&storm);
    write_blocks(&storm, &no_trouble);
    switch (hostile_pick(attack, 0, 8)) {
    case 0:
        attack_with_nonsense(&storm);
        break;
    case 1:
        attack_with_little_room(&storm);
        break;
    case 2:
        attack_with_few_bytes(&storm);
        break;
    case 3:
        attack_with_many_bytes(&storm);
        break;
    case 4:
    case 5:
        attack_with_misfortune(&storm);
        break;
    default:
        attack_with_loss(&storm);
        break;
    }
    read_blocks(&storm, &no_trouble);
}
