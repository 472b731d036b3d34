/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/machine/campaign.h"

#include "sim/explore/checked.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define ENUMERATION (2 * CYCLES_PER_SECOND)
#define CONVERSATION (20 * CYCLES_PER_SECOND)

static bool about_to_begin(void *owner, struct machine *machine)
{
    (void)owner;
    return host_awaits_program(machine_host(machine));
}

static const char *stop_word(enum machine_stop stop)
{
    switch (stop) {
    case MACHINE_STOP_FAULT:
        return "HardFault or lock-up";
    case MACHINE_STOP_EXIT:
        return "the firmware ended itself";
    case MACHINE_STOP_ASLEEP:
        return "asleep for good";
    case MACHINE_STOP_OFF:
        return "System OFF";
    case MACHINE_STOP_TIME:
        return "no end within 20 s";
    case MACHINE_STOP_CONDITION:
    case MACHINE_STOP_HOST_DONE:
    case MACHINE_STOP_HOST_FAILED:
        break;
    }
    return "";
}

static unsigned errors_of(const struct checker *checker)
{
    unsigned errors = 0;

    for (unsigned i = 0; i < checker_finding_count(checker); i++)
        errors += checker_finding(checker, i)->severity == SEVERITY_ERROR;
    return errors;
}

/* What was wrong with the conversation that has just ended; false: nothing. */
static bool complain(char *words, size_t room, struct machine *machine,
                     const struct checker *checker, enum machine_stop stop)
{
    if (stop == MACHINE_STOP_HOST_FAILED)
        (void)snprintf(words, room, "%s", host_reason(machine_host(machine)));
    else if (stop != MACHINE_STOP_HOST_DONE)
        (void)snprintf(words, room, "%s", stop_word(stop));
    else if (errors_of(checker))
        (void)snprintf(words, room, "%s",
                       rule_describe((enum rule_id)checker_finding(checker, 0)->rule)->title);
    else
        return false;
    return true;
}

/* What else than the seed repeats the conversation. */
static const char *dma_option(enum choice_policy dma)
{
    return dma == CHOICE_EAGER ? " --dma=eager" : dma == CHOICE_LAZY ? " --dma=lazy" : "";
}

static void note_failure(struct campaign_result *result, uint64_t seed, enum choice_policy dma,
                         const char *words)
{
    if (!result->failures++)
        (void)snprintf(result->example, sizeof result->example,
                       "--host=hostile --seed=%" PRIu64 "%s: %s", seed, dma_option(dma), words);
}

static void converse(struct machine *machine, const struct checker *checker, uint64_t seed,
                     enum choice_policy dma, struct campaign_result *result)
{
    sim_time begin = machine_now(machine);
    enum machine_stop stop;
    char words[400];

    host_reseed(machine_host(machine), seed);
    stop = machine_run(machine, CONVERSATION);
    result->conversations++;
    result->time += machine_now(machine) - begin;
    result->last = machine_now(machine);
    result->bytes += checker_counted(checker)->bytes;
    if (complain(words, sizeof words, machine, checker, stop))
        note_failure(result, seed, dma, words);
}

bool campaign_run(const char *image, enum choice_policy dma, uint64_t first, uint64_t last,
                  uint64_t step, struct campaign_result *result)
{
    const struct machine_options options = {
        .dma = dma, .host = HOST_LINUX, .talk = TALK_HOSTILE, .seed = first};
    struct machine *machine = NULL;
    struct checker *checker = NULL;
    struct snapshot *snapshot = NULL;
    struct failure failure = {.message = "it does not enumerate"};
    bool good;

    *result = (struct campaign_result){0};
    good = machine_create(&machine, &options, &failure) == STATUS_OK &&
           machine_load(machine, image, &failure) == STATUS_OK;
    if (good) {
        checker = checked_attach(machine, NULL);
        machine_power_on(machine);
        good =
            machine_run_until(machine, ENUMERATION, about_to_begin, NULL) == MACHINE_STOP_CONDITION;
    }
    if (!good)
        (void)snprintf(result->example, sizeof result->example, "%s", failure.message);
    if (good)
        snapshot = machine_save(machine);
    for (uint64_t seed = first; good && seed < last; seed += step) {
        machine_restore(machine, snapshot);
        converse(machine, checker, seed, dma, result);
    }
    snapshot_free(snapshot);
    checker_destroy(checker);
    machine_destroy(machine);
    return good;
}
