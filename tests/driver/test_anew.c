/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An endpoint that is emptied, halted, opened again or closed by a bus reset has nothing left of
 * the time before (driver/endpoint.h): no packet, no news of one, no halt, no toggle.
 */
#include "driver/status.h"
#include "tests/cmocka.h"
#include "tests/driver/bench.h"

/* tests/driver/firmware/endpoint-anew.c */
enum {
    EMPTY = 1,
    REOPEN,
    REOPEN_OUT,
    HALT_PAUSED,
    FILL,
    OPEN_MORE,
    TRY_MORE,
    REOPEN_BUSY,
    HALT_MASKED,
    CLEAR_HALT,
    EMPTY_PAUSED,
    STATUS,
    EMPTY_OUT
};
enum { ECHO = 1, SENDER = 2, OUT_1 = 0x01, IN_2 = 0x82, ISO_IN = 0x88 };

/* The job has begun when JOB_BEGINS is over, and goes on for much longer than SOON. */
enum { JOB_BEGINS = 2000, SOON = 8000 };

static const sim_time PATIENCE = CYCLES_PER_SECOND / 4;

static void open_paced(struct bench *bench, const char *build, struct silicon silicon,
                       enum choice_policy dma)
{
    const struct machine_options options = {
        .host = HOST_LINUX, .dma = dma, .ram_pattern = 0xa5, .silicon = silicon};

    bench_open_with(bench, build, "endpoint-anew", &options);
    bench_expect(bench, machine_run(bench->machine, CYCLES_PER_SECOND) == MACHINE_STOP_HOST_DONE,
                 "it is configured");
}

static void open_configured(struct bench *bench, const char *build, struct silicon silicon)
{
    open_paced(bench, build, silicon, CHOICE_REALISTIC);
}

static struct silicon ideal_but(enum undocumented question, uint8_t answer)
{
    struct silicon silicon = silicon_of(SILICON_IDEAL);

    silicon.answer[question] = answer;
    return silicon;
}

static void request(struct bench *bench, uint8_t type, uint8_t request, uint8_t value,
                    uint8_t index)
{
    const uint8_t setup[8] = {type, request, value, 0, index, 0, 0, 0};

    bench_expect(bench,
                 machine_control(bench->machine, setup, NULL, NULL, PATIENCE) == CONTROL_DONE,
                 "a request is accepted");
}

static void vendor(struct bench *bench, uint8_t which)
{
    request(bench, 0x40, which, 0, 0);
}

static void set_configuration(struct bench *bench)
{
    request(bench, 0, 9, 1, 0);
}

static void halt(struct bench *bench, uint8_t address)
{
    request(bench, 2, 3, 0, address);
}

static void clear_halt(struct bench *bench, uint8_t address)
{
    request(bench, 2, 1, 0, address);
}

static bool is_halted(struct bench *bench, uint8_t address)
{
    const uint8_t setup[8] = {0x82, 0, 0, 0, address, 0, 2, 0};
    uint8_t told[2] = {0xff, 0xff};

    bench_expect(bench,
                 machine_control(bench->machine, setup, told, NULL, PATIENCE) == CONTROL_DONE,
                 "the status is told");
    bench_expect(bench, told[0] <= 1 && told[1] == 0, "and is halted or not");
    return told[0];
}

static void write_letter(struct bench *bench, uint8_t letter)
{
    bench_expect(bench,
                 machine_pipe_write(bench->machine, ECHO, &letter, 1, PATIENCE) == CONTROL_DONE,
                 "a packet is taken");
}

/* The next packet's letter; 0 when none comes. */
static uint8_t read_letter(struct bench *bench, uint8_t endpoint, sim_time patience)
{
    uint8_t letter = 0;
    size_t size = 1;

    if (machine_pipe_read(bench->machine, endpoint, &letter, &size, patience) == CONTROL_DONE)
        return letter;
    host_abandon(machine_host(bench->machine));
    return 0;
}

static void expect_letters(struct bench *bench, uint8_t endpoint, const char *letters)
{
    for (; *letters; letters++)
        bench_expect(bench, read_letter(bench, endpoint, PATIENCE) == (uint8_t)*letters,
                     "the right packet comes");
    bench_expect(bench, read_letter(bench, endpoint, 2 * CYCLES_PER_MS) == 0, "and no other");
}

