/* SPDX-License-Identifier: Apache-2.0 */
/* The file: its steps and loops. */
#include "sim/usb/conversation.h"

#include "sim/base/heap.h"
#include "sim/usb/script_parser.h"

#include <assert.h>
#include <string.h>

enum { POOL_AT_FIRST = 256 }; /* there is always a pool, so that an empty range of it is one */

/* ---- Steps of the port ----------------------------------------------------------------------- */

static bool parse_within(struct parser *parser, struct step *step)
{
    return !parser_accept(parser, "within") || parser_time(parser, &step->time);
}

static bool parse_attach(struct parser *parser, struct step *step)
{
    step->kind = STEP_ATTACH;
    return parse_within(parser, step);
}

static bool parse_detach(struct parser *parser, struct step *step)
{
    (void)parser;
    step->kind = STEP_DETACH;
    return true;
}

static bool parse_reset(struct parser *parser, struct step *step)
{
    step->kind = STEP_RESET;
    return parser_line_ended(parser) || parser_time(parser, &step->time);
}

static bool parse_suspend(struct parser *parser, struct step *step)
{
    (void)parser;
    step->kind = STEP_SUSPEND;
    return true;
}

static bool parse_resume(struct parser *parser, struct step *step)
{
    (void)parser;
    step->kind = STEP_RESUME;
    return true;
}

/* Behind "wait for wake-up": the host itself resumes when the device does not. */
static bool parse_or_resume(struct parser *parser, struct step *step)
{
    step->resumes = parser_accept(parser, "or");
    return !step->resumes || parser_need(parser, "resume");
}

static bool parse_wait(struct parser *parser, struct step *step)
{
    struct token token;

    step->kind = STEP_WAIT;
    if (!parser_accept(parser, "for"))
        return parser_time(parser, &step->time);
    if (parser_accept(parser, "wake-up")) {
        step->kind = STEP_WAIT_WAKE_UP;
        return parse_within(parser, step) && parse_or_resume(parser, step);
    }
    step->kind = STEP_WAIT_DETACH;
    token = parser->token;
    if (parser_accept(parser, "detach"))
        return parse_within(parser, step);
    return parser_fail_at(parser, &token, "behind \"wait for\" stands detach or wake-up, not %s",
                          parser_quote(&token).text);
}

static bool parse_enumerate(struct parser *parser, struct step *step)
{
    struct token token = parser->token;

    step->kind = STEP_ENUMERATE;
    if (parser_accept(parser, "linux"))
        step->profile = HOST_LINUX;
    else if (parser_accept(parser, "windows"))
        step->profile = HOST_WINDOWS;
    else if (parser_accept(parser, "macos"))
        step->profile = HOST_MACOS;
    else
        return parser_fail_at(parser, &token,
                              "behind \"enumerate\" stands linux, windows or macos, not %s",
                              parser_quote(&token).text);
    return true;
}

static bool parse_pace(struct parser *parser, struct step *step)
{
    step->kind = STEP_PACE;
    step->paced = !parser_accept(parser, "normal");
    return !step->paced || parser_accept(parser, "back-to-back") ||
           parser_time(parser, &step->time);
}

static bool parse_say(struct parser *parser, struct step *step)
{
    struct token token = parser->token;

    step->kind = STEP_SAY;
    if (token.kind != TOKEN_TEXT)
        return parser_fail_at(parser, &token, "a \"text\" was expected, not %s",
                              parser_quote(&token).text);
    if (!parser_pool(parser, token.size + 1, &step->data))
        return false;
    memcpy(parser->conversation->pool + step->data.at, token.start, token.size);
    parser_advance(parser);
    return true;
}

/* ---- Loops ----------------------------------------------------------------------------------- */

static bool parse_loop(struct parser *parser, struct step *step)
{
    struct token token = parser->token;

    step->kind = STEP_LOOP;
    if (parser->loops == SCRIPT_LOOPS)
        return parser_fail_at(parser, &token, "loops are nested more than %d deep", SCRIPT_LOOPS);
    if (!parser_number(parser, "how often to repeat", 1, SCRIPT_LOOP_MAX, &step->count))
        return false;
    if (parser->token.kind != TOKEN_OPEN)
        return parser_fail_at(parser, &parser->token, "\"{\" was expected, not %s",
                              parser_quote(&parser->token).text);
    parser_advance(parser);
    parser->loop[parser->loops++] = parser->conversation->steps;
    return true;
}

static bool parse_loop_end(struct parser *parser, struct step *step)
{
    struct token token = parser->token;

    step->kind = STEP_END_LOOP;
    if (!parser->loops)
        return parser_fail_at(parser, &token, "there is no loop to end here");
    parser_advance(parser);
    step->partner = parser->loop[--parser->loops];
    return true;
}

/* ---- One line -------------------------------------------------------------------------------- */

static bool parse_setup(struct parser *parser, struct step *step)
{
    return parse_request(parser, step) && parse_transfer_clauses(parser, step);
}

static bool parse_in_step(struct parser *parser, struct step *step)
{
    return parse_in(parser, step) && parse_transfer_clauses(parser, step);
}

static bool parse_out_step(struct parser *parser, struct step *step)
{
    return parse_out(parser, step) && parse_transfer_clauses(parser, step);
}

