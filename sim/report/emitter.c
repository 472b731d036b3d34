/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/report/emitter.h"

#include <string.h>

static const struct emitter *const emitters[] = {&text_emitter,  &json_emitter,   &sarif_emitter,
                                                 &junit_emitter, &github_emitter, NULL};

const struct emitter *emitter_at(unsigned index)
{
    return emitters[index];
}

const struct emitter *emitter_named(const char *name)
{
    for (unsigned i = 0; emitters[i]; i++) {
        if (!strcmp(emitters[i]->name, name))
            return emitters[i];
    }
    return NULL;
}

void emit_report(struct text *text, const struct emitter *emitter, const struct report_run *run,
                 const struct report_options *options)
{
    struct emission emission = {
        .run = run, .options = options, .text = text, .json = {.text = text}};

    emitter->begin(&emission);
    for (unsigned i = 0; i < run_finding_count(run); i++) {
        const struct report_options own = run_options_for(run, i, options);

        emission.options = &own;
        emitter->finding(&emission, i);
    }
    emission.options = options;
    emitter->end(&emission);
}
