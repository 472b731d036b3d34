/* SPDX-License-Identifier: Apache-2.0 */
/* "after": how the host misbehaves in the middle of a transfer. */
#include "sim/usb/script_parser.h"

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

    if (is_out_only(clause->action) && step_reads(step))
        return parser_fail_at(parser, token, "only what the host writes can be wrong in this way");
    if (clause->action == ACTION_EXCESS && !step_writes_data(step))
        return parser_fail_at(parser, token, "only control writes with data can have too many");
    if (timed && (clause->action == ACTION_STATUS || of_packet))
        return parser_fail_at(parser, token,
                              "this needs a point in packets or bytes, without time");
    if (clause->action == ACTION_STATUS &&
        !(step->kind == STEP_CONTROL && step_control_length(step)))
        return parser_fail_at(
            parser, token, "only control transfers with data can go to their status stage early");
    if (of_packet && (step->kind != STEP_CONTROL || is_out_only(clause->action)) &&
        clause->point == POINT_PACKETS && !clause->count)
        return parser_fail_at(parser, token,
                              "packets count from 1 here: no SETUP comes before them");
    return true;
}

bool parse_after(struct parser *parser, struct step *step)
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
