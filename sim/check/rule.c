/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/check/rule.h"

#include <assert.h>
#include <stddef.h>
#include <strings.h>

static const struct rule catalogue[] = {
#define RULE(id_, severity_, title_, explanation_, example_, repair_, seen_in_)                    \
    [RULE_##id_] = {.name = #id_,                                                                  \
                    .severity = SEVERITY_##severity_,                                              \
                    .title = title_,                                                               \
                    .explanation = explanation_,                                                   \
                    .example = example_,                                                           \
                    .repair = repair_,                                                             \
                    .seen_in = seen_in_},
#include "sim/check/rules.def"
#undef RULE
};

const struct rule *rule_describe(enum rule_id id)
{
    assert(id < RULE_COUNT);
    return &catalogue[id];
}

const struct rule *rule_named(const char *name)
{
    for (unsigned i = 0; i < RULE_COUNT; i++) {
        if (!strcasecmp(catalogue[i].name, name))
            return &catalogue[i];
    }
    return NULL;
}

const char *severity_name(enum severity severity)
{
    return severity == SEVERITY_ERROR ? "error" : "warning";
}