static void begin_job(struct bench *bench, uint8_t job)
{
    vendor(bench, job);
    (void)!machine_run(bench->machine, JOB_BEGINS);
}

/* ---- News that nobody has read -----------------------------------------------------------------
 */

/* Engineering A loses every second EPDATA: so one more or less before makes both kinds. */
enum { IDEAL, ENG_A, ENG_A_OTHER_HALF, CHIPS };

static void open_chip(struct bench *bench, const char *build, unsigned chip)
{
    open_configured(bench, build, silicon_of(chip == IDEAL ? SILICON_IDEAL : SILICON_ENG_A));
    if (chip != ENG_A_OTHER_HALF)
        return;
    vendor(bench, FILL);
    expect_letters(bench, SENDER, "o");
    set_configuration(bench);
}

static void check_taken_before(uint8_t job, const char *build, unsigned chip)
{
    struct bench bench;

    open_chip(&bench, build, chip);
    vendor(&bench, FILL);
    vendor(&bench, FILL);
    bench_expect(&bench, read_letter(&bench, SENDER, PATIENCE) == 'o', "the first is fetched");
    (void)!machine_run(bench.machine, 2 * CYCLES_PER_MS);
    begin_job(&bench, job);
    bench_expect(&bench, read_letter(&bench, SENDER, SOON) == 'o', "so is the second");
    expect_letters(&bench, SENDER, "12");
    bench_expect_clean(&bench);
    bench_close(&bench);
}

/* Or the '1' would be taken for fetched, and the '2' sent on top of it. */
static void that_the_host_fetched_a_packet_is_forgotten_when_its_endpoint_is_emptied(void **state)
{
    (void)state;
    for (unsigned chip = 0; chip < CHIPS; chip++)
        check_taken_before(EMPTY, FIRMWARE_DEFAULT, chip);
}

static void that_the_host_fetched_a_packet_is_forgotten_when_its_endpoint_opens_anew(void **state)
{
    (void)state;
    for (unsigned chip = 0; chip < CHIPS; chip++)
        check_taken_before(REOPEN, FIRMWARE_DEFAULT, chip);
}

static void a_packet_that_nobody_heard_of_is_forgotten_when_its_endpoint_opens_anew(void **state)
{
    struct bench bench;

    (void)state;
    for (unsigned chip = 0; chip < CHIPS; chip++) {
        open_chip(&bench, FIRMWARE_DEFAULT, chip);
        write_letter(&bench, 'a');
        expect_letters(&bench, ECHO, "a");
        begin_job(&bench, REOPEN_OUT);
        write_letter(&bench, 'b');
        expect_letters(&bench, ECHO, "");
        write_letter(&bench, 'c');
        expect_letters(&bench, ECHO, "c");
        bench_expect_clean(&bench);
        bench_close(&bench);
    }
}

/* What is given up is the packet of the OUT endpoint, not that of the IN endpoint of this number.
 */
static void a_packet_to_the_host_survives_when_the_out_endpoint_opens_anew(void **state)
{
    static const uint8_t jobs[] = {REOPEN_OUT, REOPEN_BUSY};
    struct bench bench;

    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        open_paced(&bench, FIRMWARE_DEFAULT, silicon_of(SILICON_IDEAL), CHOICE_LAZY);
        write_letter(&bench, 'a');
        (void)!machine_run(bench.machine, 2 * CYCLES_PER_MS);
        begin_job(&bench, jobs[i]);
        write_letter(&bench, 'b');
        (void)!machine_run(bench.machine, CYCLES_PER_MS);
        expect_letters(&bench, ECHO, "a");
        bench_expect_clean(&bench);
        bench_close(&bench);
    }
}

static void a_packet_that_waits_for_easydma_is_dropped_only_when_it_has_been_fetched(void **state)
{
    uint8_t told = USBD_STATUS_COUNT;
    struct bench bench;

    (void)state;
    open_configured(&bench, FIRMWARE_DEFAULT, silicon_of(SILICON_IDEAL));
    begin_job(&bench, EMPTY_PAUSED);
    write_letter(&bench, 'b');
    (void)!machine_run(bench.machine, CYCLES_PER_MS);
    bench_expect(&bench, bench_read(&bench, STATUS, 0, 1, &told, NULL) == CONTROL_DONE,
                 "the status is told");
    bench_expect(&bench, told == USBD_NOT_DONE, "it has not been fetched");
    write_letter(&bench, 'c');
    expect_letters(&bench, ECHO, "c");
    bench_expect_clean(&bench);
    bench_close(&bench);
}

