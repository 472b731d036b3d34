/* SPDX-License-Identifier: Apache-2.0 */
/* What other runs of the same plan add to a run that is over. */
#include "sim/cli/run.h"

#include "sim/base/heap.h"
#include "sim/cli/replay_command.h"
#include "sim/explore/last_store.h"

/* `auto`: a second run must not make waiting for the first one twice as long. */
enum { SHORT_RUN_S = 2 };

void run_write_replay(const struct run *run, struct text *text, const struct plan *plan)
{
    (void)replay_print(text, &run->options, plan, run->fingerprint, NULL);
}

/* ---- Uninitialised bytes --------------------------------------------------------------------- */

static bool wants_search(const struct run *run)
{
    switch (run->options.search) {
    case UNINITIALISED_ON:
        return true;
    case UNINITIALISED_OFF:
        return false;
    case UNINITIALISED_AUTO:
        break;
    }
    return machine_now(run->machine) < SHORT_RUN_S * CYCLES_PER_SECOND;
}

static void note_divergence(struct run *run, const struct uninitialised *result)
{
    const struct wire_packet *packet = &result->packet;

    text_printf(&run->note, "note: what the firmware does depends on memory nothing has written: "
                            "with other contents\n      of RAM ");
    if (packet->channel == WIRE_USB)
        text_printf(&run->note, "endpoint %u", packet->endpoint);
    else
        text_printf(&run->note, "%s",
                    trace_channel(machine_trace(run->machine), packet->channel)->block);
    text_printf(&run->note, " sends something else from %.6f ms on\n",
                (double)result->when / (double)CYCLES_PER_MS);
}

static void search_uninitialised(struct run *run)
{
    struct uninitialised result;
    struct failure failure;

    if (!checker_rule_is_on(run->checker, RULE_BUF005) || !run->log.used)
        return; /* not asked for, or not a byte was sent */
    if (!wants_search(run)) {
        text_printf(&run->note, "not checked: uninitialised bytes, BUF005 (--uninitialised=on)\n");
        return;
    }
    if (uninitialised_search(&run->plan, &run->log, run->checker, &result, &failure) != STATUS_OK) {
        text_printf(&run->note, "not checked: uninitialised bytes, BUF005: %s\n", failure.message);
        return;
    }
    if (result.diverged)
        note_divergence(run, &result);
}

/* ---- Who stored last ------------------------------------------------------------------------- */

/* What cannot be told stays as it is: the instruction alone. */
static void search_last_stores(struct run *run)
{
    struct failure failure;

    if (machine_now(run->machine) < SHORT_RUN_S * CYCLES_PER_SECOND)
        (void)!last_store_search(&run->plan, run->checker, &failure);
}

/* ---- Witnesses ------------------------------------------------------------------------------- */

static bool is_race(const struct finding *finding)
{
    return finding->rule == RULE_DMA001 || finding->rule == RULE_DMA002 ||
           finding->rule == RULE_DMA003;
}

static bool has_races(const struct run *run)
{
    for (unsigned i = 0; i < checker_finding_count(run->checker); i++) {
        if (is_race(checker_finding(run->checker, i)))
            return true;
    }
    return false;
}

static void add_witness(struct run *run, const struct finding *finding)
{
    static const char *const timings[EXTREMES] = {"eager", "lazy"};
    struct report_witness *told = &run->witnesses[run->report.witness_count];
    struct witness witness;

    if (!extremes_witness(&run->extremes, &run->log, finding, &witness))
        return;
    told->finding = finding;
    for (unsigned i = 0; i < EXTREMES; i++) {
        const struct wire_packet *packet = witness.packet[i];

        told->packet[i] = (struct report_packet){
            .timing = timings[i],
            .replay = run->replays[i].length ? text_string(&run->replays[i]) : NULL,
            .channel = packet->channel == WIRE_USB
                           ? NULL
                           : trace_channel(machine_trace(run->machine), packet->channel),
            .endpoint = packet->endpoint,
            .size = packet->size,
            .bytes = wire_log_payload(&run->extremes.log[i], packet)};
    }
    run->report.witness_count++;
}

/* The extremes take two more runs: only for races. */
static void search_witnesses(struct run *run)
{
    unsigned count = checker_finding_count(run->checker);
    struct failure failure;

    if (!has_races(run) || extremes_run(&run->extremes, &run->plan, &failure) != STATUS_OK)
        return;
    for (unsigned i = 0; i < EXTREMES; i++)
        run_write_replay(run, &run->replays[i], &run->extremes.plan[i]);
    run->witnesses = heap_allocate(count, sizeof *run->witnesses);
    run->report.witnesses = run->witnesses;
    for (unsigned i = 0; i < count; i++) {
        if (is_race(checker_finding(run->checker, i)))
            add_witness(run, checker_finding(run->checker, i));
    }
}

/* ---- What the image does not tell ------------------------------------------------------------ */

static void note_missing_symbols(struct run *run)
{
    const struct image *image = machine_image(run->machine);

    if (!image || !image_has_symbols(image))
        text_printf(&run->note,
                    "not checked: where buffers end (BUF002), freed heap blocks (BUF004) "
                    "and stacks of\n             threads (BUF003): the image has no "
                    "symbols\n");
}

void run_explore(struct run *run)
{
    note_missing_symbols(run);
    search_uninitialised(run);
    search_last_stores(run);
    search_witnesses(run);
}

void run_explore_free(struct run *run)
{
    extremes_free(&run->extremes);
    for (unsigned i = 0; i < EXTREMES; i++)
        text_free(&run->replays[i]);
    heap_release(run->witnesses);
    text_free(&run->note);
}
