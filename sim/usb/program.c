/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Programs: conversations written chapter by chapter (struct host_program).
 *
 * The text of the present chapter is state, so that a snapshot can be taken anywhere. Its parsed
 * form is not: it is made again from the text when it is not that of the text.
 */
#include "sim/usb/host_state.h"

#include "sim/base/hash.h"
#include "sim/base/heap.h"

#include <assert.h>
#include <string.h>

struct program_state {
    uint64_t hash; /* of the text */
    uint32_t size; /* of the text, bytes */
    uint32_t chapters;
    char text[HOST_CHAPTER_MAX];
};

struct program {
    struct program_state state;
    void *memory;
    /* What the text means; NULL before it was looked at. */
    struct conversation *parsed;
    uint64_t parsed_hash;
};

void program_create(struct host *host)
{
    const struct host_program *program = host->wiring.program;
    struct state *state = host->wiring.state;

    if (!program)
        return;
    host->program = heap_allocate(1, sizeof *host->program);
    host->program->memory = heap_allocate(1, program->memory ? program->memory : 1);
    state_register(state, "usb host chapter", &host->program->state, sizeof host->program->state);
    if (program->memory)
        state_register(state, "usb host program", host->program->memory, program->memory);
}

void program_destroy(struct host *host)
{
    if (!host->program)
        return;
    conversation_free(host->program->parsed);
    heap_release(host->program->memory);
    heap_release(host->program);
}

void program_reset(struct host *host)
{
    if (!host->program)
        return;
    memset(&host->program->state, 0, sizeof host->program->state);
    if (host->wiring.program->memory)
        memset(host->program->memory, 0, host->wiring.program->memory);
}

bool program_running(const struct host *host)
{
    return host->state.on_program;
}

void program_stop(struct host *host)
{
    host->state.on_program = false;
}

/* ---- Chapters -------------------------------------------------------------------------------- */

static void parse(struct program *program, const char *name)
{
    struct failure failure = {0};

    conversation_free(program->parsed);
    if (conversation_parse(&program->parsed, name, program->state.text, program->state.size,
                           &failure) != STATUS_OK)
        assert(false && "a program writes steps that can be followed");
    program->parsed_hash = program->state.hash;
}

const struct conversation *program_chapter(const struct host *host)
{
    struct program *program = host->program;

    if (!program->parsed || program->parsed_hash != program->state.hash)
        parse(program, host->wiring.program->name);
    return program->parsed;
}

static void keep_chapter(struct program_state *state, const struct text *steps)
{
    assert(steps->length < sizeof state->text);
    memset(state->text, 0, sizeof state->text);
    if (steps->length)
        memcpy(state->text, steps->bytes, steps->length);
    state->size = (uint32_t)steps->length;
    state->chapters++;
    state->hash = hash_bytes(HASH_SEED, state->text, state->size) + state->chapters;
}

static void end(struct host *host, const struct text *what)
{
    struct text text = {0};

    program_stop(host);
    host->state.outcome = HOST_DONE;
    text_printf(&text, "%s: %s", host->wiring.program->name,
                what->length ? text_string(what) : "done");
    host_say(host, HOST_COMPLETED, text_string(&text));
    text_free(&text);
}

static void give_up(struct host *host, const struct text *reason)
{
    struct text text = {0};

    program_stop(host);
    text_printf(&text, "%s: %s", host->wiring.program->name, text_string(reason));
    host_give_up(host, text_string(&text));
    text_free(&text);
}

void program_next(struct host *host)
{
    struct text steps = {0};
    struct text reason = {0};
    struct host_writing writing = {.memory = host->program->memory,
                                   .host = host,
                                   .seed = host->wiring.seed,
                                   .steps = &steps,
                                   .reason = &reason};

    switch (host->wiring.program->write(&writing)) {
    case PROGRAM_GOES_ON:
        keep_chapter(&host->program->state, &steps);
        host->state.on_program = true;
        script_begin(host);
        break;
    case PROGRAM_DONE:
        end(host, &reason);
        break;
    case PROGRAM_FAILED:
        give_up(host, &reason);
        break;
    }
    text_free(&steps);
    text_free(&reason);
}

void program_begin(struct host *host)
{
    host->state.outcome = HOST_BUSY;
    host->state.on_program = true;
    script_await_program(host);
}

/* ---- In words -------------------------------------------------------------------------------- */

enum { LINE_SHOWN = 90 };

void program_print_line(struct text *text, const struct host *host, unsigned line)
{
    const char *at = host->program->state.text;
    size_t length;

    while (--line && strchr(at, '\n'))
        at = strchr(at, '\n') + 1;
    length = strcspn(at, "\n");
    text_printf(text, "%s, \"%.*s%s\": ", host->wiring.program->name,
                (int)(length < LINE_SHOWN ? length : LINE_SHOWN), at,
                length < LINE_SHOWN ? "" : "...");
}
