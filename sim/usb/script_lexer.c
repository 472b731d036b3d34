/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/usb/script_lexer.h"

#include <ctype.h>
#include <string.h>

static bool at_end(const struct lexer *lexer)
{
    return lexer->at >= lexer->size;
}

static char here(const struct lexer *lexer)
{
    return at_end(lexer) ? '\0' : lexer->text[lexer->at];
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == ',';
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || (c && strchr("-_.?/", c));
}

static void skip_blanks_and_comment(struct lexer *lexer)
{
    while (!at_end(lexer) && is_blank(here(lexer)))
        lexer->at++;
    if (here(lexer) == '#')
        while (!at_end(lexer) && here(lexer) != '\n')
            lexer->at++;
}

/* A backslash at the end of a line (blanks and a comment may follow it) hides that end. */
static bool skip_continuation(struct lexer *lexer)
{
    struct lexer ahead = *lexer;

    if (here(lexer) != '\\')
        return false;
    ahead.at++;
    skip_blanks_and_comment(&ahead);
    if (here(&ahead) != '\n')
        return false;
    ahead.at++;
    ahead.line++;
    *lexer = ahead;
    return true;
}

static struct token read_word(struct lexer *lexer, struct token token)
{
    while (!at_end(lexer) && is_word(here(lexer)))
        lexer->at++;
    token.kind = TOKEN_WORD;
    token.size = lexer->at - token.at;
    return token;
}

static struct token read_text(struct lexer *lexer, struct token token)
{
    lexer->at++;
    token.start++;
    while (!at_end(lexer) && here(lexer) != '"' && here(lexer) != '\n')
        lexer->at++;
    token.size = lexer->at - token.at - 1;
    token.kind = here(lexer) == '"' ? TOKEN_TEXT : TOKEN_UNCLOSED;
    if (token.kind == TOKEN_TEXT)
        lexer->at++;
    return token;
}

static struct token read_sign(struct lexer *lexer, struct token token)
{
    char sign = here(lexer);

    lexer->at++;
    token.size = 1;
    token.kind = sign == '{'    ? TOKEN_OPEN
                 : sign == '}'  ? TOKEN_CLOSE
                 : sign == '\n' ? TOKEN_LINE_END
                                : TOKEN_STRANGE;
    if (sign == '\n')
        lexer->line++;
    return token;
}

struct token lexer_next(struct lexer *lexer)
{
    struct token token;

    do
        skip_blanks_and_comment(lexer);
    while (skip_continuation(lexer));
    token = (struct token){
        .kind = TOKEN_END, .start = lexer->text + lexer->at, .line = lexer->line, .at = lexer->at};
    if (at_end(lexer))
        return token;
    if (is_word(here(lexer)))
        return read_word(lexer, token);
    if (here(lexer) == '"')
        return read_text(lexer, token);
    return read_sign(lexer, token);
}

bool token_is(const struct token *token, const char *word)
{
    if (token->kind != TOKEN_WORD || token->size != strlen(word))
        return false;
    for (size_t i = 0; i < token->size; i++)
        if (tolower((unsigned char)token->start[i]) != word[i])
            return false;
    return true;
}

/* The value of a digit; 16 for what is none. */
static unsigned digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    c = (char)tolower((unsigned char)c);
    return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 16;
}

bool token_number(const struct token *token, uint32_t *value)
{
    bool hexadecimal = token->size > 2 && token->start[0] == '0' && (token->start[1] | 0x20) == 'x';
    unsigned base = hexadecimal ? 16 : 10;
    uint64_t number = 0;

    if (token->kind != TOKEN_WORD)
        return false;
    for (size_t i = hexadecimal ? 2 : 0; i < token->size; i++) {
        unsigned digit = digit_value(token->start[i]);

        if (digit >= base)
            return false;
        number = number * base + digit;
        if (number > UINT32_MAX)
            return false;
    }
    *value = (uint32_t)number;
    return true;
}

bool token_byte(const struct token *token, uint8_t *value)
{
    unsigned high;
    unsigned low;

    if (token->kind != TOKEN_WORD || token->size != 2)
        return false;
    high = digit_value(token->start[0]);
    low = digit_value(token->start[1]);
    *value = (uint8_t)(high << 4 | low);
    return high < 16 && low < 16;
}

bool token_masked_byte(const struct token *token, uint8_t *value, uint8_t *mask)
{
    struct token bits = *token;
    struct token byte = *token;

    *value = 0;
    *mask = token_is(token, "??") ? 0x00 : 0xff;
    if (!*mask || token_byte(token, value))
        return true;
    if (token->kind != TOKEN_WORD || token->size != 5 || token->start[2] != '/')
        return false;
    byte.size = 2;
    bits.start += 3;
    bits.size = 2;
    return token_byte(&byte, value) && token_byte(&bits, mask);
}
