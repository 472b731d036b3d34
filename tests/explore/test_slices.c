/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A search in slices: no path is in two of them, every path is in one, together they come to what
 * the whole comes to, and what one learns is handed to the others until none learns more.
 */
#include "tests/explore/search.h"

#include "sim/base/hash.h"
#include "sim/base/heap.h"
#include "sim/explore/campaign_state.h"

#include <math.h>
#include <string.h>

enum { CLASSES = 64, SLICES_MAX = 5, EXCHANGES_MAX = 6 };

/* Classes without order, and what else adds up. */
struct united {
    unsigned classes;
    struct {
        uint64_t key;
        uint32_t end;
    } class[CLASSES];
};

static struct search search;

static void of_program(const char *name)
{
    search_of(&search, name);
}

static void add_classes(struct united *united)
{
    for (unsigned i = 0; i < campaign_class_count(search.campaign); i++) {
        const struct campaign_class *class = campaign_class_at(search.campaign, i);
        unsigned at = 0;

        while (at < united->classes &&
               (united->class[at].key != class->key || united->class[at].end != class->end))
            at++;
        assert_true(at < CLASSES);
        united->class[at].key = class->key;
        united->class[at].end = class->end;
        united->classes += at == united->classes;
    }
}

static bool has_class(const struct united *united, uint64_t key, uint32_t end)
{
    for (unsigned i = 0; i < united->classes; i++) {
        if (united->class[i].key == key && united->class[i].end == end)
            return true;
    }
    return false;
}

static bool has_all_of(const struct united *united, const struct united *other)
{
    for (unsigned i = 0; i < other->classes; i++) {
        if (!has_class(united, other->class[i].key, other->class[i].end))
            return false;
    }
    return true;
}

/* One slice with what is `known`, which grows into `learned`. True: it has learnt more. */
static bool explore_slice(unsigned slice, unsigned slices, const struct sharing *known,
                          struct sharing *learned, struct united *united)
{
    struct failure failure;
    bool more;

    search.options.slice = slice;
    search.options.slices = slices;
    assert_int_equal(
        campaign_create(&search.campaign, &search.program.plan, &search.options, &failure),
        STATUS_OK);
    campaign_know(search.campaign, known);
    assert_int_equal(search_run(&search), CAMPAIGN_COMPLETE);
    sharing_add(learned, campaign_learned(search.campaign, &more));
    add_classes(united);
    search_end(&search);
    return more;
}

/* All slices, as often as one of them learns what the others did not know. */
static void explore_slices(unsigned slices, struct united *united)
{
    struct sharing *known = heap_allocate(1, sizeof *known);
    struct sharing *learned = heap_allocate(1, sizeof *learned);
    bool more = true;

    for (unsigned exchange = 0; more && exchange < EXCHANGES_MAX; exchange++) {
        memset(united, 0, sizeof *united);
        more = false;
        for (unsigned slice = 0; slice < slices; slice++)
            more |= explore_slice(slice, slices, known, learned, united);
        sharing_add(known, learned);
    }
    assert_false(more);
    heap_release(known);
    heap_release(learned);
}

static void explore_whole(struct united *united)
{
    memset(united, 0, sizeof *united);
    assert_int_equal(search_run(&search), CAMPAIGN_COMPLETE);
    add_classes(united);
    search_end(&search);
}

static void come_to_the_same(const char *name, unsigned slices)
{
    static struct united whole;
    static struct united parts;

    of_program(name);
    explore_whole(&whole);
    explore_slices(slices, &parts);

    assert_true(whole.classes > 1);
    assert_int_equal(parts.classes, whole.classes);
    assert_true(has_all_of(&parts, &whole));
}

static void slices_of_a_clean_program_come_to_the_classes_of_the_whole(void **state)
{
    (void)state;
    come_to_the_same("usb-5", 3);
}

static void slices_find_the_failures_of_the_whole(void **state)
{
    (void)state;
    come_to_the_same("pending-cleared-late", 3);
}

/* ---- Disjoint, and nothing between ----------------------------------------------------------- */

/* The jobs of a slice behind the cut, as numbers that stand for what they do. */
struct cut {
    size_t count;
    uint64_t job[4096];
    double weight;
};

static void cut_into(struct cut *cut, unsigned slice, unsigned slices)
{
    struct graph *graph;
    struct failure failure;

    search.options.slice = slice;
    search.options.slices = slices;
    assert_int_equal(
        campaign_create(&search.campaign, &search.program.plan, &search.options, &failure),
        STATUS_OK);
    graph = &search.campaign->graph;
    search.campaign->options.budget = 1;
    while (slices > 1 ? !graph->cut : graph_queue(graph) < 80) {
        search.campaign->given = 0;
        assert_int_equal(search_run(&search), CAMPAIGN_STOPPED);
        search.campaign->resumed = true;
    }
    cut->count = 0;
    cut->weight = 0;
    for (size_t i = graph->served; i < graph->waiting.count; i++) {
        const struct waiting *job = &graph->waiting.item[i];
        uint64_t what[] = {graph->nodes.item[job->from].key, job->branch.kind, job->branch.instance,
                           job->branch.through, job->forced_count};

        cut->job[cut->count++] = hash_bytes(HASH_SEED, what, sizeof what);
        cut->weight += job->weight;
    }
    search_end(&search);
}

