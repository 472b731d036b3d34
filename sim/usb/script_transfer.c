/* SPDX-License-Identifier: Apache-2.0 */
/* Transfers, and what stands behind them. */
#include "sim/usb/script_parser.h"

#include <string.h>

/* ---- Which transfer -------------------------------------------------------------------------- */

bool step_reads(const struct step *step)
{
    return step->kind == STEP_IN ||
           (step->kind == STEP_CONTROL && usb_request_reads(usb_request_parse(step->setup)));
}

uint16_t step_control_length(const struct step *step)
{
    return usb_request_parse(step->setup).length;
}

bool step_writes_data(const struct step *step)
{
    return step->kind == STEP_CONTROL && !step_reads(step) && step_control_length(step);
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
    uint32_t size;

    if (!parser_need(parser, "of") ||
        !parser_number(parser, "the size of a packet", 1, USB_ISO_MAX, &size))
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
    if (!step_writes_data(step))
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
    if (parser_accept(parser, "isochronous")) {
        step->isochronous = true;
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
    if (step_writes_data(step) && step->data.size != step_control_length(step))
        return parser_fail_at(parser, &parser->token,
                              "wLength is %u, but \"data\" gives %u bytes (at most %d)",
                              step_control_length(step), step->data.size, HOST_DATA_MAX);
    return true;
}
