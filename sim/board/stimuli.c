/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/board/stimuli.h"

#include "sim/base/compiler.h"
#include "sim/base/heap.h"
#include "sim/board/lines.h"

#include <string.h>

enum { PORT_1_PINS = 16, PORT_0_PINS = 32, ANALOG_INPUTS = 8, HIGHEST_MILLIVOLTS = 5500 };

static bool take_pin(struct line_cursor *cursor, struct stimulus *stimulus)
{
    static const char *const ports[] = {"P0.", "P1."};
    static const uint8_t pins[] = {PORT_0_PINS, PORT_1_PINS};
    uint32_t pin;

    for (unsigned i = 0; i < ARRAY_LENGTH(ports); i++) {
        if (!line_take_word(cursor, ports[i]))
            continue;
        stimulus->analog = false;
        if (!line_take_number(cursor, pins[i] - 1u, &pin))
            return false;
        stimulus->input = (uint8_t)(PORT_0_PINS * i + pin);
        return true;
    }
    return false;
}

static bool take_input(struct line_cursor *cursor, struct stimulus *stimulus)
{
    char word[] = "AIN0";

    for (unsigned i = 0; i < ANALOG_INPUTS; i++) {
        word[3] = (char)('0' + i);
        if (line_take_word(cursor, word)) {
            stimulus->analog = true;
            stimulus->input = (uint8_t)i;
            return true;
        }
    }
    return false;
}

static bool take_level(struct line_cursor *cursor, struct stimulus *stimulus)
{
    static const char *const levels[] = {"low", "high", "float"};

    for (unsigned i = 0; i < ARRAY_LENGTH(levels); i++) {
        if (line_take_word(cursor, levels[i])) {
            stimulus->level = (enum stimulus_level)i;
            return true;
        }
    }
    return false;
}

/* A number, with or without "mV" behind it. */
static bool take_millivolts(struct line_cursor *cursor, struct stimulus *stimulus)
{
    uint32_t value = 0;
    const char *at = cursor->at;

    for (; *at >= '0' && *at <= '9' && value <= HIGHEST_MILLIVOLTS; at++)
        value = 10 * value + (uint32_t)(*at - '0');
    if (at == cursor->at || value > HIGHEST_MILLIVOLTS)
        return false;
    cursor->at = at;
    (void)line_take_word(cursor, "mV");
    while (*cursor->at == ' ' || *cursor->at == '\t')
        cursor->at++;
    stimulus->millivolts = (uint16_t)value;
    return true;
}

static enum status take_what(struct line_cursor *cursor, struct stimulus *stimulus,
                             const char *between, struct failure *failure)
{
    if (!take_pin(cursor, stimulus) && !take_input(cursor, stimulus))
        return line_mistake(cursor, "not a pin such as P0.11, nor AIN0 to AIN7", failure);
    if (*between && !line_take_word(cursor, between))
        return line_mistake(cursor, "'=' is missing", failure);
    if (stimulus->analog)
        return take_millivolts(cursor, stimulus)
                   ? STATUS_OK
                   : line_mistake(cursor, "not a voltage such as 1200mV", failure);
    return take_level(cursor, stimulus)
               ? STATUS_OK
               : line_mistake(cursor, "not one of: low, high, float", failure);
}

/* Behind all that are not later. */
static void add(struct stimuli *stimuli, struct stimulus stimulus)
{
    unsigned at = stimuli->count;

    stimuli->list = heap_resize(stimuli->list, (stimuli->count + 1) * sizeof *stimuli->list);
    while (at > 0 && stimuli->list[at - 1].when > stimulus.when) {
        stimuli->list[at] = stimuli->list[at - 1];
        at--;
    }
    stimuli->list[at] = stimulus;
    stimuli->count++;
}

static enum status read_line(void *owner, struct line_cursor *cursor, struct failure *failure)
{
    struct stimulus stimulus = {.when = 0};
    enum status status;

    if (!line_take_time(cursor, &stimulus.when))
        return line_mistake(cursor, "not a time such as 10ms", failure);
    if (!line_take_word(cursor, ":"))
        return line_mistake(cursor, "':' is missing", failure);
    status = take_what(cursor, &stimulus, "", failure);
    if (status == STATUS_OK)
        add(owner, stimulus);
    return status;
}

static enum status read_word(struct stimuli *stimuli, const char *word, struct failure *failure)
{
    struct line_cursor cursor = {.path = word, .number = 1, .begin = word, .at = word};
    struct stimulus stimulus = {.when = 0};
    enum status status = take_what(&cursor, &stimulus, "=", failure);

    if (status != STATUS_OK)
        return status;
    if (!line_take_word(&cursor, "@") || !line_take_time(&cursor, &stimulus.when) || *cursor.at)
        return failure_set(failure, STATUS_BOARD, word, "not like P0.11=low@10ms");
    add(stimuli, stimulus);
    return STATUS_OK;
}

enum status stimuli_plug(struct stimuli *stimuli, const char *word, struct failure *failure)
{
    if (strchr(word, '='))
        return read_word(stimuli, word, failure);
    return lines_read(word, read_line, stimuli, failure);
}

void stimuli_finish(struct stimuli *stimuli)
{
    heap_release(stimuli->list);
    stimuli->list = NULL;
    stimuli->count = 0;
}

const struct stimulus *stimuli_next(const struct stimuli *stimuli)
{
    return stimuli->state.next < stimuli->count ? &stimuli->list[stimuli->state.next] : NULL;
}
