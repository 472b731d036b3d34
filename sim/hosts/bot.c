/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/hosts/bot.h"

#include "sim/base/bits.h"

#include <string.h>

enum { MASS_STORAGE = 8, TRANSPARENT_SCSI = 6, BULK_ONLY = 0x50 };

bool drive_find(const struct host *host, struct drive *drive)
{
    *drive = (struct drive){0};
    while (function_of_class(host, MASS_STORAGE, &drive->function)) {
        if (drive->function.protocol != BULK_ONLY || drive->function.subclass != TRANSPARENT_SCSI)
            continue;
        drive->out = function_endpoint(&drive->function, BULK, false);
        drive->in = function_endpoint(&drive->function, BULK, true);
        if (drive->out.address && drive->in.address)
            return true;
    }
    return false;
}

void bot_bytes(struct text *steps, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        text_printf(steps, " %02x", bytes[i]);
}

void bot_command(const struct bot *bot, const uint8_t *command, size_t size, uint32_t length,
                 bool in, const char *more)
{
    uint8_t wrapper[31] = {'U', 'S', 'B', 'C'};

    store_le32(wrapper + 4, ++*bot->tag);
    store_le32(wrapper + 8, length);
    wrapper[12] = in ? 0x80 : 0;
    wrapper[14] = (uint8_t)size;
    memcpy(wrapper + 15, command, size);
    text_printf(bot->steps, "out on endpoint %u", bot->drive->out.number);
    bot_bytes(bot->steps, wrapper, sizeof wrapper);
    text_printf(bot->steps, "%s\n", more);
}

void bot_block_command(const struct bot *bot, uint8_t code, uint32_t block, uint32_t count,
                       const char *more)
{
    uint8_t command[10] = {code};

    command[2] = (uint8_t)(block >> 24);
    command[3] = (uint8_t)(block >> 16);
    command[4] = (uint8_t)(block >> 8);
    command[5] = (uint8_t)block;
    command[7] = (uint8_t)(count >> 8);
    command[8] = (uint8_t)count;
    bot_command(bot, command, sizeof command, count * BOT_BLOCK, code == BOT_READ, more);
}

void bot_test_unit_ready(const struct bot *bot)
{
    static const uint8_t command[6] = {0x00};

    bot_command(bot, command, sizeof command, 0, false, "");
    bot_status(bot, BOT_PASSED, BOT_EITHER, "");
}

void bot_request_sense(const struct bot *bot)
{
    static const uint8_t command[6] = {0x03, 0, 0, 0, 18, 0};

    bot_command(bot, command, sizeof command, 18, true, "");
    bot_read(bot, 18, " expect at least 13 bytes");
}

void bot_read(const struct bot *bot, uint32_t length, const char *more)
{
    text_printf(bot->steps, "in on endpoint %u %u%s\n", bot->drive->in.number, length, more);
}

void bot_status(const struct bot *bot, unsigned status, unsigned mask, const char *more)
{
    uint8_t tag[4];

    store_le32(tag, *bot->tag);
    text_printf(bot->steps, "in on endpoint %u %d%s expect 55 53 42 53", bot->drive->in.number,
                BOT_STATUS_SIZE, more);
    bot_bytes(bot->steps, tag, sizeof tag);
    text_printf(bot->steps, " ?? ?? ?? ?? %02x/%02x\n", status, mask);
}

void bot_clear_halt(const struct bot *bot, uint8_t address)
{
    text_printf(bot->steps, "clear feature halt endpoint 0x%02x\n", address);
}

void bot_recovery(const struct bot *bot)
{
    text_printf(bot->steps, "bulk-only reset interface %u\n", bot->drive->function.number);
    bot_clear_halt(bot, bot->drive->in.address);
    bot_clear_halt(bot, bot->drive->out.address);
}
