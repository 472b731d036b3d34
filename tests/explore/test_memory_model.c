/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The small fence programs (tests/explore/firmware/fences.c) give the outcomes that Armv7-M gives,
 * all of them and no others.
 *
 * What is allowed is worked out here without any machine, from the Armv7-M Architecture Reference
 * Manual, A3.7.3 "Ordering requirements for memory accesses" and A3.7.3 "Memory barriers": all
 * orders of the few events are tried, and those that break none of these rules happen:
 *
 *   1. accesses to Device memory (START, STARTED) come in program order among each other;
 *   2. accesses to Normal memory (the two words) come in any order with all others of the CPU;
 *   3. what stands before DMB or DSB comes before what stands behind it;
 *   4. EasyDMA works in its own order: START, STARTED, then word by word upwards.
 *
 * A barrier for the compiler orders nothing on the bus. The Cortex-M4 does more than it has to: all
 * of its accesses come in program order.
 */
#include "tests/explore/programs.h"

#include "sim/explore/campaign.h"
#include "sim/explore/checked.h"
#include "sim/explore/strategy.h"

#include <stdio.h>
#include <string.h>

/* ---- What is allowed ------------------------------------------------------------------------- */

enum step {
    STORE_DATA,
    STORE_FLAG,
    FENCE,
    START_TASK,
    LOAD_STARTED,
    DMA_STARTED,
    DMA_FLAG,
    DMA_DATA,
    EVENTS,
};

enum { PROGRAM_MAX = 4, SHAPES = 4, KINDS = 4, OUTCOMES = 8 };

struct shape {
    const char *name;
    enum step program[PROGRAM_MAX]; /* of the CPU */
    unsigned length;
};

static const struct shape shapes[SHAPES] = {
    {"hand_over", {STORE_DATA, FENCE, START_TASK}, 3},
    {"two_words", {STORE_DATA, FENCE, STORE_FLAG, START_TASK}, 4},
    {"message", {START_TASK, STORE_DATA, FENCE, STORE_FLAG}, 4},
    {"store_buffering", {START_TASK, STORE_DATA, FENCE, LOAD_STARTED}, 4},
};

static const char *const kinds[KINDS] = {"none", "compiler", "dmb", "dsb"};

static bool is_device(enum step event)
{
    return event == START_TASK || event == LOAD_STARTED;
}

/* Whether `first`, which stands before `second` in the program, must come before it. */
static bool must_precede(enum step first, enum step second, bool fence, bool in_order)
{
    if (in_order)
        return true;
    if (first == FENCE || second == FENCE)
        return fence;
    return is_device(first) && is_device(second);
}

struct sequence {
    unsigned count;
    enum step event[EVENTS];
    unsigned place[EVENTS]; /* when it happened */
};

static bool is_before(const struct sequence *order, enum step first, enum step second)
{
    return order->place[first] < order->place[second];
}

static bool program_allows(const struct shape *shape, const struct sequence *order, bool fence,
                           bool in_order)
{
    for (unsigned i = 0; i < shape->length; i++) {
        for (unsigned j = i + 1; j < shape->length; j++) {
            if (must_precede(shape->program[i], shape->program[j], fence, in_order) &&
                !is_before(order, shape->program[i], shape->program[j]))
                return false;
        }
    }
    return true;
}

static bool dma_allows(const struct sequence *order)
{
    return is_before(order, START_TASK, DMA_STARTED) && is_before(order, DMA_STARTED, DMA_FLAG) &&
           is_before(order, DMA_FLAG, DMA_DATA);
}

/* Bit 0: flag, bit 1: data, as the host receives them; bit 2: seen. What is not in the program
 * never happens: its place is behind all others. */
static unsigned outcome_of(const struct sequence *order)
{
    unsigned flag = is_before(order, STORE_FLAG, DMA_FLAG);
    unsigned data = is_before(order, STORE_DATA, DMA_DATA);
    bool loads = order->place[LOAD_STARTED] < EVENTS;
    unsigned seen = loads && is_before(order, DMA_STARTED, LOAD_STARTED);

    return flag | data << 1 | seen << 2;
}

static void collect_events(const struct shape *shape, struct sequence *order)
{
    order->count = 0;
    for (unsigned i = 0; i < shape->length; i++)
        order->event[order->count++] = shape->program[i];
    for (enum step event = DMA_STARTED; event <= DMA_DATA; event++)
        order->event[order->count++] = event;
}

/* The next order of `index`, in lexicographic order; false behind the last. */
static bool next_permutation(unsigned *index, unsigned count)
{
    unsigned at = count - 1;
    unsigned other = count - 1;

    while (at && index[at - 1] >= index[at])
        at--;
    if (!at)
        return false;
    while (index[other] <= index[at - 1])
        other--;
    for (unsigned from = at - 1, to = other, first = 1; first || from < to; first = 0) {
        unsigned kept = index[from];

        index[from] = index[to];
        index[to] = kept;
        from = first ? at : from + 1;
        to = first ? count - 1 : to - 1;
    }
    return true;
}

