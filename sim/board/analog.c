/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/board/analog.h"

#include "sim/base/file.h"
#include "sim/base/heap.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

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

static enum status read_line(struct analog *analog, unsigned input, const char *path,
                             unsigned number, const char *line, struct failure *failure)
{
    const char *at = line + strspn(line, " \t\r");
    const char *end = at;
    int32_t microvolts;

    if (!*at || *at == '#')
        return STATUS_OK;
    if (!read_volts(at, &end, &microvolts))
        return failure_set(failure, STATUS_BOARD, path, "line %u, column %u: not a voltage", number,
                           (unsigned)(at - line) + 1);
    end += strspn(end, " \t\r");
    if (*end && *end != '#')
        return failure_set(failure, STATUS_BOARD, path,
                           "line %u, column %u: something is left over", number,
                           (unsigned)(end - line) + 1);
    add_value(analog, input, microvolts);
    return STATUS_OK;
}

static enum status read_values(struct analog *analog, unsigned input, const char *path,
                               struct failure *failure)
{
    uint8_t *bytes;
    size_t size;
    unsigned number = 0;
    enum status status = file_read(path, &bytes, &size, failure);
    char *text;

    if (status != STATUS_OK)
        return status;
    text = heap_resize(bytes, size + 1);
    text[size] = '\0';
    for (char *next = text; status == STATUS_OK && next;) {
        char *line = next;
        char *end = strchr(line, '\n');

        if (end)
            *end = '\0';
        next = end ? end + 1 : NULL;
        status = read_line(analog, input, path, ++number, line, failure);
    }
    heap_release(text);
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
