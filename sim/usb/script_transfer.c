/* SPDX-License-Identifier: Apache-2.0 */
/* What stands behind a transfer: its data, what must come of it, and how the host misbehaves. */
#include "sim/base/bits.h"
#include "sim/usb/request.h"
#include "sim/usb/script_parser.h"

#include <string.h>

/* ---- Which transfer -------------------------------------------------------------------------- */

static bool reads(const struct step *step)
{
    return step->kind == STEP_IN ||
           (step->kind == STEP_CONTROL && usb_request_reads(usb_request_parse(step->setup)));
}

static uint16_t control_length(const struct step *step)
{
    return usb_request_parse(step->setup).length;
}

static bool writes_data(const struct step *step)
{
    return step->kind == STEP_CONTROL && !reads(step) && control_length(step);
}

/* "on endpoint 1"; 0x81 is allowed for IN. */
static bool endpoint(struct parser *parser, struct step *step)
{
    struct token token;
    uint32_t number;

    (void)parser_accept(parser, "on");
    if (!parser_need(parser, "endpoint"))
        return false;
    token = parser->token;
    if (!parser_number(parser, "the number of the endpoint", 0, 0xff, &number))
        return false;
    if (step->kind == STEP_IN)
        number &= ~0x80u;
    if (number < 1 || number > 15)
        return parser_fail_at(parser, &token, "an endpoint is 1 to 15%s",
                              step->kind == STEP_IN ? ", or 0x81 to 0x8f" : "");
    step->endpoint = (uint8_t)number;
    return true;
}

bool parse_in(struct parser *parser, struct step *step)
{
    step->kind = STEP_IN;
    if (!endpoint(parser, step) ||
        !parser_number(parser, "the number of bytes wanted", 0, HOST_DATA_MAX, &step->count))
        return false;
    (void)(parser_accept(parser, "bytes") || parser_accept(parser, "byte"));
    return true;
}

bool parse_out(struct parser *parser, struct step *step)
{
    step->kind = STEP_OUT;
    return endpoint(parser, step) && parser_data(parser, &step->data);
}

/* "stream 65536 bytes out endpoint 1 in endpoint 1": at least one of the two. */
bool parse_stream(struct parser *parser, struct step *step)
{
    struct token token;
    struct step in = {.kind = STEP_IN};

    step->kind = STEP_STREAM;
    if (!parser_number(parser, "the number of bytes", 1, HOST_STREAM_MAX, &step->count))
        return false;
    (void)(parser_accept(parser, "bytes") || parser_accept(parser, "byte"));
    token = parser->token;
    if (parser_accept(parser, "out") && !endpoint(parser, step))
        return false;
    if (parser_accept(parser, "in") && !endpoint(parser, &in))
        return false;
    step->in_endpoint = in.endpoint;
    return step->endpoint || step->in_endpoint ||
           parser_fail_at(parser, &token,
                          "\"out endpoint\" or \"in endpoint\" was expected, not %s",
                          parser_quote(&token).text);
}

/* ---- expect ---------------------------------------------------------------------------------- */

/* "ok", "stall", ...: the bits of struct expectation, 0 when the next word is none of these. */
static uint32_t outcome_word(struct parser *parser)
{
    static const struct {
        const char *word;
        enum transfer_outcome outcome;
    } outcomes[] = {{"ok", TRANSFER_DONE},
                    {"stall", TRANSFER_STALLED},
                    {"nak", TRANSFER_TIMED_OUT},
                    {"timeout", TRANSFER_SILENT},
                    {"babble", TRANSFER_BABBLE}};

    for (size_t i = 0; i < ARRAY_LENGTH(outcomes); i++) {
        if (parser_accept(parser, outcomes[i].word))
            return bit32(outcomes[i].outcome);
    }
    return parser_accept(parser, "any") ? EXPECT_ANY : 0;
}

/* Behind the first of them: "or stall", as often as it is there. */
static bool more_outcomes(struct parser *parser, struct expectation *expect)
{
    while (parser_accept(parser, "or")) {
        struct token token = parser->token;
        uint32_t more = outcome_word(parser);

        if (!more)
            return parser_fail_at(parser, &token, "ok, stall, nak, timeout, babble or any, not %s",
                                  parser_quote(&token).text);
        expect->outcomes |= more;
    }
    return true;
}

/* "18 bytes", "at least 4 bytes", "at most 64 bytes" */
static bool expect_size(struct parser *parser, struct expectation *expect)
{
    bool at = parser_accept(parser, "at");
    bool least = at && parser_accept(parser, "least");
    bool most = at && !least;
    uint32_t size;

    if ((most && !parser_need(parser, "most")) ||
        !parser_number(parser, "a number of bytes", 0, 0xffff, &size) ||
        !(parser_accept(parser, "byte") || parser_need(parser, "bytes")))
        return false;
    if (!expect->size_given)
        expect->most = 0xffff;
    expect->size_given = true;
    if (!most)
        expect->least = size;
    if (!least)
        expect->most = size;
    return true;
}

