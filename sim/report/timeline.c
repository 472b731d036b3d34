/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/report/story.h"

#include "sim/report/style.h"

#include <inttypes.h>

/* What happened at one instant of the story. */
struct moment {
    sim_time when;
    void (*tell)(struct text *text, const struct finding *finding,
                 const struct report_options *options);
};

enum { MOMENTS = 8 };

static const struct dma_channel_name *channel_of(const struct finding *finding,
                                                 const struct report_options *options)
{
    return trace_channel(options->trace, finding->transfer.channel);
}

static void tell_start(struct text *text, const struct finding *finding,
                       const struct report_options *options)
{
    text_printf(text, "%s: the buffer belongs to EasyDMA", channel_of(finding, options)->task);
}

static void tell_capture(struct text *text, const struct finding *finding,
                         const struct report_options *options)
{
    (void)finding;
    (void)options;
    text_printf(text, "EasyDMA captures PTR and MAXCNT");
}

static void tell_first_word(struct text *text, const struct finding *finding,
                            const struct report_options *options)
{
    const struct transfer *transfer = &finding->transfer;

    (void)options;
    text_printf(text, "EasyDMA %s ", transfer->direction == DMA_READS_RAM ? "reads" : "writes");
    if (transfer->first_word == transfer->last_word)
        text_printf(text, "%u byte%s", transfer->moved, plural(transfer->moved));
    else
        text_printf(text, "the first word");
}

static void tell_last_word(struct text *text, const struct finding *finding,
                           const struct report_options *options)
{
    (void)options;
    text_printf(text, "EasyDMA %s the last word%s, %u byte%s in all",
                finding->transfer.direction == DMA_READS_RAM ? "reads" : "writes",
                finding->transfer.ended == SIM_TIME_NEVER ? " so far" : "", finding->transfer.moved,
                plural(finding->transfer.moved));
}

static const char *use_of(const struct finding *finding)
{
    return finding_is_load(finding) ? "loads from" : "stores into";
}

static void tell_first_access(struct text *text, const struct finding *finding,
                              const struct report_options *options)
{
    (void)options;
    text_printf(text, "the CPU %s it", use_of(finding));
    if (finding->accesses > 1)
        text_printf(text, ", the first of %u times", finding->accesses);
    text_printf(text, "; %u of %u bytes had been %s", finding->moved_before,
                finding->transfer.window.size,
                finding->transfer.direction == DMA_READS_RAM ? "read" : "written");
}

static void tell_event(struct text *text, const struct finding *finding,
                       const struct report_options *options)
{
    char name[64];

    switch ((enum finding_kind)finding->kind) {
    case FINDING_OVERLAP:
        text_printf(text, "%s: transfer number %u is started into it",
                    trace_channel(options->trace, finding->rival.channel)->task,
                    finding->rival.number);
        break;
    case FINDING_MISUSE:
        trace_register_name(options->trace, finding->misuse.address, name, sizeof name);
        text_printf(text, "%s: %s", name, misuse_sentence((enum misuse)finding->misuse.misuse));
        break;
    case FINDING_EVENT:
        text_printf(text, finding->rule == RULE_BUF003   ? "the stack pointer passes it"
                          : finding->rule == RULE_BUF004 ? "its heap block is given back"
                                                         : "the buffer is not valid any more");
        break;
    case FINDING_ACCESS:
    case FINDING_ACQUIRE:
        tell_first_access(text, finding, options);
        break;
    case FINDING_RELEASE:
        break;
    }
}

static void tell_last_access(struct text *text, const struct finding *finding,
                             const struct report_options *options)
{
    (void)options;
    text_printf(text, "the CPU %s it for the last time", use_of(finding));
}

static void tell_end(struct text *text, const struct finding *finding,
                     const struct report_options *options)
{
    (void)finding;
    (void)options;
    text_printf(text, "EasyDMA is done; the CPU does not know yet");
}

static void tell_release(struct text *text, const struct finding *finding,
                         const struct report_options *options)
{
    char event[64];

    switch ((enum transfer_fate)finding->transfer.fate) {
    case TRANSFER_OBSERVED:
        trace_register_name(options->trace, finding->transfer.observed_event, event, sizeof event);
        text_printf(
            text,
            finding->transfer.observed_pc
                ? "the CPU reads %s as set: the buffer is its own again"
                : "EasyDMA has stopped and the CPU has read %s: the buffer is its own again",
            event);
        break;
    case TRANSFER_DROPPED:
        text_printf(text, "EasyDMA drops the transfer");
        break;
    case TRANSFER_REPLACED:
        text_printf(text, "the channel is started again, the end was never observed");
        break;
    case TRANSFER_RESET:
        text_printf(text, "the system is reset");
        break;
    case TRANSFER_OPEN:
        break;
    }
}

/* What is wrong from the start on happened at no other moment. */
static bool is_moment(const struct finding *finding)
{
    return finding->kind == FINDING_ACCESS || finding->first.when != finding->transfer.opened;
}

/* The engine comes first in the list, as at one instant events come before the instruction.
 * Returns how many happened. */
static unsigned gather(const struct finding *finding, struct moment *moments)
{
    const struct transfer *transfer = &finding->transfer;
    const struct moment all[MOMENTS] = {
        {transfer->opened, tell_start},
        {transfer->captured, tell_capture},
        {transfer->first_word, tell_first_word},
        {transfer->last_word != transfer->first_word ? transfer->last_word : SIM_TIME_NEVER,
         tell_last_word},
        {is_moment(finding) ? finding->first.when : SIM_TIME_NEVER, tell_event},
        {finding->accesses > 1 ? finding->last.when : SIM_TIME_NEVER, tell_last_access},
        {transfer->ended != transfer->released ? transfer->ended : SIM_TIME_NEVER, tell_end},
        {transfer->released, tell_release},
    };
    unsigned count = 0;

    for (unsigned i = 0; i < MOMENTS; i++) {
        unsigned at = count;

        if (all[i].when == SIM_TIME_NEVER)
            continue;
        for (; at > 0 && moments[at - 1].when > all[i].when; at--)
            moments[at] = moments[at - 1];
        moments[at] = all[i];
        count++;
    }
    return count;
}

static void print_since(struct text *text, sim_time cycles)
{
    sim_time thousandths = cycles * 1000 / CYCLES_PER_US;

    text_printf(text, "%8" PRIu64 ".%03" PRIu64 " us", thousandths / 1000, thousandths % 1000);
}

void print_timeline(struct text *text, const struct finding *finding,
                    const struct report_options *options)
{
    struct moment moments[MOMENTS];
    unsigned count = gather(finding, moments);

    for (unsigned i = 0; i < count; i++) {
        bool guilty = moments[i].tell == tell_event || moments[i].tell == tell_last_access;

        text_printf(text, guilty ? "  > " : "    ");
        print_since(text, moments[i].when - finding->transfer.opened);
        text_printf(text, "  ");
        moments[i].tell(text, finding, options);
        text_printf(text, "\n");
    }
    if (finding->transfer.fate == TRANSFER_OPEN)
        text_printf(text, "                     %s\n",
                    options->goes_on ? "the CPU has not observed the end yet"
                                     : "the run ends before the CPU has observed the end");
}
