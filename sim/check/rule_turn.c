/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Turns: the device has acknowledged a packet or a request, the firmware took note of it, and never
 * did the next step. The host waits, and gives up in the end.
 *
 * Told only when the host has given up, and when the firmware had a long time: until then it may be
 * busy, and to let the host wait is how a device says so. The guilty instruction is the one that
 * took note; behind it the next step is missing.
 */
#include "sim/check/family.h"

#include <string.h>

enum { ENDPOINTS = 8, LONG_TIME_MS = 1000 };

/* Plain state without padding. */
struct turn {
    sim_time since;    /* when it began */
    uint32_t is_given; /* it is the firmware's turn */
    uint32_t is_noted; /* ... and it knows: `noted` */
    guest_addr next;   /* register of the step that is missing */
    uint32_t unused;
    struct site noted;
};

struct turn_memory {
    struct turn turn[ENDPOINTS];
};

static bool is_on(const struct checker *checker)
{
    return checker_rule_is_on(checker, RULE_USB005) || checker_rule_is_on(checker, RULE_USB006);
}

static void on_endpoint(struct checker *checker, const struct observation *seen)
{
    struct turn_memory *memory = checker_change_memory(checker, &turn_rules);
    struct turn *turn = &memory->turn[seen->endpoint.endpoint % ENDPOINTS];

    switch (seen->endpoint.step) {
    case ENDPOINT_GIVEN:
        turn->is_given = true;
        turn->is_noted = false;
        turn->since = seen->when;
        turn->next = seen->endpoint.next;
        break;
    case ENDPOINT_NOTED:
        if (!turn->is_given)
            break;
        turn->is_noted = true;
        trace_site(checker_trace(checker), &turn->noted);
        break;
    case ENDPOINT_TAKEN:
        turn->is_given = false;
        break;
    }
}

static void on_given_up(struct checker *checker, sim_time now)
{
    const struct turn_memory *memory = checker_memory(checker, &turn_rules);

    for (unsigned endpoint = 0; endpoint < ENDPOINTS; endpoint++) {
        const struct turn *turn = &memory->turn[endpoint];
        const struct obs_misuse misuse = {
            .misuse = endpoint ? MISUSE_PACKET_LEFT : MISUSE_CONTROL_LEFT, .address = turn->next};

        if (turn->is_given && turn->is_noted && now - turn->since >= LONG_TIME_MS * CYCLES_PER_MS)
            checker_report_misuse(checker, endpoint ? RULE_USB005 : RULE_USB006, &turn->noted,
                                  &misuse);
    }
}

static void saw(struct checker *checker, const struct observation *seen)
{
    if (!is_on(checker))
        return;
    if (seen->kind == OBS_ENDPOINT)
        on_endpoint(checker, seen);
    else if (seen->kind == OBS_RESET)
        memset(checker_change_memory(checker, &turn_rules), 0, sizeof(struct turn_memory));
    else if (seen->host.step == HOST_FAILED)
        on_given_up(checker, seen->when);
}

const struct rule_family turn_rules = {.kinds = TRACE_KIND(ENDPOINT) | TRACE_KIND(HOST) |
                                                TRACE_KIND(RESET),
                                       .saw = saw,
                                       .memory_name = "check.turns",
                                       .memory_size = sizeof(struct turn_memory)};
