/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/driver/bench.h"

#include "sim/mem/bus.h"
#include "sim/report/report.h"
#include "tests/cmocka.h"

#include <stdio.h>
#include <string.h>

bool bench_build(unsigned index, char name[BUILD_NAME_MAX])
{
    const char *at = FIRMWARE_BUILDS;

    for (; index > 0 && at; index--) {
        at = strchr(at, ' ');
        at = at ? at + 1 : NULL;
    }
    if (!at || *at == '\0')
        return false;
    size_t size = strcspn(at, " ");
    assert_true(size < BUILD_NAME_MAX);
    memcpy(name, at, size);
    name[size] = '\0';
    return true;
}

static void hear_console(struct bench *bench, const struct obs_console *said)
{
    size_t room = CONSOLE_MAX - 1 - bench->console_size;
    size_t size = said->size < room ? said->size : room;

    memcpy(bench->console + bench->console_size, said->bytes, size);
    bench->console_size += size;
    bench->console[bench->console_size] = '\0';
}

static void note(struct bench *bench, const char *what, guest_addr address, guest_addr pc)
{
    if (bench->complaint[0] == '\0')
        snprintf(bench->complaint, sizeof bench->complaint, "%s: 0x%08x at pc 0x%08x", what,
                 (unsigned)address, (unsigned)pc);
}

static void hear(void *owner, const struct observation *seen)
{
    struct bench *bench = owner;

    if (seen->kind == OBS_CONSOLE)
        hear_console(bench, &seen->console);
    else if (seen->kind == OBS_MISUSE)
        note(bench, misuse_sentence(seen->misuse.misuse), seen->misuse.address, seen->misuse.pc);
    else if (seen->kind == OBS_UNMODELLED)
        note(bench, "not modelled", seen->unmodelled.address, seen->unmodelled.pc);
}

void bench_open_with(struct bench *bench, const char *build, const char *program,
                     const struct machine_options *options)
{
    struct failure failure;
    char path[256];

    *bench = (struct bench){.build = build, .program = program};
    snprintf(path, sizeof path, "%s/%s/%s.elf", FIRMWARE_DIR, build, program);
    if (machine_create(&bench->machine, options, &failure) != STATUS_OK ||
        machine_load(bench->machine, path, &failure) != STATUS_OK)
        fail_msg("%s", failure.message);
    bench->checker =
        checker_create(machine_trace(bench->machine), machine_state(bench->machine), NULL);
    trace_subscribe(machine_trace(bench->machine),
                    TRACE_KIND(CONSOLE) | TRACE_KIND(MISUSE) | TRACE_KIND(UNMODELLED), hear, bench);
    machine_power_on(bench->machine);
    checker_reset(bench->checker);
}

void bench_open(struct bench *bench, const char *build, const char *program, enum host_profile host,
                enum choice_policy dma)
{
    const struct machine_options options = {.host = host, .dma = dma, .ram_pattern = 0xa5};

    bench_open_with(bench, build, program, &options);
}

static uint32_t slow_host(void *owner, struct chooser *chooser, const struct choice *choice)
{
    (void)owner;
    (void)chooser;
    return choice->point == CHOICE_HOST_TOKEN ? choice->highest : choice->typical;
}

void bench_slow_host(struct bench *bench)
{
    machine_chooser(bench->machine)->oracle = slow_host;
}

void bench_close(struct bench *bench)
{
    machine_destroy(bench->machine);
    checker_destroy(bench->checker);
}

static bool host_is_idle(void *owner, struct machine *machine)
{
    (void)owner;
    return host_outcome(machine_host(machine)) == HOST_IDLE;
}

void bench_reset(struct bench *bench)
{
    host_bus_reset(machine_host(bench->machine));
    bench_expect(bench,
                 machine_run_until(bench->machine, CYCLES_PER_SECOND, host_is_idle, NULL) ==
                     MACHINE_STOP_CONDITION,
                 "the device comes up and takes a bus reset");
}

void bench_open_reset(struct bench *bench, const char *build, const char *program,
                      enum choice_policy dma)
{
    bench_open(bench, build, program, HOST_MANUAL, dma);
    bench_reset(bench);
}

static void make_setup(uint8_t setup[8], uint8_t type, uint8_t request, uint16_t value,
                       uint16_t length)
{
    const uint8_t bytes[8] = {type, request, (uint8_t)value,  (uint8_t)(value >> 8),
                              0,    0,       (uint8_t)length, (uint8_t)(length >> 8)};

    memcpy(setup, bytes, sizeof bytes);
}

/* How long a request may take: many times what any of ours needs. */
static const sim_time PATIENCE = CYCLES_PER_SECOND / 4;

enum { VENDOR_IN = 0xc0, VENDOR_OUT = 0x40 };

enum control_result bench_read(struct bench *bench, uint8_t request, uint16_t value,
                               uint16_t length, uint8_t *data, size_t *size)
{
    uint8_t setup[8];

    make_setup(setup, VENDOR_IN, request, value, length);
    return machine_control(bench->machine, setup, data, size, PATIENCE);
}

enum control_result bench_write(struct bench *bench, uint8_t request, uint16_t length,
                                uint8_t *data)
{
    uint8_t setup[8];

    make_setup(setup, VENDOR_OUT, request, 0, length);
    return machine_control(bench->machine, setup, data, NULL, PATIENCE);
}

void bench_begin_read(struct bench *bench, uint8_t request, uint16_t value, uint16_t length)
{
    uint8_t setup[8];

    make_setup(setup, VENDOR_IN, request, value, length);
    host_control(machine_host(bench->machine), setup, NULL);
}

void bench_begin_write(struct bench *bench, uint8_t request, uint16_t length)
{
    uint8_t setup[8];
    uint8_t data[256];

    assert_true(length <= sizeof data);
    memset(data, 0xcc, sizeof data);
    make_setup(setup, VENDOR_OUT, request, 0, length);
    host_control(machine_host(bench->machine), setup, data);
}

uint32_t bench_register(const struct bench *bench, guest_addr address)
{
    uint32_t value = 0;

    assert_true(bus_peek(machine_bus(bench->machine), address, 4, &value));
    return value;
}

void bench_expect(const struct bench *bench, bool condition, const char *what)
{
    if (!condition)
        fail_msg("%s (%s) at %llu us: not so: %s; printed:\n%s", bench->program, bench->build,
                 (unsigned long long)(machine_now(bench->machine) / CYCLES_PER_US), what,
                 bench->console);
}

void bench_expect_no_finding(const struct bench *bench)
{
    if (checker_finding_count(bench->checker) > 0) {
        const struct report_options options = {.trace = machine_trace(bench->machine),
                                               .image = machine_image(bench->machine)};
        struct text text = {0};

        report_finding(&text, checker_finding(bench->checker, 0), &options);
        print_error("%s", text_string(&text));
        text_free(&text);
    }
    bench_expect(bench, checker_finding_count(bench->checker) == 0, "no finding");
}

void bench_expect_clean(const struct bench *bench)
{
    bench_expect_no_finding(bench);
    bench_expect(bench, bench->complaint[0] == '\0', bench->complaint);
}

void bench_expect_printed(const struct bench *bench, const char *text)
{
    bench_expect(bench, strstr(bench->console, text) != NULL, text);
}
