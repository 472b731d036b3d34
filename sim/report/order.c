/* SPDX-License-Identifier: Apache-2.0 */
/* Of a missing barrier: who keeps the order of the two sides all the same, and who need not. */
#include "sim/report/story.h"

#include "sim/report/style.h"

static void answer(struct text *text, const char *who, const char *words)
{
    text_printf(text, "    %-18s", who);
    wrap(text, 22, 22, words);
    text_printf(text, "\n");
}

void print_order(struct text *text, const struct finding *finding,
                 const struct report_options *options)
{
    bool release = finding->kind == FINDING_RELEASE;
    bool load = finding_is_load(finding);

    text_printf(text, "\n");
    paint(text, options->colour, PAINT_STRONG, "The order, and who keeps it\n");
    answer(text, "this object code",
           release ? "kept it: the store comes before the start"
                   : "kept it: the event was read before the buffer was used");
    if (finding->compiler_ordered)
        answer(text, "the compiler",
               "has to keep it in every build: a compiler barrier is recorded between them "
               "(--memory-model=cortex-m4 accepts it)");
    else
        answer(text, "the compiler",
               release ? "may move the store behind the start in the next build: no barrier is "
                         "known between them"
                       : "may move the access before the event in the next build: no barrier is "
                         "known between them");
    answer(text, "Armv7-M",
           release || load
               ? "obliges no core to keep it: there is no DMB or DSB between them"
               : "obliges a core to keep it only where the store depends on a branch on the event: "
                 "there is no DMB or DSB between them");
    answer(text, "a Cortex-M4",
           release ? "keeps it; it cannot be observed on this core (--store-buffer shows one on "
                     "which it can)"
                   : "keeps it; it cannot be observed on this core");
}
