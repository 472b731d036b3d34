/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What thread and interrupt share is used with interrupts masked only (driver/engine.c, epin.c,
 * epout.c, iso.c). A race needs the interrupt at the one wrong instruction; that the instructions
 * are masked can be seen in any run.
 */
#include "tests/cmocka.h"
#include "tests/driver/bench.h"

#include <stdio.h>
#include <string.h>

/* A variable of the driver: elements that begin with the bytes of a packet, which belong to whoever
 * has claimed it, and need no masking. */
struct shared {
    const char *symbol;
    unsigned elements;
    uint32_t packet;  /* bytes at the start of each element */
    bool loads_count; /* also who only looks has to mask: what it asks about is in several words */
};

static const struct shared shared[] = {
    {"jobs", 1, 0, false},     {"waiting", 1, 0, true}, {"running", 1, 0, false},
    {"given_up", 1, 0, false}, {"pauses", 1, 0, false}, {"finished", 1, 0, false},
    {"current", 1, 0, false},  {"moved", 1, 0, false},  {"ins", 8, 64, true},
    {"outs", 8, 64, true},     {"in", 1, 512, true},    {"out", 1, 512, true},
};
enum { SHARED = sizeof shared / sizeof shared[0], USBD_EXCEPTION = 16 + 39 };

struct watcher {
    struct bench *bench;
    bool has_begun; /* the interrupt has come once: before that there is nobody to share with */
    struct byte_range place[SHARED];
    unsigned seen[SHARED];
    char offence[128];
};

static bool is_shared(const struct watcher *watcher, unsigned n, guest_addr address)
{
    uint32_t size = watcher->place[n].size / shared[n].elements;

    return range_contains(watcher->place[n], address) &&
           (address - watcher->place[n].start) % size >= shared[n].packet;
}

static void judge(struct watcher *watcher, const struct observation *seen, unsigned n)
{
    bool load = seen->kind == OBS_CPU_LOAD;

    if (load && !shared[n].loads_count)
        return;
    watcher->seen[n]++;
    if (!watcher->offence[0] && !(cpu_get(machine_cpu(watcher->bench->machine), CPU_PRIMASK) & 1))
        (void)snprintf(watcher->offence, sizeof watcher->offence,
                       "%s is %s at pc 0x%08x with interrupts enabled", shared[n].symbol,
                       load ? "read" : "changed", seen->access.pc);
}

static void see(void *owner, const struct observation *seen)
{
    struct watcher *watcher = owner;

    if (seen->kind == OBS_IRQ_ENTER)
        watcher->has_begun |= seen->exception.number == USBD_EXCEPTION;
    else if (watcher->has_begun && seen->access.actor == ACTOR_INSTRUCTION)
        for (unsigned n = 0; n < SHARED; n++)
            if (is_shared(watcher, n, seen->access.address))
                judge(watcher, seen, n);
}

static void watch(struct watcher *watcher, struct bench *bench)
{
    struct trace *trace = machine_trace(bench->machine);

    *watcher = (struct watcher){.bench = bench};
    trace_subscribe(trace, TRACE_KIND(CPU_STORE) | TRACE_KIND(CPU_LOAD) | TRACE_KIND(IRQ_ENTER),
                    see, watcher);
    for (unsigned n = 0; n < SHARED; n++) {
        struct symbol symbol;

        bench_expect(bench,
                     image_symbol_named(machine_image(bench->machine), shared[n].symbol, &symbol),
                     shared[n].symbol);
        watcher->place[n] = (struct byte_range){symbol.address, symbol.size};
        trace_watch(trace, watcher->place[n], WATCH_STORES | WATCH_LOADS);
    }
}

/* Returns, as bits, which of the variables the program has used. */
static uint32_t expect_masked(const char *program, const struct machine_options *options)
{
    struct watcher watcher;
    struct bench bench;
    uint32_t used = 0;

    bench_open_with(&bench, FIRMWARE_DEFAULT, program, options);
    watch(&watcher, &bench);
    bench_expect(&bench,
                 machine_run(bench.machine, 20 * CYCLES_PER_SECOND) == MACHINE_STOP_HOST_DONE,
                 "the host is content");
    bench_expect(&bench, !watcher.offence[0], watcher.offence);
    for (unsigned n = 0; n < SHARED; n++)
        used |= (uint32_t)(watcher.seen[n] != 0) << n;
    bench_close(&bench);
    return used;
}

static void what_thread_and_interrupt_share_is_used_with_interrupts_masked(void **state)
{
    static const struct {
        const char *program;
        enum host_talk talk;
    } talks[] = {{"cdc-echo", TALK_CDC},
                 {"loopback", TALK_LOOPBACK},
                 {"hid-keyboard", TALK_HID},
                 {"mass-storage", TALK_MSC}};
    uint32_t used = 0;

    (void)state;
    for (unsigned i = 0; i < sizeof talks / sizeof talks[0]; i++) {
        const struct machine_options options = {.talk = talks[i].talk, .ram_pattern = 0xa5};

        used |= expect_masked(talks[i].program, &options);
    }
    assert_int_equal(used, (1u << SHARED) - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_thread_and_interrupt_share_is_used_with_interrupts_masked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
