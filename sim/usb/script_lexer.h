/* SPDX-License-Identifier: Apache-2.0 */
/* The words of a conversation. */
#ifndef SIM_USB_SCRIPT_LEXER_H
#define SIM_USB_SCRIPT_LEXER_H

#include "sim/core/time.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum token_kind {
    TOKEN_WORD, /* letters, digits and - _ . ? /: also numbers, bytes and times */
    TOKEN_TEXT, /* "...": `start` is behind the quotation mark */
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_LINE_END,
    TOKEN_END,
    TOKEN_UNCLOSED, /* a text that does not end on its line */
    TOKEN_STRANGE,  /* a character that means nothing */
};

struct token {
    enum token_kind kind;
    const char *start;
    size_t size;
    unsigned line;
    size_t at; /* offset of its first character in the text */
};

struct lexer {
    const char *text;
    size_t size;
    size_t at;
    unsigned line; /* from 1 */
};

/* The next token. At the end TOKEN_END, again and again. */
struct token lexer_next(struct lexer *lexer);

/* Words are compared without regard to case. */
bool token_is(const struct token *token, const char *word);

/* Decimal, or hexadecimal with 0x; at most 32 bits. */
bool token_number(const struct token *token, uint32_t *value);

/* Exactly two hexadecimal digits. */
bool token_byte(const struct token *token, uint8_t *value);

/* A byte of which only some bits count: "??", "40", or "40/c0" with those bits behind the stroke.
 */
bool token_masked_byte(const struct token *token, uint8_t *value, uint8_t *mask);

#endif
