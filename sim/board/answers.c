/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/board/answers.h"

#include "sim/base/heap.h"
#include "sim/board/lines.h"

#include <string.h>

/* ---- Reading the text ------------------------------------------------------------------------ */

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Two hexadecimal digits; the next two may stand right behind them. */
static bool take_byte(struct line_cursor *cursor, uint8_t *byte)
{
    if (digit(cursor->at[0]) < 0 || digit(cursor->at[1]) < 0)
        return false;
    *byte = (uint8_t)(16 * digit(cursor->at[0]) + digit(cursor->at[1]));
    cursor->at += 2;
    line_skip_spaces(cursor);
    return true;
}

static enum status read_pattern(struct line_cursor *cursor, struct answer *answer,
                                struct failure *failure)
{
    while (!line_is_over(cursor) && *cursor->at != ':') {
        unsigned n = answer->pattern_size;

        if (n == ANSWER_PATTERN_MAX)
            return line_mistake(cursor, "at most 16 bytes", failure);
        if (line_take_word(cursor, "??"))
            answer->any[n] = 1;
        else if (!take_byte(cursor, &answer->pattern[n]))
            return line_mistake(cursor, "neither two hexadecimal digits nor ??", failure);
        answer->pattern_size++;
    }
    return STATUS_OK;
}

static enum status read_reply(struct line_cursor *cursor, struct answer *answer,
                              struct failure *failure)
{
    while (!line_is_over(cursor)) {
        if (answer->reply_size == ANSWER_REPLY_MAX)
            return line_mistake(cursor, "at most 256 bytes", failure);
        if (!take_byte(cursor, &answer->reply[answer->reply_size]))
            return line_mistake(cursor, "not two hexadecimal digits", failure);
        answer->reply_size++;
    }
    return STATUS_OK;
}

static enum status add_answer(struct answers *answers, struct line_cursor *cursor, bool refuses,
                              struct failure *failure)
{
    struct answer *answer;
    enum status status;

    if (answers->count == ANSWERS_MAX)
        return line_mistake(cursor, "at most 64 answers", failure);
    answers->list = heap_resize(answers->list, (answers->count + 1) * sizeof *answers->list);
    answer = &answers->list[answers->count++];
    *answer = (struct answer){.refuses = refuses};
    status = read_pattern(cursor, answer, failure);
    if (status != STATUS_OK)
        return status;
    if (refuses)
        return answer->pattern_size ? STATUS_OK : line_mistake(cursor, "which byte?", failure);
    if (!line_take_word(cursor, ":"))
        return line_mistake(cursor, "':' is missing", failure);
    return read_reply(cursor, answer, failure);
}

/* "P0.17" or "P1.02" */
static enum status read_pin(struct answers *answers, struct line_cursor *cursor,
                            struct failure *failure)
{
    unsigned port = 2;
    unsigned pin = 0;
    unsigned digits = 0;

    if (strlen(cursor->at) > 3 && cursor->at[0] == 'P' && cursor->at[2] == '.')
        port = (unsigned)(cursor->at[1] - '0');
    if (port > 1)
        return line_mistake(cursor, "not a pin such as P0.17", failure);
    for (cursor->at += 3; digits < 2; cursor->at++, digits++) {
        if (*cursor->at < '0' || *cursor->at > '9')
            break;
        pin = 10 * pin + (unsigned)(*cursor->at - '0');
    }
    if (!digits || pin > (port ? 15u : 31u))
        return line_mistake(cursor, "the port has no such pin", failure);
    answers->select_pin = (uint8_t)(32 * port + pin);
    line_skip_spaces(cursor);
    return STATUS_OK;
}

static enum status read_line(void *owner, struct line_cursor *cursor, struct failure *failure)
{
    struct answers *answers = owner;

    if (line_take_word(cursor, "select "))
        return read_pin(answers, cursor, failure);
    if (line_take_word(cursor, "nack "))
        return add_answer(answers, cursor, true, failure);
    if (!line_take_word(cursor, "default "))
        return add_answer(answers, cursor, false, failure);
    return take_byte(cursor, &answers->usual)
               ? STATUS_OK
               : line_mistake(cursor, "not two hexadecimal digits", failure);
}

static void begin(struct answers *answers)
{
    *answers = (struct answers){.usual = 0xff, .select_pin = ANSWER_NO_PIN};
}

enum status answers_parse(struct answers *answers, const char *name, const char *text, size_t size,
                          struct failure *failure)
{
    begin(answers);
    return lines_parse(name, text, size, read_line, answers, failure);
}

enum status answers_read(struct answers *answers, const char *path, struct failure *failure)
{
    begin(answers);
    return lines_read(path, read_line, answers, failure);
}

void answers_free(struct answers *answers)
{
    heap_release(answers->list);
    *answers = (struct answers){0};
}

/* ---- Answering ------------------------------------------------------------------------------- */

void dialogue_hear(struct dialogue *dialogue, uint8_t byte)
{
    if (dialogue->count < ANSWER_PATTERN_MAX)
        dialogue->heard[dialogue->count] = byte;
    dialogue->count++;
    dialogue->said = 0;
}

/* Do the first bytes heard fit the pattern? */
static bool fits(const struct answer *answer, const struct dialogue *dialogue)
{
    for (unsigned i = 0; i < answer->pattern_size; i++) {
        if (i >= dialogue->count || (!answer->any[i] && answer->pattern[i] != dialogue->heard[i]))
            return false;
    }
    return true;
}

static uint8_t reply_of(const struct answers *answers, const struct dialogue *dialogue,
                        bool half_duplex)
{
    for (unsigned i = 0; i < answers->count; i++) {
        const struct answer *answer = &answers->list[i];
        uint32_t at = half_duplex ? dialogue->said : dialogue->count - answer->pattern_size;

        if (!answer->refuses && fits(answer, dialogue))
            return at < answer->reply_size ? answer->reply[at] : answers->usual;
    }
    return answers->usual;
}

uint8_t answers_alongside(const struct answers *answers, const struct dialogue *dialogue)
{
    return reply_of(answers, dialogue, false);
}

uint8_t answers_next(const struct answers *answers, struct dialogue *dialogue)
{
    uint8_t byte = reply_of(answers, dialogue, true);

    dialogue->said++;
    return byte;
}

bool answers_refuse(const struct answers *answers, const struct dialogue *dialogue, uint8_t byte)
{
    struct dialogue with = *dialogue;

    dialogue_hear(&with, byte);
    for (unsigned i = 0; i < answers->count; i++) {
        const struct answer *answer = &answers->list[i];

        if (answer->refuses && answer->pattern_size == with.count && fits(answer, &with))
            return true;
    }
    return false;
}
