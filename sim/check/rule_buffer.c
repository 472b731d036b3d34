/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a buffer lies: EasyDMA reaches Data RAM only, and nobody stops it at the end of an object
 * (PS v1.7, EasyDMA: "EasyDMA is not able to access flash").
 *
 * All of it is settled by the start itself, which is the guilty instruction.
 */
#include "sim/check/family.h"

/* The window of each channel that was found wrong last. */
struct buffer_memory {
    struct byte_range told[TRACE_CHANNELS];
};

/* Hardware has started the channel again: what is wrong with this window was told at the start that
 * gave it, and the CPU is anywhere now. */
static bool was_told(struct checker *checker, const struct transfer *transfer)
{
    const struct buffer_memory *memory = checker_memory(checker, &buffer_rules);
    struct byte_range told = memory->told[transfer->channel];

    return transfer->trigger != DMA_BY_CPU && told.start == transfer->window.start &&
           told.size == transfer->window.size;
}

static void tell(struct checker *checker, enum rule_id rule, const struct transfer *transfer,
                 struct byte_range about)
{
    struct buffer_memory *memory = checker_change_memory(checker, &buffer_rules);

    memory->told[transfer->channel] = transfer->window;
    checker_report(checker, rule, transfer, NULL, about);
}

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

    if (!transfer->window.size || was_told(checker, transfer))
        return;
    if (!transfer->in_ram)
        tell(checker, RULE_BUF001, transfer, nothing);
    else if (leaves_object(checker, transfer, &object))
        tell(checker, RULE_BUF002, transfer, object);
    if (transfer->window.size > channel->largest)
        tell(checker, RULE_BUF006, transfer, nothing);
}

const struct rule_family buffer_rules = {
    .opened = opened, .memory_name = "check.buffer", .memory_size = sizeof(struct buffer_memory)};
