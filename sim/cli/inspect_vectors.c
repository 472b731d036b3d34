/* SPDX-License-Identifier: Apache-2.0 */
/* The vector table of an image, as `fencepost inspect` tells it. */
#include "sim/cli/inspect.h"

#include "sim/mem/map.h"
#include "sim/soc/nrf52840.h"

enum { EXCEPTIONS = 16, LINES = 48, VECTORS = EXCEPTIONS + LINES, RESET = 1 };
enum { STUBS = 4, STUB_MAX = 32 }; /* so many alike are one line; bytes each */

static const char *const exception_names[EXCEPTIONS] = {
    NULL, "Reset", "NMI", "HardFault", "MemManage",    "BusFault", "UsageFault", NULL,
    NULL, NULL,    NULL,  "SVCall",    "DebugMonitor", NULL,       "PendSV",     "SysTick"};

/* Reserved numbers are never taken, whatever their vectors hold. */
static bool is_taken(unsigned number)
{
    return number >= EXCEPTIONS || exception_names[number];
}

static void print_handler_name(struct text *out, unsigned number)
{
    const char *name =
        number < EXCEPTIONS ? exception_names[number] : nrf52840_irq_name(number - EXCEPTIONS);

    if (number < EXCEPTIONS)
        text_printf(out, "%s", name);
    else
        text_printf(out, "IRQ %u%s%s", number - EXCEPTIONS, name ? " " : "", name ? name : "");
}

static void print_target(const struct inspection *inspection, uint32_t vector)
{
    struct symbol symbol;

    text_printf(inspection->out, "0x%08x", vector & ~1u);
    if (image_symbol_at(inspection->image, vector & ~1u, &symbol))
        text_printf(inspection->out, " %s", symbol.name);
}

/* The handler most vectors share is the one for exceptions nobody expects. */
static uint32_t default_handler(const uint32_t *vector, unsigned count)
{
    uint32_t result = 0;
    unsigned most = 2;

    for (unsigned i = RESET + 1; i < count; i++) {
        unsigned same = 0;

        for (unsigned j = RESET + 1; j < count; j++)
            same += vector[j] == vector[i];
        if (vector[i] && same > most) {
            most = same;
            result = vector[i];
        }
    }
    return result;
}

/* What would fault when the exception is taken; NULL: nothing. */
static const char *objection(const struct inspection *inspection, uint32_t vector)
{
    uint32_t code;

    if (!(vector & 1))
        return "is even: not Thumb code, a UsageFault";
    if (vector - RAM_BASE >= RAM_SIZE && !image_word(inspection->image, vector & ~3u, &code))
        return "points to where nothing is loaded";
    return NULL;
}

static void print_vector(const struct inspection *inspection, unsigned number, uint32_t vector)
{
    const char *wrong = objection(inspection, vector);

    text_printf(inspection->out, "               ");
    print_handler_name(inspection->out, number);
    text_printf(inspection->out, ": ");
    print_target(inspection, vector);
    text_printf(inspection->out, "%s%s\n", wrong ? " " : "", wrong ? wrong : "");
}

/* The vectors of a table that say something, in order. */
struct vectors {
    unsigned count;
    struct {
        unsigned number;
        uint32_t target;
    } vector[VECTORS];
};

static bool is_plain(const struct inspection *inspection, uint32_t target)
{
    struct symbol symbol;

    return !objection(inspection, target) &&
           !image_symbol_at(inspection->image, target & ~1u, &symbol);
}

/* How many from `first` on are stubs of equal size, one behind the other, without names. */
static unsigned stubs_in_a_row(const struct inspection *inspection, const struct vectors *list,
                               unsigned first)
{
    unsigned last = first;
    uint32_t stride;

    if (first + 1 >= list->count || !is_plain(inspection, list->vector[first].target))
        return 1;
    stride = list->vector[first + 1].target - list->vector[first].target;
    if (stride > STUB_MAX)
        return 1;
    while (last + 1 < list->count && is_plain(inspection, list->vector[last + 1].target) &&
           list->vector[last + 1].target - list->vector[last].target == stride)
        last++;
    return last - first + 1;
}

/* As boot records and SoftDevices have them, to forward what comes. */
static void print_stubs(const struct inspection *inspection, const struct vectors *list,
                        unsigned first, unsigned count)
{
    struct text *out = inspection->out;
    uint32_t from = list->vector[first].target;
    uint32_t to = list->vector[first + count - 1].target;

    text_printf(out, "               ");
    print_handler_name(out, list->vector[first].number);
    text_printf(out, " to ");
    print_handler_name(out, list->vector[first + count - 1].number);
    if (from == to)
        text_printf(out, ": 0x%08x\n", from & ~1u);
    else
        text_printf(out, ": 0x%08x to 0x%08x, one every %u bytes\n", from & ~1u, to & ~1u,
                    (to - from) / (count - 1));
}

static void print_table(const struct inspection *inspection, const struct vectors *list)
{
    for (unsigned i = 0; i < list->count;) {
        unsigned alike = stubs_in_a_row(inspection, list, i);

        if (alike >= STUBS) {
            print_stubs(inspection, list, i, alike);
            i += alike;
        } else {
            print_vector(inspection, list->vector[i].number, list->vector[i].target);
            i++;
        }
    }
}

void inspect_vectors(const struct inspection *inspection)
{
    guest_addr table = image_vector_table(inspection->image);
    uint32_t vector[VECTORS] = {0};
    struct vectors list = {0};
    unsigned count = 0;
    uint32_t shared;

    while (count < VECTORS && image_word(inspection->image, table + 4 * count, &vector[count]))
        count++;
    shared = default_handler(vector, count);
    text_printf(inspection->out, "  vectors      at 0x%08x, initial stack 0x%08x\n", table,
                vector[0]);
    for (unsigned i = RESET; i < count; i++) {
        if (is_taken(i) && vector[i] && vector[i] != UINT32_MAX && vector[i] != shared) {
            list.vector[list.count].number = i;
            list.vector[list.count++].target = vector[i];
        }
    }
    print_table(inspection, &list);
    if (shared)
        text_printf(inspection->out, "               all others: 0x%08x\n", shared & ~1u);
}
