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
    for (unsigned i = 0; i < checker_finding_count(run->checker); i++)
        emitter->finding(&emission, i);
    emitter->end(&emission);
}
