/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/explore/token.h"

#include "sim/base/hash.h"
#include "sim/mem/map.h"
#include "sim/mem/memory.h"

#include <ctype.h>
#include <string.h>

/*
 * Layout, in bytes: head, flags, then what the flags announce as numbers of seven bits a byte, then
 * the check on the image, then the sum of all that. What has its usual value takes no room.
 */
enum {
    VERSION = 1, /* bits 5..7 of the head; bits 0..2: host, 3..4: DMA policy */
    FLAG_FAULTS_CONTINUE = 1,
    FLAG_PATTERN = 2,
    FLAG_SEED = 4,
    FLAG_TIMEOUT = 8,
    FLAG_STORE_BUFFER = 16,
    FLAG_SILICON = 32,
    FLAG_TALK = 64,
    FLAG_TIMING = 128,
    FLAGS = 255,
    CHECK_BYTES = 4,
    SUM_BYTES = 3,
    BYTES_MAX = 48 + 10 * TIMING_MAX,
    USUAL_TIMEOUT_S = 10,
};

struct bytes {
    uint8_t byte[BYTES_MAX];
    size_t count;
    size_t next; /* to be read */
    bool short_of;
};

/* Without I, L, O and U. */
static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* ---- Numbers --------------------------------------------------------------------------------- */

static void put(struct bytes *bytes, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bytes->byte[bytes->count++] = (uint8_t)(value >> 8 * i);
}

static void put_number(struct bytes *bytes, uint64_t value)
{
    for (; value > 0x7f; value >>= 7)
        put(bytes, (value & 0x7f) | 0x80, 1);
    put(bytes, value, 1);
}

static uint64_t take(struct bytes *bytes, size_t size)
{
    uint64_t value = 0;

    for (size_t i = 0; i < size; i++) {
        bytes->short_of |= bytes->next >= bytes->count;
        if (!bytes->short_of)
            value |= (uint64_t)bytes->byte[bytes->next++] << 8 * i;
    }
    return value;
}

static uint64_t take_number(struct bytes *bytes)
{
    uint64_t value = 0;
    uint64_t part = 0x80;

    for (unsigned shift = 0; part & 0x80 && shift < 64; shift += 7) {
        part = take(bytes, 1);
        value |= (part & 0x7f) << shift;
    }
    return value;
}

static uint64_t sum_of(const struct bytes *bytes, size_t count)
{
    uint64_t hash = hash_bytes(HASH_SEED, bytes->byte, count);

    return (hash ^ hash >> 24 ^ hash >> 48) & 0xffffff;
}

/* ---- Words ----------------------------------------------------------------------------------- */

static void spell(char token[TOKEN_ROOM], const struct bytes *bytes)
{
    size_t length = 0;
    size_t count = (bytes->count * 8 + 4) / 5;

    for (size_t i = 0; i < count; i++) {
        size_t at = i * 5;
        unsigned pair = (unsigned)bytes->byte[at / 8] << 8;

        if (at / 8 + 1 < bytes->count)
            pair |= bytes->byte[at / 8 + 1];
        if (i && i % 4 == 0)
            token[length++] = '-';
        token[length++] = digits[pair >> (11 - at % 8) & 31];
    }
    token[length] = '\0';
}

/* 0..31; letters that look like a digit are taken for it. -1: none of them. */
static int digit_of(char letter)
{
    char upper = (char)toupper((unsigned char)letter);
    const char *at;

    if (upper == 'O')
        upper = '0';
    if (upper == 'I' || upper == 'L')
        upper = '1';
    at = upper ? strchr(digits, upper) : NULL;
    return at ? (int)(at - digits) : -1;
}

static bool read_word(struct bytes *bytes, const char *token)
{
    unsigned bits = 0;
    unsigned held = 0;

    for (; *token; token++) {
        int digit = digit_of(*token);

        if (*token == '-')
            continue;
        if (digit < 0 || bytes->count == BYTES_MAX)
            return false;
        held = held << 5 | (unsigned)digit;
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            put(bytes, held >> bits & 0xff, 1);
            held &= (1u << bits) - 1;
        }
    }
    return bits < 5 && !held;
}

/* ---- Tokens ---------------------------------------------------------------------------------- */

static uint64_t hash_range(uint64_t hash, struct machine *machine, struct byte_range range)
{
    return hash_bytes(hash, memory_at(machine_memory(machine), range), range.size);
}

