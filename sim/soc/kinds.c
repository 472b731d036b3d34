/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/soc/kinds.h"

#include "sim/base/compiler.h"
#include "sim/base/glob.h"
#include "sim/soc/nrf52840.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const struct block_kind kinds[] = {
#define KIND(label_, blocks_, models_, known_, what_)                                              \
    {.label = (label_),                                                                            \
     .blocks = (blocks_),                                                                          \
     .models = (models_),                                                                          \
     .known = (known_),                                                                            \
     .what = (what_)},
#include "sim/soc/kinds.def"
#undef KIND
};

/* The lists at the top of the model files, collected by scripts/deviations. */
static const struct {
    const char *file;
    const char *text;
} deviations[] = {
#define DEVIATION(file_, text_) {.file = (file_), .text = (text_)},
#include "deviations.inc"
#undef DEVIATION
};

const struct block_kind *block_kind(unsigned index)
{
    return index < ARRAY_LENGTH(kinds) ? &kinds[index] : NULL;
}

/* The blocks of a kind in order of soc.def; NULL behind the last one. */
static const struct block_spec *block_of(const struct block_kind *kind, unsigned index)
{
    const struct block_spec *spec;

    for (unsigned i = 0; (spec = nrf52840_row(i)); i++) {
        if (glob_matches(kind->blocks, spec->name) && index-- == 0)
            return spec;
    }
    return NULL;
}

void block_kind_name(const struct block_kind *kind, struct text *text)
{
    unsigned count = 0;

    if (kind->label) {
        text_printf(text, "%s", kind->label);
        return;
    }
    while (block_of(kind, count))
        count++;
    if (count)
        text_printf(text, "%s", block_of(kind, 0)->name);
    if (count > 1)
        text_printf(text, "%s%s", count > 2 ? " to " : ", ", block_of(kind, count - 1)->name);
}

static bool same_name(const char *a, const char *b)
{
    while (*a && toupper((unsigned char)*a) == toupper((unsigned char)*b)) {
        a++;
        b++;
    }
    return !*a && !*b;
}

bool block_kind_has(const struct block_kind *kind, const char *name)
{
    const struct block_spec *spec;

    if (kind->label && same_name(kind->label, name))
        return true;
    for (unsigned i = 0; (spec = block_of(kind, i)); i++) {
        if (same_name(spec->name, name))
            return true;
    }
    return false;
}

static unsigned count_registers(const struct block_spec *spec)
{
    unsigned count = 0;

    for (unsigned i = 0; i < spec->reg_count; i++)
        count += spec->regs[i].count;
    return count;
}

unsigned block_kind_registers(const struct block_kind *kind)
{
    const struct block_spec *spec;
    unsigned most = 0;

    for (unsigned i = 0; (spec = block_of(kind, i)); i++) {
        if (count_registers(spec) > most)
            most = count_registers(spec);
    }
    return most;
}

bool block_kind_has_dma(const struct block_kind *kind)
{
    const struct block_spec *spec = block_of(kind, 0);

    for (unsigned i = 0; spec && i < spec->reg_count; i++) {
        if (spec->regs[i].kind == REG_DMA_PTR)
            return true;
    }
    return false;
}

/* Does one of the patterns of `models` fit the name of the file? */
static bool is_model(const struct block_kind *kind, const char *file)
{
    char pattern[64];
    const char *from = kind->models;

    while (*from) {
        size_t length = strcspn(from, " ");

        (void)snprintf(pattern, sizeof pattern, "%.*s", (int)length, from);
        if (glob_matches(pattern, file))
            return true;
        from += length + (from[length] == ' ');
    }
    return false;
}

const char *block_kind_deviation(const struct block_kind *kind, unsigned index)
{
    for (unsigned i = 0; i < ARRAY_LENGTH(deviations); i++) {
        if (is_model(kind, deviations[i].file) && index-- == 0)
            return deviations[i].text;
    }
    return NULL;
}

unsigned block_kind_deviations(const struct block_kind *kind)
{
    unsigned count = 0;

    while (block_kind_deviation(kind, count))
        count++;
    return count;
}