/* Cut at the same place by itself: with one slice nothing is given up. */
static void each_job_belongs_to_one_slice(void **state)
{
    static struct cut whole;
    static struct cut part;
    unsigned owners[4096] = {0};
    double weight = 0;

    (void)state;
    of_program("usb-5");
    cut_into(&whole, 0, 1);
    for (unsigned slice = 0; slice < SLICES_MAX; slice++) {
        cut_into(&part, slice, SLICES_MAX);
        weight += part.weight;
        for (size_t i = 0; i < part.count; i++) {
            size_t at = 0;

            while (at < whole.count && (whole.job[at] != part.job[i] || owners[at]))
                at++;
            assert_true(at < whole.count);
            owners[at]++;
        }
    }
    for (size_t i = 0; i < whole.count; i++)
        assert_int_equal(owners[i], 1);
    assert_true(fabs(weight - whole.weight) < 1e-12);
}

static void a_slice_is_the_same_every_time(void **state)
{
    struct findings_of_search once;
    struct findings_of_search again;

    (void)state;
    of_program("usb-5");
    search.options.slice = 1;
    search.options.slices = 3;
    assert_int_equal(search_run(&search), CAMPAIGN_COMPLETE);
    once = search_findings(&search);
    search_end(&search);
    search.options.workers = 2;
    assert_int_equal(search_run(&search), CAMPAIGN_COMPLETE);
    again = search_findings(&search);
    search_end(&search);

    assert_memory_equal(&once, &again, sizeof once);
}

/* ---- What they hand to each other ------------------------------------------------------------ */

static void what_is_known_survives_as_text(void **state)
{
    struct sharing *known = heap_allocate(1, sizeof *known);
    struct sharing *read = heap_allocate(1, sizeof *read);
    struct text text = {0};
    struct text again = {0};
    struct failure failure;

    (void)state;
    sharing_note_ram(known, 0, (struct byte_range){RAM_BASE, 40}, true);
    sharing_note_ram(known, 55, (struct byte_range){RAM_BASE + 8, 4}, false);
    sharing_note_ram(known, 3, (struct byte_range){RAM_BASE + RAM_SIZE - 4, 4}, true);
    sharing_note_register(known, 55, 0x40027400, true);
    sharing_note_contended(known, (struct byte_range){RAM_BASE + 0x100, 64});
    sharing_note_stack(known, RAM_BASE + 0x3f00);
    sharing_write(&text, known);
    assert_int_equal(sharing_read(read, text_string(&text), "known", &failure), STATUS_OK);
    sharing_write(&again, read);

    assert_string_equal(text_string(&again), text_string(&text));
    assert_memory_equal(read->loads, known->loads, sizeof known->loads);
    assert_memory_equal(read->contended, known->contended, sizeof known->contended);
    text_free(&text);
    text_free(&again);
    heap_release(known);
    heap_release(read);
}

static void nonsense_is_refused_with_its_line(void **state)
{
    static const char *const wrong[] = {"ram 1 1 1\n",
                                        "ram 65536 1 1 1\n",
                                        "ram 65535 2 1 1\n",
                                        "ram 0 1 1 1 1\n",
                                        "ram 0 1 1\n1\n",
                                        "register 5000 1 1 1\n",
                                        "heap 0 1 1 1\n",
                                        "stack 5 1 0 0\n",
                                        "contended -1 1 1 1\n",
                                        "ram 0 4294967295 1 1\n",
                                        "hello\n"};
    struct sharing *read = heap_allocate(1, sizeof *read);
    struct failure failure;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct text text = {0};

        text_printf(&text, "ram 0 1 1 1\n%s", wrong[i]);
        assert_int_equal(sharing_read(read, text_string(&text), "known", &failure),
                         STATUS_KNOWN_SYNTAX);
        assert_string_equal(failure.message, "known: mistake in what is known of sharing: line 2");
        text_free(&text);
    }
    heap_release(read);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slices_of_a_clean_program_come_to_the_classes_of_the_whole),
        cmocka_unit_test(slices_find_the_failures_of_the_whole),
        cmocka_unit_test(each_job_belongs_to_one_slice),
        cmocka_unit_test(a_slice_is_the_same_every_time),
        cmocka_unit_test(what_is_known_survives_as_text),
        cmocka_unit_test(nonsense_is_refused_with_its_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
