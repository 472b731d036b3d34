/* SPDX-License-Identifier: Apache-2.0 */
/* Whether one line of a suppressions file is about a finding. */
#include "sim/report/suppressions.h"

#include "sim/base/glob.h"
#include "sim/report/brief.h"

#include <string.h>

static bool fits_file(const char *pattern, const char *file)
{
    const char *slash = strrchr(file, '/');

    if (glob_matches(pattern, shown_path(file)))
        return true;
    return !strchr(pattern, '/') && slash && glob_matches(pattern, slash + 1);
}

static bool fits_place(enum suppression_where where, const char *pattern,
                       const struct source_place *place)
{
    if (where == WHERE_FILE)
        return fits_file(pattern, place->file);
    return glob_matches(pattern, place->function);
}

static bool fits_site(enum suppression_where where, const char *pattern, const struct site *site,
                      const struct report_options *options)
{
    struct source_place places[PLACES];
    unsigned count = places_of(options, site->pc, places);
    struct symbol symbol;

    for (unsigned i = 0; i < count; i++) {
        if (fits_place(where, pattern, &places[i]))
            return true;
    }
    if (blamed_place(options, site, &places[0]) && fits_place(where, pattern, &places[0]))
        return true;
    return where == WHERE_FUNCTION && options->image &&
           image_symbol_at(options->image, site->pc, &symbol) && symbol.is_function &&
           glob_matches(pattern, symbol.name);
}

static bool fits_side(enum suppression_where where, const char *pattern,
                      const struct finding *finding, const struct report_options *options)
{
    struct sides sides;

    finding_sides(finding, &sides);
    for (unsigned i = 0; i < sides.count; i++) {
        if (fits_site(where, pattern, sides.side[i].site, options))
            return true;
    }
    return false;
}

static bool fits_buffer(const char *pattern, const struct finding *finding,
                        const struct report_options *options)
{
    const struct transfer *transfer = &finding->transfer;
    struct variable variable;
    struct symbol symbol;

    if (!finding_has_transfer(finding) || !options->image)
        return false;
    if (local_variable_of(options, &transfer->start, transfer->window.start, &variable) &&
        glob_matches(pattern, variable.name))
        return true;
    return image_symbol_at(options->image, transfer->window.start, &symbol) &&
           glob_matches(pattern, symbol.name);
}

static bool fits_register(const char *pattern, const struct finding *finding,
                          const struct report_options *options)
{
    char name[64];

    if (finding->kind != FINDING_MISUSE)
        return false;
    trace_register_name(options->trace, finding->misuse.address, name, sizeof name);
    return glob_matches(pattern, name);
}

bool suppression_covers(const struct suppression *entry, const struct finding *finding,
                        const struct report_options *options)
{
    if (!glob_matches(entry->rule, rule_describe((enum rule_id)finding->rule)->name))
        return false;
    for (unsigned where = 0; where < WHERE_COUNT; where++) {
        const char *pattern = entry->where[where];

        if (pattern && where == WHERE_SYMBOL && !fits_buffer(pattern, finding, options) &&
            !fits_register(pattern, finding, options))
            return false;
        if (pattern && where != WHERE_SYMBOL &&
            !fits_side((enum suppression_where)where, pattern, finding, options))
            return false;
    }
    return true;
}