/* Bit n: outcome n is allowed. */
static unsigned allowed(const struct shape *shape, bool fence, bool in_order)
{
    unsigned index[EVENTS] = {0, 1, 2, 3, 4, 5, 6, 7};
    struct sequence order;
    unsigned outcomes = 0;

    collect_events(shape, &order);
    do {
        for (unsigned i = 0; i < EVENTS; i++)
            order.place[i] = EVENTS;
        for (unsigned i = 0; i < order.count; i++)
            order.place[order.event[index[i]]] = i;
        if (dma_allows(&order) && program_allows(shape, &order, fence, in_order))
            outcomes |= 1u << outcome_of(&order);
    } while (next_permutation(index, order.count));
    return outcomes;
}

/* ---- What exploration shows ------------------------------------------------------------------ */

struct watch {
    struct machine *machine;
    uint8_t packet[8];
    unsigned size;
};

static void see(void *owner, const struct observation *seen)
{
    struct watch *watch = owner;
    const struct obs_usb_packet *packet = &seen->usb_packet;

    if (packet->sender != USB_FROM_DEVICE || packet->size != sizeof watch->packet)
        return;
    memcpy(watch->packet, packet->payload, packet->size);
    watch->size = packet->size;
}

static unsigned outcome_in(const struct watch *watch)
{
    struct symbol symbol;
    uint8_t seen[4];

    assert_int_equal(watch->size, 8);
    assert_true(image_symbol_named(machine_image(watch->machine), "seen", &symbol));
    assert_true(memory_peek(machine_memory(watch->machine), symbol.address, seen, sizeof seen));
    return (unsigned)(watch->packet[0] | watch->packet[4] << 1 | seen[0] << 2);
}

/* Runs each class of ends again by its answers and looks at what came out. */
static unsigned outcomes_of(struct campaign *campaign)
{
    struct walker *walker = campaign_walker(campaign);
    struct watch watch = {.machine = walker_machine(walker)};
    static struct walk walk;
    unsigned outcomes = 0;

    trace_subscribe(machine_trace(watch.machine), TRACE_KIND(USB_PACKET), see, &watch);
    for (unsigned i = 0; i < campaign_class_count(campaign); i++) {
        const struct campaign_class *class = campaign_class_at(campaign, i);

        walker_replay(walker, class->answer, class->answers, &walk);
        outcomes |= 1u << outcome_in(&watch);
    }
    return outcomes;
}

/* From the entry of the program's function until its answer has gone, without rules: what happens,
 * not what is thought of it. */
static unsigned explored(const char *function, unsigned store_buffer)
{
    const struct checked_options checked = {.checker = {.rules_off = ~(rule_set)0}};
    struct campaign_options options = {.strategy = &strategy_exhaustive, .workers = 1};
    struct program program;
    struct campaign *campaign;
    struct failure failure;
    unsigned outcomes;

    program_open(&program, "fences");
    program.plan.machine.host = HOST_SCRIPT;
    program.plan.machine.host_script = "tests/explore/conversations/fences.usb";
    program.plan.machine.store_buffer = store_buffer;
    options.walker = (struct walker_options){.bounds = {.rounds = 64, .any_answer = true},
                                             .from = function,
                                             .to = "ep0_data_done",
                                             .checked = &checked};
    if (campaign_create(&campaign, &program.plan, &options, &failure) != STATUS_OK)
        fail_msg("%s", failure.message);
    assert_int_equal(campaign_run(campaign), CAMPAIGN_COMPLETE);
    assert_null(campaign_failure(campaign));
    outcomes = outcomes_of(campaign);
    campaign_destroy(campaign);
    return outcomes;
}

static void print_outcomes(const char *name, unsigned outcomes)
{
    print_message("  %-26s", name);
    for (unsigned i = 0; i < OUTCOMES; i++) {
        if (outcomes >> i & 1)
            print_message(" flag=%u,data=%u,seen=%u", i & 1, i >> 1 & 1, i >> 2 & 1);
    }
    print_message("\n");
}

static void agrees(unsigned store_buffer, bool in_order)
{
    for (unsigned i = 0; i < SHAPES; i++) {
        for (unsigned kind = 0; kind < KINDS; kind++) {
            unsigned expected = allowed(&shapes[i], kind >= 2, in_order);
            char function[48];
            unsigned found;

            (void)snprintf(function, sizeof function, "%s_%s", shapes[i].name, kinds[kind]);
            found = explored(function, store_buffer);
            print_outcomes(function, found);
            if (found != expected)
                print_outcomes("   but allowed are:", expected);
            assert_int_equal(found, expected);
        }
    }
}

static void outcomes_are_those_of_armv7m(void **state)
{
    (void)state;
    agrees(8, false);
}

static void outcomes_are_those_of_a_core_that_keeps_order(void **state)
{
    (void)state;
    agrees(0, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outcomes_are_those_of_armv7m),
        cmocka_unit_test(outcomes_are_those_of_a_core_that_keeps_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
