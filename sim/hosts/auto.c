/* SPDX-License-Identifier: Apache-2.0 */
/* One class after the other: all that the descriptors show. */
#include "sim/hosts/programs.h"

#include "sim/base/compiler.h"

#include <string.h>

/* In the order they are spoken to. A vendor's own interface is not among them: its descriptors do
 * not say that it sends back what it gets. */
static const struct {
    const struct host_program *program;
    bool (*fits)(const struct host *host);
} classes[] = {
    {&cdc_program, cdc_fits},
    {&hid_program, hid_fits},
    {&msc_program, msc_fits},
};

/* The memory of the present program stands behind this. */
struct automatic {
    uint32_t present; /* in `classes` */
    uint32_t done;    /* programs that came to their end */
};

enum { AUTO_MEMORY = 256 << 10 };

static void say(struct text *steps, const char *name, const struct text *what)
{
    text_printf(steps, "say \"%s: %s\"\n", name, what->length ? text_string(what) : "done");
}

static enum program_turn write(const struct host_writing *writing)
{
    struct automatic *automatic = writing->memory;
    struct host_writing inner = *writing;

    inner.memory = automatic + 1;
    for (; automatic->present < ARRAY_LENGTH(classes); automatic->present++) {
        const struct host_program *program = classes[automatic->present].program;
        enum program_turn turn;

        if (!classes[automatic->present].fits(writing->host))
            continue;
        turn = program->write(&inner);
        if (turn == PROGRAM_GOES_ON)
            return turn;
        if (turn == PROGRAM_FAILED)
            return turn;
        say(writing->steps, program->name, writing->reason);
        text_clear(writing->reason);
        memset(inner.memory, 0, AUTO_MEMORY - sizeof *automatic);
        automatic->present++;
        automatic->done++;
        return PROGRAM_GOES_ON;
    }
    text_printf(writing->reason, "%u class%s spoken to", automatic->done,
                automatic->done == 1 ? "" : "es");
    return PROGRAM_DONE;
}

const struct host_program auto_program = {"auto", AUTO_MEMORY, write};
