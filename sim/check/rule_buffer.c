/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a buffer lies: EasyDMA reaches Data RAM only, and nobody stops it at the end of an object
 * (PS v1.7, EasyDMA: "EasyDMA is not able to access flash").
 *
 * All of it is settled by the start itself, which is the guilty instruction.
 */
#include "sim/check/family.h"

static bool leaves_object(const struct checker *checker, const struct transfer *transfer,
                          struct byte_range *object)
{
    const struct checker_options *asked = checker_asked(checker);

    return asked->object_left &&
           asked->object_left(asked->object_owner, &transfer->start, transfer->window, object);
}

static void opened(struct checker *checker, const struct transfer *transfer)
{
    const struct dma_channel_name *channel =
        trace_channel(checker_trace(checker), transfer->channel);
    const struct byte_range nothing = {0, 0};
    struct byte_range object;

    if (!transfer->window.size)
        return;
    if (!transfer->in_ram)
        checker_report(checker, RULE_BUF001, transfer, NULL, nothing);
    else if (leaves_object(checker, transfer, &object))
        checker_report(checker, RULE_BUF002, transfer, NULL, object);
    if (transfer->window.size > channel->largest)
        checker_report(checker, RULE_BUF006, transfer, NULL, nothing);
}

const struct rule_family buffer_rules = {.opened = opened};
