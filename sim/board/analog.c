/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/board/analog.h"

#include "sim/base/heap.h"
#include "sim/board/lines.h"

#include <assert.h>
#include <stdbool.h>

enum { MICRO = 1000000, DIGITS_BEHIND_POINT = 6, HIGHEST_VOLT = 100 };

/* "1.65" or "-0.2"; *end is behind it. False: not a number, or above 100 V. */
static bool read_volts(const char *text, const char **end, int32_t *microvolts)
{
    bool negative = *text == '-';
    int32_t value = 0;
    int32_t scale = MICRO;
    unsigned digits = 0;

    text += negative;
    for (; *text >= '0' && *text <= '9' && value < HIGHEST_VOLT; text++, digits++)
        value = 10 * value + (*text - '0');
    if (!digits || value > HIGHEST_VOLT || (*text >= '0' && *text <= '9'))
        return false;
    value *= MICRO;
    if (*text == '.') {
        for (text++; *text >= '0' && *text <= '9'; text++) {
            scale /= 10;
            value += scale * (*text - '0'); /* what is below a microvolt is 0 */
        }
    }
    *microvolts = negative ? -value : value;
    *end = text;
    return true;
}

static void add_value(struct analog *analog, unsigned input, int32_t microvolts)
{
    uint32_t count = analog->input[input].count++;

    analog->input[input].values =
        heap_resize(analog->input[input].values, (count + 1) * sizeof(int32_t));
    analog->input[input].values[count] = microvolts;
}

/* What a file of voltages is read for. */
struct plug {
    struct analog *analog;
    unsigned input;
};

static enum status read_line(void *owner, struct line_cursor *cursor, struct failure *failure)
{
    const struct plug *plug = owner;
    int32_t microvolts;

    if (!read_volts(cursor->at, &cursor->at, &microvolts))
        return line_mistake(cursor, "not a voltage", failure);
    line_skip_spaces(cursor);
    add_value(plug->analog, plug->input, microvolts);
    return STATUS_OK;
}

static enum status read_values(struct analog *analog, unsigned input, const char *path,
                               struct failure *failure)
{
    struct plug plug = {.analog = analog, .input = input};
    enum status status = lines_read(path, read_line, &plug, failure);

    if (status == STATUS_OK && !analog->input[input].count)
        status = failure_set(failure, STATUS_BOARD, path, "no voltage in it");
    return status;
}

enum status analog_plug(struct analog *analog, const char *word, struct failure *failure)
{
    unsigned input = (unsigned)(word[0] - '0');
    const char *end;
    int32_t microvolts;

    if (!word[0] || input >= ANALOG_INPUTS || word[1] != ':' || !word[2])
        return failure_set(failure, STATUS_BOARD, word, "not like 0:1.65 or 0:FILE, inputs 0 to 7");
    if (analog->input[input].count)
        return failure_set(failure, STATUS_BOARD, word, "AIN%u is connected already", input);
    if (!read_volts(word + 2, &end, &microvolts) || *end)
        return read_values(analog, input, word + 2, failure);
    add_value(analog, input, microvolts);
    return STATUS_OK;
}

void analog_finish(struct analog *analog)
{
    for (unsigned i = 0; i < ANALOG_INPUTS; i++) {
        heap_release(analog->input[i].values);
        analog->input[i].values = NULL;
        analog->input[i].count = 0;
    }
}

int32_t analog_sample(struct analog *analog, unsigned input)
{
    uint32_t *used;

    assert(input < ANALOG_INPUTS);
    if (!analog->input[input].count)
        return 0;
    used = &analog->state.used[input];
    if (*used < analog->input[input].count)
        (*used)++;
    return analog->input[input].values[*used - 1];
}