/* Bytes, with a mask of 00 where any will do. */
struct pattern {
    uint32_t size;
    uint8_t value[HOST_DATA_MAX];
    uint8_t mask[HOST_DATA_MAX];
};

static bool append_to_pattern(struct parser *parser, struct pattern *pattern)
{
    struct token token = parser->token;
    size_t size = token.kind == TOKEN_TEXT ? token.size : 1;
    uint8_t byte = 0;
    uint8_t mask = 0xff;

    if (token.kind != TOKEN_TEXT && !token_masked_byte(&token, &byte, &mask))
        return parser_fail_at(parser, &token,
                              "a byte is two hexadecimal digits, or ?? for any, not %s",
                              parser_quote(&token).text);
    if (pattern->size + size > HOST_DATA_MAX)
        return parser_fail_at(parser, &token, "at most %d bytes", HOST_DATA_MAX);
    if (token.kind == TOKEN_TEXT && size)
        memcpy(pattern->value + pattern->size, token.start, size);
    else
        pattern->value[pattern->size] = byte;
    memset(pattern->mask + pattern->size, mask, size);
    pattern->size += (uint32_t)size;
    parser_advance(parser);
    return true;
}

static bool keep_pattern(struct parser *parser, struct expectation *expect,
                         const struct pattern *pattern)
{
    uint8_t *pool;

    if (!parser_pool(parser, 2 * (size_t)pattern->size, &expect->bytes))
        return false;
    pool = parser->conversation->pool + expect->bytes.at;
    if (pattern->size) {
        memcpy(pool, pattern->value, pattern->size);
        memcpy(pool + pattern->size, pattern->mask, pattern->size);
    }
    expect->bytes.size = pattern->size;
    return true;
}

static bool ends_pattern(const struct parser *parser)
{
    const struct token *token = &parser->token;

    return parser_line_ended(parser) || token_is(token, "expect") || token_is(token, "after") ||
           token_is(token, "within");
}

static bool expect_bytes(struct parser *parser, struct expectation *expect)
{
    struct token token = parser->token;
    struct pattern pattern = {0};

    if (expect->bytes_given)
        return parser_fail_at(parser, &token, "the bytes of this transfer are expected already");
    expect->bytes_given = true;
    while (!ends_pattern(parser) && !expect->open) {
        if (parser_accept(parser, "..."))
            expect->open = true;
        else if (!append_to_pattern(parser, &pattern))
            return false;
    }
    return keep_pattern(parser, expect, &pattern);
}

static bool expect_outcome(struct parser *parser, struct expectation *expect, uint32_t outcomes,
                           const struct token *token)
{
    if (expect->outcomes)
        return parser_fail_at(parser, token, "an outcome of this transfer is expected already");
    expect->outcomes = outcomes;
    return more_outcomes(parser, expect);
}

bool parse_expect(struct parser *parser, struct step *step)
{
    struct expectation *expect = &step->expect;
    struct token token = parser->token;
    uint32_t outcomes;

    if (parser_line_ended(parser))
        return parser_fail_at(parser, &token, "what is expected? ok, stall, bytes, 18 bytes, ...");
    outcomes = outcome_word(parser);
    if (outcomes)
        return expect_outcome(parser, expect, outcomes, &token);
    if (!reads(step))
        return parser_fail_at(parser, &token,
                              "nothing comes back from a write: %s cannot be expected",
                              parser_quote(&token).text);
    if (parser_accept(parser, "echo")) {
        expect->echo = true;
        return true;
    }
    if (parser_at_count(parser) || token_is(&token, "at"))
        return expect_size(parser, expect);
    return expect_bytes(parser, expect);
}

/* ---- after ----------------------------------------------------------------------------------- */

static bool is_last(enum clause_action action)
{
    return action == ACTION_STOP || action == ACTION_RESET || action == ACTION_SUSPEND ||
           action == ACTION_DETACH;
}

/* "1 packet", "8 bytes", with or without "and 20 us" */
static bool counted_point(struct parser *parser, struct clause *clause)
{
    struct token token = parser->token;

    if (!parser_number(parser, "a number of packets or bytes, or a time,", 0, 0xffff,
                       &clause->count))
        return false;
    if (parser_accept(parser, "packets") || parser_accept(parser, "packet")) {
        clause->point = POINT_PACKETS;
    } else if (parser_accept(parser, "bytes") || parser_accept(parser, "byte")) {
        clause->point = POINT_BYTES;
        if (!clause->count)
            return parser_fail_at(parser, &token, "a number of bytes must be 1 or more here");
    } else {
        return parser_fail_at(parser, &parser->token, "packets, bytes, us, ms or s, not %s",
                              parser_quote(&parser->token).text);
    }
    return !parser_accept(parser, "and") || parser_time(parser, &clause->time);
}