uint64_t token_fingerprint(struct machine *machine)
{
    uint64_t hash = hash_range(HASH_SEED, machine, (struct byte_range){FLASH_BASE, FLASH_SIZE});

    hash = hash_range(hash, machine, (struct byte_range){RAM_BASE, RAM_SIZE});
    hash = hash_range(hash, machine, (struct byte_range){UICR_BASE, INFO_SIZE});
    return hash ^ machine_script_hash(machine) ^ machine_board_fingerprint(machine);
}

static uint32_t check_of(uint64_t fingerprint)
{
    return (uint32_t)(fingerprint ^ fingerprint >> 32);
}

/* ---- Silicon --------------------------------------------------------------------------------- */

enum { ANSWER_BITS = 2 };

static bool is_usual(const struct silicon *silicon)
{
    uint8_t others = 0;

    for (unsigned i = 0; i < UNDOCUMENTED_COUNT; i++)
        others |= silicon->answer[i];
    return !silicon->revision && !silicon->errata && !others;
}

static void put_silicon(struct bytes *bytes, const struct silicon *silicon)
{
    uint64_t answers = 0;

    for (unsigned i = 0; i < UNDOCUMENTED_COUNT; i++)
        answers |= (uint64_t)silicon->answer[i] << ANSWER_BITS * i;
    put(bytes, silicon->revision, 1);
    put_number(bytes, silicon->errata);
    put_number(bytes, answers);
}

static bool take_silicon(struct bytes *bytes, struct silicon *silicon)
{
    bool known = true;
    uint64_t errata;
    uint64_t answers;

    silicon->revision = (uint8_t)take(bytes, 1);
    errata = take_number(bytes);
    answers = take_number(bytes);
    silicon->errata = (uint16_t)errata;
    for (unsigned i = 0; i < UNDOCUMENTED_COUNT; i++) {
        silicon->answer[i] = (uint8_t)(answers >> ANSWER_BITS * i & ((1u << ANSWER_BITS) - 1));
        known &= silicon->answer[i] < undocumented_answers((enum undocumented)i);
    }
    return known && silicon->revision < SILICON_REVISIONS && errata < bit32(ERRATA) &&
           answers >> ANSWER_BITS * UNDOCUMENTED_COUNT == 0;
}

/* ---- What it says ---------------------------------------------------------------------------- */

static unsigned flags_of(const struct plan *plan)
{
    const struct machine_options *options = &plan->machine;

    return (options->faults_continue ? FLAG_FAULTS_CONTINUE : 0u) |
           (options->ram_pattern ? FLAG_PATTERN : 0u) | (options->seed ? FLAG_SEED : 0u) |
           (plan->timeout != USUAL_TIMEOUT_S * CYCLES_PER_SECOND ? FLAG_TIMEOUT : 0u) |
           (options->store_buffer ? FLAG_STORE_BUFFER : 0u) |
           (is_usual(&options->silicon) ? 0u : FLAG_SILICON) | (options->talk ? FLAG_TALK : 0u) |
           (plan->timing.count ? FLAG_TIMING : 0u);
}

/* Numbers of questions as distances: most answers of one bug stand close together. */
static void put_timing(struct bytes *bytes, const struct timing *timing)
{
    uint32_t before = 0;

    put_number(bytes, timing->count);
    for (uint32_t i = 0; i < timing->count; i++) {
        put_number(bytes, timing->answer[i].number - before);
        put_number(bytes, timing->answer[i].value);
        before = timing->answer[i].number;
    }
}

/* False when the numbers do not ascend. */
static bool take_timing(struct bytes *bytes, struct timing *timing)
{
    uint64_t count = take_number(bytes);
    uint64_t number = 0;

    if (count > TIMING_MAX)
        return false;
    timing->count = (uint32_t)count;
    for (uint32_t i = 0; i < timing->count; i++) {
        uint64_t distance = take_number(bytes);
        uint64_t value = take_number(bytes);

        number += distance;
        if (!distance || number > UINT32_MAX || value > UINT32_MAX)
            return false;
        timing->answer[i] = (struct choice_answer){(uint32_t)number, (uint32_t)value};
    }
    return true;
}

