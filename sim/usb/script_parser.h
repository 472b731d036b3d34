/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the parser share. It reads one step a line, one token ahead, without recursion.
 *
 *     conversation.c     the file: steps, loops
 *     script_parser.c    words, numbers, times, data; the message about a mistake
 *     script_request.c   requests in words
 *     script_class.c     requests of classes in words
 *     script_transfer.c  transfers, and what stands behind them: data, endpoints
 *     script_expect.c    ... what must come of them
 *     script_after.c     ... and how the host misbehaves meanwhile
 *
 * A function that meets a mistake says so with parser_fail and returns false; so does its caller.
 */
#ifndef SIM_USB_SCRIPT_PARSER_H
#define SIM_USB_SCRIPT_PARSER_H

#include "sim/base/status.h"
#include "sim/usb/request.h"
#include "sim/usb/script.h"
#include "sim/usb/script_lexer.h"

struct parser {
    struct conversation *conversation;
    struct lexer lexer;
    struct token token; /* the next one */
    struct failure *failure;
    enum status status;
    unsigned loops;
    uint32_t loop[SCRIPT_LOOPS]; /* steps that opened them */
    bool expects;                /* the line before was a transfer, "expect" may go on with it */
};

/* Tells a mistake at `token`. Returns false. */
bool parser_fail_at(struct parser *parser, const struct token *token, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* As a quotation in messages: the token's beginning. Valid until the next call. */
struct quotation {
    char text[40];
};
struct quotation parser_quote(const struct token *token);

void parser_advance(struct parser *parser);
struct token parser_peek(const struct parser *parser); /* the one behind the next */

/* At the end of the line, or of the file? */
bool parser_line_ended(const struct parser *parser);

/* Takes the next token if it is this word. */
bool parser_accept(struct parser *parser, const char *word);
bool parser_need(struct parser *parser, const char *word);

/* A number low..high; `what` names it. */
bool parser_number(struct parser *parser, const char *what, uint32_t low, uint32_t high,
                   uint32_t *value);

/* "20 ms", "20ms", "3 frames": more than 0, at most an hour. */
bool parser_time(struct parser *parser, sim_time *time);
bool parser_at_time(const struct parser *parser);

/* Bytes and texts, or "64 bytes": at most HOST_DATA_MAX. */
bool parser_data(struct parser *parser, struct script_data *data);

/* A number with the word "bytes" behind it is next. */
bool parser_at_count(const struct parser *parser);

/* Room for `size` more bytes in the pool, 0 at first. */
bool parser_pool(struct parser *parser, size_t size, struct script_data *data);

/* ---- script_request.c ---- */

/* A request, behind "setup" or as the first words of a step. */
bool parse_request(struct parser *parser, struct step *step);

/* ---- script_class.c ---- */

/* A class request in words is next, such as "set line-coding interface 0". */
bool parser_at_class_request(const struct parser *parser);
bool parse_class_request(struct parser *parser, struct usb_request *request);

/* ---- script_transfer.c ---- */

bool parse_in(struct parser *parser, struct step *step);
bool parse_out(struct parser *parser, struct step *step);
bool parse_stream(struct parser *parser, struct step *step);

/* Everything behind a transfer, to the end of the line. */
bool parse_transfer_clauses(struct parser *parser, struct step *step);

/* What the transfer is: it reads; it is a control write with a data stage; its wLength. */
bool step_reads(const struct step *step);
bool step_writes_data(const struct step *step);
uint16_t step_control_length(const struct step *step);

/* ---- script_expect.c, script_after.c ---- */

/* Behind the words "expect" and "after". */
bool parse_after(struct parser *parser, struct step *step);
bool parse_expect(struct parser *parser, struct step *step);

#endif
