/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/explore/last_store.h"

#include "sim/base/heap.h"

#include <string.h>

/* A finding, and the last of the stores it is about so far. */
struct asked {
    unsigned finding;
    uint32_t transfer;
    guest_addr pc;
    struct byte_range bytes;
    bool seen;
    struct site site;
};

struct asking {
    struct machine *machine;
    struct asked *asked;
    unsigned count;
    unsigned open; /* those whose transfer has not been started yet */
};

static void on_store(struct asking *asking, const struct obs_access *access)
{
    for (unsigned i = 0; i < asking->count; i++) {
        struct asked *asked = &asking->asked[i];

        if (asked->transfer && asked->pc == access->pc && asked->bytes.start == access->address) {
            asked->seen = true;
            trace_site(machine_trace(asking->machine), &asked->site);
        }
    }
}

static void on_start(struct asking *asking, uint32_t transfer)
{
    for (unsigned i = 0; i < asking->count; i++) {
        if (asking->asked[i].transfer != transfer)
            continue;
        asking->asked[i].transfer = 0; /* what is stored from now on is another story */
        asking->open--;
    }
    if (!asking->open)
        machine_request_stop(asking->machine);
}

static void see(void *owner, const struct observation *seen)
{
    struct asking *asking = owner;

    if (seen->kind == OBS_CPU_STORE)
        on_store(asking, &seen->access);
    else
        on_start(asking, seen->dma_open.transfer);
}

static unsigned collect(struct asked *asked, const struct checker *checker)
{
    unsigned count = 0;

    for (unsigned i = 0; i < checker_finding_count(checker); i++) {
        const struct finding *finding = checker_finding(checker, i);

        if (finding->kind != FINDING_RELEASE)
            continue;
        asked[count++] = (struct asked){.finding = i,
                                        .transfer = finding->transfer.number,
                                        .pc = finding->first.pc,
                                        .bytes = {finding->first.address, finding->first.size}};
    }
    return count;
}

static enum status run_again(const struct plan *plan, struct asking *asking,
                             struct failure *failure)
{
    enum status status = plan_build(plan, &asking->machine, failure);
    struct trace *trace;

    if (status != STATUS_OK)
        return status;
    trace = machine_trace(asking->machine);
    trace_subscribe(trace, TRACE_KIND(CPU_STORE) | TRACE_KIND(DMA_OPEN), see, asking);
    machine_power_on(asking->machine);
    for (unsigned i = 0; i < asking->count; i++)
        trace_watch(trace, asking->asked[i].bytes, WATCH_STORES);
    (void)machine_run(asking->machine, plan->timeout);
    machine_destroy(asking->machine);
    return STATUS_OK;
}

enum status last_store_search(const struct plan *plan, struct checker *checker,
                              struct failure *failure)
{
    struct asked *asked = heap_allocate(checker_finding_count(checker) + 1, sizeof *asked);
    struct asking asking = {.asked = asked, .count = collect(asked, checker)};
    enum status status = STATUS_OK;

    asking.open = asking.count;
    if (asking.count)
        status = run_again(plan, &asking, failure);
    for (unsigned i = 0; i < asking.count && status == STATUS_OK; i++) {
        if (asked[i].seen)
            checker_tell_store(checker, asked[i].finding, &asked[i].site);
    }
    heap_release(asked);
    return status;
}