static bool point(struct parser *parser, struct clause *clause, const struct step *step)
{
    struct token token = parser->token;

    if (parser_at_time(parser)) {
        clause->point = POINT_TIME;
        return parser_time(parser, &clause->time);
    }
    if (!parser_accept(parser, "status"))
        return counted_point(parser, clause);
    clause->point = POINT_STATUS;
    if (step->kind != STEP_CONTROL)
        return parser_fail_at(parser, &token, "only control transfers have a status stage");
    if (!token_is(&parser->token, "lose") && !token_is(&parser->token, "spoil"))
        return parser_fail_at(parser, &parser->token,
                              "\"lose ack\" and \"spoil crc\" are all that can be done with the "
                              "status stage");
    return true;
}

/* "lose ack", "spoil crc", "wrong toggle" */
static bool second_word(struct parser *parser, enum clause_action action)
{
    if (action == ACTION_LOSE_ACK)
        return parser_need(parser, "ack");
    if (action == ACTION_SPOIL)
        return parser_need(parser, "crc");
    return action != ACTION_STALE || parser_need(parser, "toggle");
}

static bool action(struct parser *parser, struct clause *clause)
{
    static const struct {
        const char *word;
        enum clause_action action;
    } actions[] = {
        {"status", ACTION_STATUS},   {"stop", ACTION_STOP},     {"reset", ACTION_RESET},
        {"suspend", ACTION_SUSPEND}, {"detach", ACTION_DETACH}, {"wait", ACTION_WAIT},
        {"lose", ACTION_LOSE_ACK},   {"spoil", ACTION_SPOIL},   {"babble", ACTION_BABBLE},
        {"wrong", ACTION_STALE},     {"excess", ACTION_EXCESS}};
    struct token token = parser->token;

    for (size_t i = 0; i < ARRAY_LENGTH(actions); i++) {
        if (!parser_accept(parser, actions[i].word))
            continue;
        clause->action = actions[i].action;
        if (clause->action == ACTION_WAIT)
            return parser_time(parser, &clause->wait);
        return second_word(parser, clause->action);
    }
    return parser_fail_at(
        parser, &token,
        "status, stop, reset, suspend, detach, wait, lose ack, spoil crc, babble, "
        "wrong toggle or excess, not %s",
        parser_quote(&token).text);
}

static bool is_out_only(enum clause_action action)
{
    return action == ACTION_BABBLE || action == ACTION_STALE;
}

static bool check_clause(struct parser *parser, const struct step *step,
                         const struct clause *clause, const struct token *token)
{
    bool timed = clause->time != 0;
    bool of_packet = clause->action == ACTION_LOSE_ACK || clause->action == ACTION_SPOIL ||
                     is_out_only(clause->action);

    if (is_out_only(clause->action) && reads(step))
        return parser_fail_at(parser, token, "only what the host writes can be wrong in this way");
    if (clause->action == ACTION_EXCESS && !writes_data(step))
        return parser_fail_at(parser, token, "only control writes with data can have too many");
    if (timed && (clause->action == ACTION_STATUS || of_packet))
        return parser_fail_at(parser, token,
                              "this needs a point in packets or bytes, without time");
    if (clause->action == ACTION_STATUS && !(step->kind == STEP_CONTROL && control_length(step)))
        return parser_fail_at(
            parser, token, "only control transfers with data can go to their status stage early");
    if (of_packet && (step->kind != STEP_CONTROL || is_out_only(clause->action)) &&
        clause->point == POINT_PACKETS && !clause->count)
        return parser_fail_at(parser, token,
                              "packets count from 1 here: no SETUP comes before them");
    return true;
}

static bool parse_after(struct parser *parser, struct step *step)
{
    struct token token = parser->token;
    struct clause clause = {0};

    if (step->clauses == SCRIPT_CLAUSES)
        return parser_fail_at(parser, &token, "at most %d \"after\" for one transfer",
                              SCRIPT_CLAUSES);
    if (step->clauses && is_last(step->clause[step->clauses - 1].action))
        return parser_fail_at(parser, &token,
                              "the transfer is over already with the clause before");
    if (!point(parser, &clause, step))
        return false;
    token = parser->token;
    if (!action(parser, &clause) || !check_clause(parser, step, &clause, &token))
        return false;
    step->clause[step->clauses++] = clause;
    return true;
}

/* ---- All of it ------------------------------------------------------------------------------- */

