/* SPDX-License-Identifier: Apache-2.0 */
/* Line coverage of the firmware as an lcov trace file: the binary is the one that is flashed, lines
 * come from its DWARF line table. */
#include "sim/cli/explore.h"

#include "sim/base/heap.h"
#include "sim/base/save.h"
#include "sim/cli/cli.h"
#include "sim/report/place.h"

#include <stdlib.h>
#include <string.h>

struct covered_line {
    const char *file;
    unsigned line;
    unsigned hits;
};

struct covered_lines {
    struct covered_line *line;
    size_t count;
    size_t room;
};

static void note(struct covered_lines *lines, const struct source_place *place, bool hit)
{
    if (lines->count == lines->room) {
        lines->room = lines->room ? 2 * lines->room : 1024;
        lines->line = heap_resize(lines->line, lines->room * sizeof *lines->line);
    }
    lines->line[lines->count++] =
        (struct covered_line){.file = place->file, .line = place->line, .hits = hit};
}

/* Every halfword that has a line: of an instruction of two, both belong to it. */
static void collect(struct explore *explore, struct covered_lines *lines)
{
    const struct image *image = explore->report.image;
    const struct cpu *cpu = machine_cpu(walker_machine(campaign_walker(explore->campaign)));

    for (unsigned i = 0; image && i < image_segment_count(image); i++) {
        struct image_segment segment = image_segment(image, i);

        for (guest_addr pc = segment.address & ~1u; pc < segment.address + segment.size; pc += 2) {
            struct source_place place;

            if (any_place(&explore->report, pc, &place))
                note(lines, &place, cpu_has_executed(cpu, pc));
        }
    }
}

static int by_place(const void *one, const void *two)
{
    const struct covered_line *a = one;
    const struct covered_line *b = two;
    int files = strcmp(a->file, b->file);

    if (files)
        return files;
    return a->line < b->line ? -1 : a->line > b->line;
}

/* Lines of one place become one, hit when any of its instructions was. */
static void unite(struct covered_lines *lines)
{
    size_t kept = 0;

    if (lines->count)
        qsort(lines->line, lines->count, sizeof *lines->line, by_place);
    for (size_t i = 0; i < lines->count; i++) {
        if (kept && !by_place(&lines->line[kept - 1], &lines->line[i]))
            lines->line[kept - 1].hits |= lines->line[i].hits;
        else
            lines->line[kept++] = lines->line[i];
    }
    lines->count = kept;
}

/* ---- Orders as branches ----------------------------------------------------------------------
 */

/* One pair at the line of its access; genhtml shows two branches of it: access first, other first.
 */
struct covered_order {
    const char *file;
    unsigned line;
    struct order order;
};

struct covered_orders {
    struct covered_order *item;
    size_t count;
};

static int by_line(const void *one, const void *two)
{
    const struct covered_order *a = one;
    const struct covered_order *b = two;
    int files = strcmp(a->file, b->file);

    if (files)
        return files;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    return a->order.key < b->order.key ? -1 : a->order.key > b->order.key;
}

static void collect_orders(const struct explore *explore, struct covered_orders *orders)
{
    bool more;
    const struct orders *seen = &campaign_learned(explore->campaign, &more)->orders;

    orders->item = heap_allocate(ORDERS_MAX, sizeof *orders->item);
    for (unsigned i = 0; i < ORDERS_MAX; i++) {
        struct source_place place;

        if (seen->order[i].seen && any_place(&explore->report, seen->order[i].access, &place))
            orders->item[orders->count++] = (struct covered_order){
                .file = place.file, .line = place.line, .order = seen->order[i]};
    }
    qsort(orders->item, orders->count, sizeof *orders->item, by_line);
}

/* Those of `file`. Its pairs are numbered from 0 at each line. */
static void print_orders(struct text *text, const struct covered_orders *orders, const char *file)
{
    unsigned found = 0;
    unsigned hit = 0;
    unsigned block = 0;
    unsigned line = 0;

    for (size_t i = 0; i < orders->count; i++) {
        const struct covered_order *at = &orders->item[i];

        if (strcmp(at->file, file) != 0)
            continue;
        block = at->line == line ? block + 1 : 0;
        line = at->line;
        for (unsigned first = 0; first < 2; first++) {
            unsigned taken = at->order.seen >> first & 1;

            text_printf(text, "BRDA:%u,%u,%u,%u\n", line, block, first, taken);
            found++;
            hit += taken;
        }
    }
    if (found)
        text_printf(text, "BRF:%u\nBRH:%u\n", found, hit);
}

/* ---- The file --------------------------------------------------------------------------------
 */

static size_t print_file(struct text *text, const struct covered_lines *lines,
                         const struct covered_orders *orders, size_t at)
{
    const char *file = lines->line[at].file;
    unsigned found = 0;
    unsigned hit = 0;

    text_printf(text, "TN:\nSF:%s\n", shown_path(file));
    for (; at < lines->count && !strcmp(lines->line[at].file, file); at++) {
        text_printf(text, "DA:%u,%u\n", lines->line[at].line, lines->line[at].hits);
        found++;
        hit += lines->line[at].hits;
    }
    print_orders(text, orders, file);
    text_printf(text, "LF:%u\nLH:%u\nend_of_record\n", found, hit);
    return at;
}

int explore_write_lcov(struct explore *explore, const char *path)
{
    struct covered_lines lines = {0};
    struct covered_orders orders = {0};
    struct text text = {0};
    struct failure failure;
    enum status status;

    collect(explore, &lines);
    unite(&lines);
    collect_orders(explore, &orders);
    for (size_t at = 0; at < lines.count;)
        at = print_file(&text, &lines, &orders, at);
    status = save_file(path, text_string(&text), text.length, &failure);
    heap_release(lines.line);
    heap_release(orders.item);
    text_free(&text);
    return status == STATUS_OK ? -1 : cli_failure(&failure);
}
