/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/explore/strategy.h"

#include "sim/base/compiler.h"

#include <string.h>

static const struct strategy *const strategies[] = {&strategy_exhaustive, &strategy_random,
                                                    &strategy_pct, &strategy_coverage};

void sample_merge(struct graph *graph, const struct job *job, const struct walk *walk)
{
    uint32_t class;

    if (walk->end == WALK_DECISION) /* more answers than there is room for: not a run to tell of */
        return;
    class = graph_class(graph, job, walk);
    graph->classes.item[class].raw += 1;
}

const struct strategy *strategy_at(unsigned index)
{
    return index < ARRAY_LENGTH(strategies) ? strategies[index] : NULL;
}

const struct strategy *strategy_named(const char *name)
{
    const struct strategy *strategy;

    for (unsigned i = 0; (strategy = strategy_at(i)); i++) {
        if (!strcmp(strategy->name, name))
            return strategy;
    }
    return NULL;
}
