/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/throughput.h"

#include "sim/explore/checked.h"
#include "sim/explore/plan.h"
#include "sim/usb/request.h"
#include "tests/bench/measure.h"

#include <stdio.h>

enum { STREAM_BYTES = 128 * 1024, CONVERSATIONS = 40, ROUNDS = 3, TIMEOUT_S = 60 };

static const double packets_a_frame = 19; /* of 64 bytes (USB 2.0, table 5-9) */
static const double aim_share = 0.9;

static struct plan plan_of(char *path, char *images[1])
{
    images[0] = path;
    return (struct plan){
        .timeout = TIMEOUT_S * CYCLES_PER_SECOND, .image_count = 1, .images = images};
}

static struct machine *build(const struct plan *plan)
{
    struct machine *machine;
    struct failure failure;

    if (plan_build(plan, &machine, &failure) == STATUS_OK)
        return machine;
    printf("  WRONG: %s\n", failure.message);
    return NULL;
}

/* ---- A stream -------------------------------------------------------------------------------- */

/* Through the bulk endpoints that the descriptors show. */
static struct host_stream stream_of(const struct host *host)
{
    struct host_stream stream = {.size = STREAM_BYTES, .seed = 1};
    size_t size;
    const uint8_t *bytes = host_configuration_descriptor(host, &size);

    for (size_t at = 0; at + 4 <= size && bytes[at]; at += bytes[at]) {
        bool reads = bytes[at + 2] & 0x80;
        uint8_t endpoint = bytes[at + 2] & 15;

        if (bytes[at + 1] == USB_ENDPOINT && (bytes[at + 3] & 3) == 2)
            *(reads ? &stream.in : &stream.out) = host_pipe(host, endpoint, reads);
    }
    return stream;
}

static bool stream_ended(void *owner, struct machine *machine)
{
    (void)owner;
    return host_transfer(machine_host(machine)) != TRANSFER_BUSY;
}

struct flow {
    double share; /* of 19 packets a frame, both directions together */
    double bytes_a_second;
    double mips;
};

static bool flow_through(struct machine *machine, struct flow *flow)
{
    struct host *host = machine_host(machine);
    struct host_stream stream;
    struct host_stream_figures figures;
    uint64_t instructions;
    double begin;

    machine_power_on(machine);
    if (machine_run(machine, TIMEOUT_S * CYCLES_PER_SECOND) != MACHINE_STOP_HOST_DONE)
        return false;
    stream = stream_of(host);
    instructions = cpu_instructions(machine_cpu(machine));
    begin = cpu_clock();
    host_stream(host, &stream);
    if (machine_run_until(machine, TIMEOUT_S * CYCLES_PER_SECOND, stream_ended, NULL) !=
            MACHINE_STOP_CONDITION ||
        host_transfer(host) != TRANSFER_DONE)
        return false;
    figures = host_stream_figures(host);
    instructions = cpu_instructions(machine_cpu(machine)) - instructions;
    flow->mips = (double)instructions / (cpu_clock() - begin) / 1e6;
    flow->share = (double)(figures.packets_out + figures.packets_in) /
                  ((double)figures.duration / (double)CYCLES_PER_MS) / packets_a_frame;
    flow->bytes_a_second = figures.out / ((double)figures.duration / (double)CYCLES_PER_SECOND);
    return true;
}

static bool measure_stream(char *echo)
{
    char *images[1];
    struct plan plan = plan_of(echo, images);
    double mips[ROUNDS];
    struct flow flow = {0};

    for (unsigned turn = 0; turn < ROUNDS; turn++) {
        struct machine *machine = build(&plan);
        bool well = machine && flow_through(machine, &flow);

        machine_destroy(machine);
        if (!well) {
            printf("  WRONG: %s\n", echo);
            return false;
        }
        mips[turn] = flow.mips;
    }
    printf("  %-34s %7.1f packets a frame, limit %.0f: %.0f %%  aim >= %.0f %%  %s\n",
           "bulk, out and in at the same time", flow.share * packets_a_frame, packets_a_frame,
           flow.share * 100, aim_share * 100, flow.share >= aim_share ? "reached" : "MISSED");
    printf("  %-34s %7.0f kB/s each way, virtual\n", "", flow.bytes_a_second / 1e3);
    printf("  %-34s %7.1f MIPS\n", "instructions meanwhile", median(mips, ROUNDS));
    return true;
}

/* ---- Conversations --------------------------------------------------------------------------- */

/* Enumerations with all rules on, from power-on to SET_CONFIGURATION, in one process. */
static bool measure_conversations(char *workshop)
{
    char *images[1];
    struct plan plan = plan_of(workshop, images);
    struct machine *machine = build(&plan);
    struct checker *checker;
    bool well = true;
    double begin;

    if (!machine)
        return false;
    checker = checked_attach(machine, NULL);
    begin = cpu_clock();
    for (unsigned i = 0; i < CONVERSATIONS && well; i++) {
        machine_power_on(machine);
        checker_reset(checker);
        well = plan_proceed(&plan, machine) == MACHINE_STOP_HOST_DONE;
    }
    printf("  %-34s %7.0f a second\n", "conversations (usb-5, Linux)",
           CONVERSATIONS / (cpu_clock() - begin));
    checker_destroy(checker);
    machine_destroy(machine);
    return well;
}

bool measure_throughput(const char *echo, const char *workshop)
{
    char echo_path[512];
    char workshop_path[512];

    (void)snprintf(echo_path, sizeof echo_path, "%s", echo);
    (void)snprintf(workshop_path, sizeof workshop_path, "%s", workshop);
    printf("\nThroughput: %d KiB echoed, CPU time, median of %d\n", STREAM_BYTES / 1024, ROUNDS);
    return measure_stream(echo_path) && measure_conversations(workshop_path);
}