static bool parse_stream_step(struct parser *parser, struct step *step)
{
    return parse_stream(parser, step) && parse_transfer_clauses(parser, step);
}

struct statement {
    const char *word;
    bool (*parse)(struct parser *parser, struct step *step);
    bool word_belongs_to_it; /* the function wants to see the word itself */
};

static const struct statement *statement_of(const struct token *token)
{
    static const struct statement statements[] = {
        {"attach", parse_attach, false},
        {"detach", parse_detach, false},
        {"reset", parse_reset, false},
        {"suspend", parse_suspend, false},
        {"resume", parse_resume, false},
        {"wait", parse_wait, false},
        {"enumerate", parse_enumerate, false},
        {"pace", parse_pace, false},
        {"say", parse_say, false},
        {"loop", parse_loop, false},
        {"setup", parse_setup, false},
        {"get", parse_setup, true},
        {"set", parse_setup, true},
        {"clear", parse_setup, true},
        {"synch", parse_setup, true},
        {"send", parse_setup, true},
        {"bulk-only", parse_setup, true},
        {"in", parse_in_step, false},
        {"out", parse_out_step, false},
        {"stream", parse_stream_step, false},
    };
    static const struct statement loop_end = {"}", parse_loop_end, true};

    if (token->kind == TOKEN_CLOSE)
        return &loop_end;
    for (size_t i = 0; i < ARRAY_LENGTH(statements); i++)
        if (token_is(token, statements[i].word))
            return &statements[i];
    return NULL;
}

static void append_step(struct conversation *conversation, const struct step *step)
{
    if (conversation->steps == conversation->step_room) {
        conversation->step_room = conversation->step_room ? 2 * conversation->step_room : 16;
        conversation->step =
            heap_resize(conversation->step, conversation->step_room * sizeof *conversation->step);
    }
    conversation->step[conversation->steps++] = *step;
}

static bool refuse_token(struct parser *parser, const struct token *token)
{
    return parser_fail_at(parser, token,
                          token->kind == TOKEN_STRANGE ? "%s means nothing here"
                                                       : "there is no step %s",
                          parser_quote(token).text);
}

static bool is_transfer(const struct step *step)
{
    return step->kind == STEP_CONTROL || step->kind == STEP_IN || step->kind == STEP_OUT ||
           step->kind == STEP_STREAM;
}

static bool parse_step(struct parser *parser)
{
    struct token token = parser->token;
    const struct statement *statement = statement_of(&token);
    struct step step = {.line = token.line};

    if (!statement)
        return refuse_token(parser, &token);
    if (parser->conversation->steps == SCRIPT_STEPS)
        return parser_fail_at(parser, &token, "more than %d steps", SCRIPT_STEPS);
    if (!statement->word_belongs_to_it)
        parser_advance(parser);
    if (!statement->parse(parser, &step))
        return false;
    append_step(parser->conversation, &step);
    parser->expects = is_transfer(&step);
    return true;
}

/* "expect" on a line of its own goes on with the transfer before. */
static bool parse_expect_line(struct parser *parser)
{
    struct conversation *conversation = parser->conversation;
    struct token token = parser->token;

    if (!parser->expects)
        return parser_fail_at(parser, &token, "\"expect\" must stand behind a transfer");
    parser_advance(parser);
    return parse_expect(parser, &conversation->step[conversation->steps - 1]) &&
           parse_transfer_clauses(parser, &conversation->step[conversation->steps - 1]);
}

static bool parse_line(struct parser *parser)
{
    struct token token;

    if (!(token_is(&parser->token, "expect") ? parse_expect_line(parser) : parse_step(parser)))
        return false;
    token = parser->token;
    if (!parser_line_ended(parser))
        return parser_fail_at(parser, &token, "%s is too much: the step is complete before it",
                              parser_quote(&token).text);
    return true;
}

static bool parse_lines(struct parser *parser)
{
    struct step end = {.kind = STEP_END};

    for (parser_advance(parser); parser->token.kind != TOKEN_END;) {
        if (parser->token.kind == TOKEN_LINE_END)
            parser_advance(parser);
        else if (!parse_line(parser))
            return false;
    }
    if (parser->loops)
        return parser_fail_at(parser, &parser->token, "the loop of line %u has no \"}\"",
                              parser->conversation->step[parser->loop[parser->loops - 1]].line);
    end.line = parser->token.line;
    append_step(parser->conversation, &end);
    return true;
}

/* ---- The file -------------------------------------------------------------------------------- */

enum status conversation_parse(struct conversation **result, const char *name, const char *text,
                               size_t size, struct failure *failure)
{
    struct conversation *conversation = heap_allocate(1, sizeof *conversation);
    struct parser parser = {.conversation = conversation,
                            .lexer = {.text = text, .size = size, .line = 1},
                            .failure = failure};

    conversation->name = heap_copy_string(name);
    conversation->pool_room = POOL_AT_FIRST;
    conversation->pool = heap_allocate(POOL_AT_FIRST, 1);
    *result = conversation;
    if (parse_lines(&parser))
        return STATUS_OK;
    conversation_free(conversation);
    *result = NULL;
    return parser.status;
}

void conversation_free(struct conversation *conversation)
{
    if (!conversation)
        return;
    heap_release(conversation->name);
    heap_release(conversation->step);
    heap_release(conversation->pool);
    heap_release(conversation);
}