static void an_endpoint_that_is_empty_already_loses_nothing_when_it_is_emptied(void **state)
{
    struct bench bench;

    (void)state;
    open_configured(&bench, FIRMWARE_DEFAULT, silicon_of(SILICON_IDEAL));
    vendor(&bench, EMPTY_OUT);
    write_letter(&bench, 'a');
    expect_letters(&bench, ECHO, "a");
    bench_expect_clean(&bench);
    bench_close(&bench);
}

/* ---- Halts -------------------------------------------------------------------------------------
 */

static void an_endpoint_that_opens_anew_is_not_halted(void **state)
{
    struct bench bench;

    (void)state;
    open_configured(&bench, FIRMWARE_DEFAULT, silicon_of(SILICON_IDEAL));
    halt(&bench, OUT_1);
    halt(&bench, IN_2);
    bench_expect(&bench, is_halted(&bench, OUT_1) && is_halted(&bench, IN_2), "they are halted");
    set_configuration(&bench);
    bench_expect(&bench, !is_halted(&bench, OUT_1) && !is_halted(&bench, IN_2), "no longer");
    bench_expect_clean(&bench);
    bench_close(&bench);
}

static void an_isochronous_endpoint_is_never_halted(void **state)
{
    struct bench bench;

    (void)state;
    open_configured(&bench, FIRMWARE_DEFAULT, silicon_of(SILICON_IDEAL));
    bench_expect(&bench, !is_halted(&bench, ISO_IN), "it is not halted");
    bench_expect_clean(&bench);
    bench_close(&bench);
}

/* Whether a halt ends that, is not known. */
static void an_out_endpoint_accepts_a_packet_behind_a_halt(void **state)
{
    struct bench bench;

    (void)state;
    for (uint8_t answer = 0; answer < 2; answer++) {
        open_configured(&bench, FIRMWARE_DEFAULT, ideal_but(UNDOCUMENTED_HALT_ACCEPTS, answer));
        halt(&bench, OUT_1);
        clear_halt(&bench, OUT_1);
        write_letter(&bench, 'a');
        expect_letters(&bench, ECHO, "a");
        bench_expect_clean(&bench);
        bench_close(&bench);
    }
}

static void count(void *owner, const struct observation *seen)
{
    unsigned *starts = owner;

    (void)seen;
    ++*starts;
}

static void a_packet_that_waits_for_easydma_survives_a_halt(void **state)
{
    unsigned starts = 0;
    struct bench bench;

    (void)state;
    open_configured(&bench, FIRMWARE_DEFAULT, silicon_of(SILICON_IDEAL));
    write_letter(&bench, 'a');
    expect_letters(&bench, ECHO, "a");
    begin_job(&bench, HALT_PAUSED);
    trace_subscribe(machine_trace(bench.machine), TRACE_KIND(DMA_OPEN), count, &starts);
    write_letter(&bench, 'b');
    (void)!machine_run(bench.machine, SOON);
    bench_expect(&bench, starts == 0, "EasyDMA pauses");
    expect_letters(&bench, ECHO, "b");
    write_letter(&bench, 'c');
    expect_letters(&bench, ECHO, "c");
    bench_expect_clean(&bench);
    bench_close(&bench);
}

static void a_packet_that_nobody_heard_of_survives_a_halt(void **state)
{
    struct bench bench;

    (void)state;
    open_configured(&bench, FIRMWARE_DEFAULT, silicon_of(SILICON_IDEAL));
    write_letter(&bench, 'a');
    expect_letters(&bench, ECHO, "a");
    begin_job(&bench, HALT_MASKED);
    write_letter(&bench, 'b');
    expect_letters(&bench, ECHO, "b");
    bench_expect_clean(&bench);
    bench_close(&bench);
}

