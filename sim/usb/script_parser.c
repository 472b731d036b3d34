/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/usb/script_parser.h"

#include "sim/base/heap.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- Mistakes -------------------------------------------------------------------------------- */

/* Together with the longest sentence they fit into a struct failure. */
enum { SHOWN_BEFORE = 40, SHOWN = 56, NAME_SHOWN = 40 };

struct quotation parser_quote(const struct token *token)
{
    struct quotation quotation;
    size_t size = token->size < 24 ? token->size : 24;
    char *out = quotation.text;

    if (token->kind == TOKEN_END || token->kind == TOKEN_LINE_END) {
        (void)snprintf(quotation.text, sizeof quotation.text, "the end of the line");
        return quotation;
    }
    *out++ = '"';
    for (size_t i = 0; i < size; i++)
        *out++ = (char)(isprint((unsigned char)token->start[i]) ? token->start[i] : '?');
    (void)snprintf(out, sizeof quotation.text - size - 1, "%s\"", size < token->size ? "..." : "");
    return quotation;
}

/* The line with the mistake, at most SHOWN characters of it, and a caret below. */
static void show_place(char *out, size_t room, const struct parser *parser, size_t at)
{
    const char *text = parser->lexer.text;
    size_t start = at;
    size_t used = 0;
    char line[SHOWN + 1];

    while (start > 0 && text[start - 1] != '\n' && at - start < SHOWN_BEFORE)
        start--;
    while (used < SHOWN && start + used < parser->lexer.size && text[start + used] != '\n') {
        char c = text[start + used];

        line[used++] = (char)(isprint((unsigned char)c) ? c : ' ');
    }
    while (used > 0 && line[used - 1] == ' ' && start + used > at)
        used--;
    line[used] = '\0';
    (void)snprintf(out, room, "\n    %s\n    %*s^", line, (int)(at - start), "");
}

static size_t column_of(const struct parser *parser, size_t at)
{
    size_t column = 1;

    while (at > 0 && parser->lexer.text[at - 1] != '\n') {
        at--;
        column++;
    }
    return column;
}

/* The end of a long name tells more than its beginning. */
static void print_subject(char *out, size_t room, const struct parser *parser,
                          const struct token *token)
{
    const char *name = parser->conversation->name;
    size_t length = strlen(name);
    bool cut = length > NAME_SHOWN;

    (void)snprintf(out, room, "%s%s:%u:%zu", cut ? "..." : "",
                   cut ? name + length - NAME_SHOWN : name, token->line,
                   column_of(parser, token->at));
}

bool parser_fail_at(struct parser *parser, const struct token *token, const char *format, ...)
{
    char subject[120];
    char sentence[120];
    char place[2 * SHOWN + 20];
    va_list values;

    va_start(values, format);
    (void)vsnprintf(sentence, sizeof sentence, format, values);
    va_end(values);
    if (token->kind == TOKEN_UNCLOSED)
        (void)snprintf(sentence, sizeof sentence, "a text must end on the line where it begins");
    print_subject(subject, sizeof subject, parser, token);
    show_place(place, sizeof place, parser, token->at);
    parser->status =
        failure_set(parser->failure, STATUS_CONVERSATION, subject, "%s%s", sentence, place);
    return false;
}

/* ---- Tokens ---------------------------------------------------------------------------------- */

void parser_advance(struct parser *parser)
{
    parser->token = lexer_next(&parser->lexer);
}

struct token parser_peek(const struct parser *parser)
{
    struct lexer ahead = parser->lexer;

    return lexer_next(&ahead);
}

bool parser_line_ended(const struct parser *parser)
{
    return parser->token.kind == TOKEN_LINE_END || parser->token.kind == TOKEN_END;
}

bool parser_accept(struct parser *parser, const char *word)
{
    if (!token_is(&parser->token, word))
        return false;
    parser_advance(parser);
    return true;
}

bool parser_need(struct parser *parser, const char *word)
{
    if (parser_accept(parser, word))
        return true;
    return parser_fail_at(parser, &parser->token, "\"%s\" was expected, not %s", word,
                          parser_quote(&parser->token).text);
}

bool parser_number(struct parser *parser, const char *what, uint32_t low, uint32_t high,
                   uint32_t *value)
{
    struct token token = parser->token;

    if (!token_number(&token, value))
        return parser_fail_at(parser, &token, "%s was expected, a number, not %s", what,
                              parser_quote(&token).text);
    if (*value < low || *value > high)
        return parser_fail_at(parser, &token, "%s must be %u to %u", what, low, high);
    parser_advance(parser);
    return true;
}

/* ---- Times ----------------------------------------------------------------------------------- */

static sim_time unit_of(const char *unit, size_t size)
{
    static const struct {
        const char *name;
        sim_time cycles;
    } units[] = {{"us", CYCLES_PER_US},
                 {"ms", CYCLES_PER_MS},
                 {"s", CYCLES_PER_SECOND},
                 {"frames", CYCLES_PER_MS},
                 {"frame", CYCLES_PER_MS}};
    struct token token = {.kind = TOKEN_WORD, .start = unit, .size = size};

    for (size_t i = 0; i < ARRAY_LENGTH(units); i++)
        if (token_is(&token, units[i].name))
            return units[i].cycles;
    return 0;
}