static bool parse_interrupt(struct parser *parser, struct step *step)
{
    struct token token;
    sim_time time;

    if (!parser_need(parser, "every"))
        return false;
    token = parser->token;
    if (!parser_time(parser, &time))
        return false;
    if (time % CYCLES_PER_MS || time > 255 * CYCLES_PER_MS)
        return parser_fail_at(parser, &token, "an interval is 1 to 255 whole frames");
    step->interval = (uint16_t)(time / CYCLES_PER_MS);
    step->bulk = false;
    return true;
}

static bool parse_packets_of(struct parser *parser, struct step *step)
{
    uint32_t most = step->kind == STEP_STREAM ? USB_ISO_MAX : USB_PACKET_MAX;
    uint32_t size;

    if (!parser_need(parser, "of") ||
        !parser_number(parser, "the size of a packet", 1, most, &size))
        return false;
    step->packet_max = (uint16_t)size;
    (void)(parser_accept(parser, "bytes") || parser_accept(parser, "byte"));
    return true;
}

/* "as data1": whatever the toggle should be. */
static bool parse_toggle(struct parser *parser, struct step *step)
{
    struct token token = parser->token;

    if (parser_accept(parser, "data0"))
        step->toggle = PID_DATA0;
    else if (parser_accept(parser, "data1"))
        step->toggle = PID_DATA1;
    else
        return parser_fail_at(parser, &token, "behind \"as\" stands data0 or data1, not %s",
                              parser_quote(&token).text);
    return true;
}

/* `token` is the word "data". */
static bool parse_data(struct parser *parser, struct step *step, const struct token *token)
{
    if (!writes_data(step))
        return parser_fail_at(parser, token, "this request has no OUT data stage");
    if (step->data.size)
        return parser_fail_at(parser, token, "its data are given already");
    return parser_data(parser, &step->data);
}

/* "pausing 5 ms every 512 bytes": how the host stops reading now and then. */
static bool parse_pausing(struct parser *parser, struct step *step)
{
    if (!parser_time(parser, &step->pause) || !parser_need(parser, "every") ||
        !parser_number(parser, "a number of bytes", 1, HOST_STREAM_MAX, &step->pause_every))
        return false;
    (void)(parser_accept(parser, "bytes") || parser_accept(parser, "byte"));
    return true;
}

static bool stream_clause(struct parser *parser, struct step *step, bool *done)
{
    if (parser_accept(parser, "pausing"))
        return parse_pausing(parser, step);
    if (parser_accept(parser, "seed"))
        return parser_number(parser, "the seed of the pattern", 0, UINT32_MAX, &step->seed);
    if (parser_accept(parser, "in"))
        return parser_need(parser, "transfers") && parser_need(parser, "of") &&
               parser_number(parser, "the bytes of a transfer", 1, HOST_STREAM_MAX,
                             &step->boundary) &&
               (parser_accept(parser, "bytes") || parser_accept(parser, "byte") || true);
    if (parser_accept(parser, "isochronous")) {
        step->isochronous = true;
        return true;
    }
    *done = false;
    return true;
}

static bool pipe_clause(struct parser *parser, struct step *step, bool *done)
{
    *done = true;
    if (parser_accept(parser, "interrupt"))
        return parse_interrupt(parser, step);
    if (parser_accept(parser, "packets"))
        return parse_packets_of(parser, step);
    if (parser_accept(parser, "bulk")) {
        step->bulk = true;
        step->interval = 0;
        return true;
    }
    if (step->kind == STEP_STREAM)
        return stream_clause(parser, step, done);
    if (parser_accept(parser, "as"))
        return parse_toggle(parser, step);
    if (step->kind == STEP_OUT && parser_accept(parser, "zlp")) {
        step->zlp = true;
        return true;
    }
    *done = false;
    return true;
}

static bool one_clause(struct parser *parser, struct step *step)
{
    struct token token = parser->token;
    bool done = false;

    if (parser_accept(parser, "expect"))
        return parse_expect(parser, step);
    if (parser_accept(parser, "after"))
        return parse_after(parser, step);
    if (parser_accept(parser, "within"))
        return parser_time(parser, &step->time);
    if (step->kind == STEP_CONTROL && parser_accept(parser, "data"))
        return parse_data(parser, step, &token);
    if (step->kind != STEP_CONTROL && !pipe_clause(parser, step, &done))
        return false;
    return done || parser_fail_at(parser, &token, "%s means nothing behind this transfer",
                                  parser_quote(&token).text);
}

bool parse_transfer_clauses(struct parser *parser, struct step *step)
{
    while (!parser_line_ended(parser))
        if (!one_clause(parser, step))
            return false;
    if (writes_data(step) && step->data.size != control_length(step))
        return parser_fail_at(parser, &parser->token,
                              "wLength is %u, but \"data\" gives %u bytes (at most %d)",
                              control_length(step), step->data.size, HOST_DATA_MAX);
    return true;
}