static void a_packet_on_the_wire_survives_the_end_of_no_halt(void **state)
{
    enum { FROM = 4000, TO = 20000, STEP = 1000 };
    uint8_t packet[64] = {'a'};
    struct bench bench;

    (void)state;
    open_configured(&bench, FIRMWARE_DEFAULT, silicon_of(SILICON_IDEAL));
    begin_job(&bench, CLEAR_HALT);
    struct snapshot *before = machine_save(bench.machine);
    for (sim_time when = FROM; when < TO; when += STEP) {
        size_t size = sizeof packet;

        machine_restore(bench.machine, before);
        (void)!machine_run(bench.machine, when);
        bench_expect(
            &bench, machine_pipe_write(bench.machine, ECHO, packet, size, PATIENCE) == CONTROL_DONE,
            "a packet is taken");
        bench_expect(
            &bench, machine_pipe_read(bench.machine, ECHO, packet, &size, PATIENCE) == CONTROL_DONE,
            "it comes back");
        bench_expect_clean(&bench);
    }
    snapshot_free(before);
    bench_close(&bench);
}

/* ---- Toggles -----------------------------------------------------------------------------------
 */

/* The endpoint named in the write that says DATA0, or the one selected by the write before. */
static void the_toggle_begins_anew_whichever_endpoint_the_register_is_for(void **state)
{
    struct bench bench;

    (void)state;
    for (uint8_t answer = 0; answer < 2; answer++) {
        open_configured(&bench, FIRMWARE_DEFAULT, ideal_but(UNDOCUMENTED_TOGGLE_SELECT, answer));
        write_letter(&bench, 'a');
        expect_letters(&bench, ECHO, "a");
        clear_halt(&bench, OUT_1);
        write_letter(&bench, 'b');
        expect_letters(&bench, ECHO, "b");
        vendor(&bench, FILL);
        expect_letters(&bench, SENDER, "o");
        set_configuration(&bench);
        write_letter(&bench, 'c');
        expect_letters(&bench, ECHO, "c");
        vendor(&bench, FILL);
        expect_letters(&bench, SENDER, "o");
        bench_expect_clean(&bench);
        bench_close(&bench);
    }
}

/* ---- Bus reset ---------------------------------------------------------------------------------
 */

static void a_bus_reset_closes_all_endpoints(void **state)
{
    uint8_t told[2] = {USBD_STATUS_COUNT, USBD_STATUS_COUNT};
    struct bench bench;

    (void)state;
    open_configured(&bench, FIRMWARE_DEFAULT, silicon_of(SILICON_IDEAL));
    vendor(&bench, OPEN_MORE);
    bench_reset(&bench);
    bench_expect(&bench, bench_read(&bench, TRY_MORE, 0, 2, told, NULL) == CONTROL_DONE,
                 "the request is answered");
    bench_expect(&bench, told[0] == USBD_CLOSED && told[1] == USBD_CLOSED,
                 "those are closed too of which no descriptor knows");
    bench_expect_clean(&bench);
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(that_the_host_fetched_a_packet_is_forgotten_when_its_endpoint_is_emptied),
        cmocka_unit_test(that_the_host_fetched_a_packet_is_forgotten_when_its_endpoint_opens_anew),
        cmocka_unit_test(a_packet_that_nobody_heard_of_is_forgotten_when_its_endpoint_opens_anew),
        cmocka_unit_test(a_packet_to_the_host_survives_when_the_out_endpoint_opens_anew),
        cmocka_unit_test(a_packet_that_waits_for_easydma_is_dropped_only_when_it_has_been_fetched),
        cmocka_unit_test(an_endpoint_that_is_empty_already_loses_nothing_when_it_is_emptied),
        cmocka_unit_test(an_endpoint_that_opens_anew_is_not_halted),
        cmocka_unit_test(an_isochronous_endpoint_is_never_halted),
        cmocka_unit_test(an_out_endpoint_accepts_a_packet_behind_a_halt),
        cmocka_unit_test(a_packet_that_waits_for_easydma_survives_a_halt),
        cmocka_unit_test(a_packet_that_nobody_heard_of_survives_a_halt),
        cmocka_unit_test(a_packet_on_the_wire_survives_the_end_of_no_halt),
        cmocka_unit_test(the_toggle_begins_anew_whichever_endpoint_the_register_is_for),
        cmocka_unit_test(a_bus_reset_closes_all_endpoints),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