/* A conversation is told by its text, and a board by its words: the check vouches for both. */
static bool is_sayable(unsigned host)
{
    return host <= HOST_MACOS || host == HOST_SCRIPT || host == HOST_NONE;
}

bool token_write(char token[TOKEN_ROOM], const struct plan *plan, uint64_t fingerprint)
{
    const struct machine_options *options = &plan->machine;
    unsigned flags = flags_of(plan);
    struct bytes bytes = {.count = 0};

    token[0] = '\0';
    if (!is_sayable(options->host))
        return false;
    put(&bytes, VERSION << 5 | (unsigned)options->dma << 3 | (unsigned)options->host, 1);
    put(&bytes, flags, 1);
    if (flags & FLAG_PATTERN)
        put(&bytes, options->ram_pattern, 1);
    if (flags & FLAG_SEED)
        put_number(&bytes, options->seed);
    if (flags & FLAG_TIMEOUT)
        put_number(&bytes, plan->timeout);
    if (flags & FLAG_STORE_BUFFER)
        put_number(&bytes, options->store_buffer);
    if (flags & FLAG_SILICON)
        put_silicon(&bytes, &options->silicon);
    if (flags & FLAG_TALK)
        put(&bytes, options->talk, 1);
    if (flags & FLAG_TIMING)
        put_timing(&bytes, &plan->timing);
    put(&bytes, check_of(fingerprint), CHECK_BYTES);
    put(&bytes, sum_of(&bytes, bytes.count), SUM_BYTES);
    spell(token, &bytes);
    return true;
}

/* The sum at the end vouches for what was typed. */
static bool is_whole(struct bytes *bytes)
{
    struct bytes end = *bytes;

    if (bytes->count < 2 + CHECK_BYTES + SUM_BYTES)
        return false;
    bytes->count -= SUM_BYTES;
    end.next = bytes->count;
    return take(&end, SUM_BYTES) == sum_of(bytes, bytes->count);
}

enum status token_read(struct plan *plan, uint32_t *check, const char *token,
                       struct failure *failure)
{
    struct machine_options *options = &plan->machine;
    struct bytes bytes = {.count = 0};
    bool known = true;
    unsigned head;
    unsigned flags;

    if (!read_word(&bytes, token) || !is_whole(&bytes))
        return failure_set(failure, STATUS_TOKEN_DAMAGED, token, NULL);
    head = (unsigned)take(&bytes, 1);
    flags = (unsigned)take(&bytes, 1);
    if (head >> 5 != VERSION || !is_sayable(head & 7) || flags > FLAGS)
        return failure_set(failure, STATUS_TOKEN_UNKNOWN, token, NULL);
    *options = (struct machine_options){.dma = (enum choice_policy)(head >> 3 & 3),
                                        .host = (enum host_profile)(head & 7),
                                        .faults_continue = flags & FLAG_FAULTS_CONTINUE};
    options->ram_pattern = flags & FLAG_PATTERN ? (uint8_t)take(&bytes, 1) : 0;
    options->seed = flags & FLAG_SEED ? take_number(&bytes) : 0;
    plan->timeout =
        flags & FLAG_TIMEOUT ? take_number(&bytes) : USUAL_TIMEOUT_S * CYCLES_PER_SECOND;
    options->store_buffer = flags & FLAG_STORE_BUFFER ? (uint32_t)take_number(&bytes) : 0;
    if (flags & FLAG_SILICON)
        known = take_silicon(&bytes, &options->silicon);
    if (flags & FLAG_TALK)
        options->talk = (enum host_talk)take(&bytes, 1);
    known &= options->talk < TALKS;
    plan->timing.count = 0;
    if (flags & FLAG_TIMING && !take_timing(&bytes, &plan->timing))
        return failure_set(failure, STATUS_TOKEN_UNKNOWN, token, NULL);
    *check = (uint32_t)take(&bytes, CHECK_BYTES);
    if (!known || bytes.short_of || bytes.next != bytes.count)
        return failure_set(failure, STATUS_TOKEN_UNKNOWN, token, NULL);
    return STATUS_OK;
}

enum status token_check(const char *token, uint32_t check, uint64_t fingerprint,
                        struct failure *failure)
{
    if (check != check_of(fingerprint))
        return failure_set(failure, STATUS_TOKEN_OTHER_IMAGE, token, NULL);
    return STATUS_OK;
}
