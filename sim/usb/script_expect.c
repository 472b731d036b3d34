/* SPDX-License-Identifier: Apache-2.0 */
/* "expect": what must come of a transfer. */
#include "sim/base/bits.h"
#include "sim/usb/script_parser.h"

#include <string.h>

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
    if (!step_reads(step))
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