static size_t leading_digits(const struct token *token)
{
    size_t digits = 0;

    while (digits < token->size && isdigit((unsigned char)token->start[digits]))
        digits++;
    return token->kind == TOKEN_WORD ? digits : 0;
}

/* Reads number and unit; `words` is how many tokens they are. 0: they are no time. */
static unsigned read_time(const struct parser *parser, uint32_t *number, sim_time *unit)
{
    struct token token = parser->token;
    struct token behind = parser_peek(parser);
    size_t digits = leading_digits(&token);
    struct token figure = {.kind = TOKEN_WORD, .start = token.start, .size = digits};

    if (!digits || !token_number(&figure, number))
        return 0;
    if (digits < token.size) {
        *unit = unit_of(token.start + digits, token.size - digits);
        return *unit ? 1 : 0;
    }
    *unit = behind.kind == TOKEN_WORD ? unit_of(behind.start, behind.size) : 0;
    return *unit ? 2 : 0;
}

bool parser_at_time(const struct parser *parser)
{
    uint32_t number;
    sim_time unit;

    return read_time(parser, &number, &unit) != 0;
}

bool parser_time(struct parser *parser, sim_time *time)
{
    struct token token = parser->token;
    uint32_t number;
    sim_time unit;
    unsigned words = read_time(parser, &number, &unit);

    if (!words)
        return parser_fail_at(parser, &token,
                              "a time was expected, such as 20 ms, 50 us or 3 frames, not %s",
                              parser_quote(&token).text);
    if (number == 0 || number > 3600 * CYCLES_PER_SECOND / unit)
        return parser_fail_at(parser, &token, "a time must be more than 0 and at most 3600 s");
    *time = number * unit;
    for (unsigned i = 0; i < words; i++)
        parser_advance(parser);
    return true;
}

/* ---- Data ------------------------------------------------------------------------------------ */

static void make_room(struct conversation *conversation, size_t size)
{
    size_t needed = conversation->pool_size + size;

    if (needed <= conversation->pool_room)
        return;
    conversation->pool_room = 2 * needed;
    conversation->pool = heap_resize(conversation->pool, conversation->pool_room);
}

bool parser_pool(struct parser *parser, size_t size, struct script_data *data)
{
    struct conversation *conversation = parser->conversation;

    if (size > SCRIPT_POOL - conversation->pool_size)
        return parser_fail_at(parser, &parser->token, "more than %d MiB of data in one file",
                              SCRIPT_POOL >> 20);
    *data = (struct script_data){(uint32_t)conversation->pool_size, (uint32_t)size};
    if (!size)
        return true;
    make_room(conversation, size);
    memset(conversation->pool + data->at, 0, size);
    conversation->pool_size += size;
    return true;
}

bool parser_at_count(const struct parser *parser)
{
    struct token behind = parser_peek(parser);
    uint32_t number;

    return token_number(&parser->token, &number) &&
           (token_is(&behind, "bytes") || token_is(&behind, "byte"));
}

static bool counting_bytes(struct parser *parser, struct script_data *data)
{
    uint32_t count;

    if (!parser_number(parser, "a number of bytes", 0, HOST_DATA_MAX, &count) ||
        !parser_pool(parser, count, data))
        return false;
    parser_advance(parser); /* "bytes" */
    for (uint32_t i = 0; i < count; i++)
        parser->conversation->pool[data->at + i] = (uint8_t)i;
    return true;
}

/* The bytes of the next token: a text, or two digits. */
static bool append(struct parser *parser, struct script_data *data)
{
    struct token token = parser->token;
    struct script_data more = {0, 0};
    uint8_t byte;
    size_t size = token.kind == TOKEN_TEXT ? token.size : 1;

    if (token.kind != TOKEN_TEXT && !token_byte(&token, &byte))
        return parser_fail_at(parser, &token, "a byte is two hexadecimal digits, not %s",
                              parser_quote(&token).text);
    if (data->size + size > HOST_DATA_MAX)
        return parser_fail_at(parser, &token, "at most %d bytes", HOST_DATA_MAX);
    if (!parser_pool(parser, size, &more))
        return false;
    if (size)
        memcpy(parser->conversation->pool + more.at,
               token.kind == TOKEN_TEXT ? token.start : (const char *)&byte, size);
    data->size += (uint32_t)size;
    parser_advance(parser);
    return true;
}

/* A word of two characters that are hexadecimal digits, or any that starts with a digit, is meant
 * to be a byte; others are the next clause. */
static bool at_byte(const struct parser *parser)
{
    const struct token *token = &parser->token;
    uint8_t byte;

    return token->kind == TOKEN_TEXT || token_byte(token, &byte) ||
           (token->kind == TOKEN_WORD && isdigit((unsigned char)token->start[0]));
}

bool parser_data(struct parser *parser, struct script_data *data)
{
    struct token token = parser->token;

    if (parser_at_count(parser))
        return counting_bytes(parser, data);
    if (!at_byte(parser))
        return parser_fail_at(parser, &token,
                              "data were expected, such as 01 02 or \"abc\" or 64 bytes, not %s",
                              parser_quote(&token).text);
    *data = (struct script_data){(uint32_t)parser->conversation->pool_size, 0};
    while (at_byte(parser))
        if (!append(parser, data))
            return false;
    return true;
}
