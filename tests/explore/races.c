/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/explore/races.h"

#include "sim/base/heap.h"
#include "sim/check/rule.h"
#include "sim/explore/campaign.h"
#include "sim/explore/checked.h"
#include "sim/explore/shrink.h"
#include "sim/explore/strategy.h"
#include "sim/explore/token.h"
#include "tests/explore/programs.h"

#include <stdio.h>
#include <string.h>

enum { RACE_NAME_MAX = 64, RACES_MAX = 64, FAILS_MAX = 80 };

struct race {
    char name[RACE_NAME_MAX];
    char twin[RACE_NAME_MAX];
    char host[RACE_NAME_MAX + 32]; /* the script beside it; "": the default host */
    char fails[FAILS_MAX];         /* what the source says that is found */
    const char *build;
};

static struct campaign *explore(struct program *program, const struct race *race, const char *name,
                                enum campaign_verdict *verdict)
{
    static const struct campaign_options options = {
        .strategy = &strategy_exhaustive,
        .workers = 1,
        .first_only = true,
        .walker.bounds = {.interrupt_delay = 16, .rounds = 2}};
    struct campaign *campaign;
    struct failure failure;

    program_open_build(program, race->build, name);
    program->plan.timeout = CYCLES_PER_SECOND; /* all is over after a third of it */
    if (race->host[0]) {
        program->plan.machine.host = HOST_SCRIPT;
        program->plan.machine.host_script = race->host;
    }
    if (campaign_create(&campaign, &program->plan, &options, &failure) != STATUS_OK)
        fail_msg("%s", failure.message);
    assert_int_equal(campaign_reference(campaign)->end, WALK_CLEAN);
    assert_int_equal(checker_finding_count(walker_checker(campaign_walker(campaign))), 0);
    *verdict = campaign_run(campaign);
    return campaign;
}

/* The token alone gives the failing run again: the same end at the same time, twice. */
static void is_repeated_by_its_token(struct program *program, struct campaign *campaign,
                                     const struct choice_answer *answers, uint32_t count)
{
    static char token[TOKEN_ROOM];
    sim_time end[2];

    assert_in_range(count, 1, TIMING_MAX);
    program->plan.timing.count = count;
    memcpy(program->plan.timing.answer, answers, count * sizeof *answers);
    assert_true(token_write(token, &program->plan, campaign_fingerprint(campaign)));
    for (unsigned i = 0; i < 2; i++) {
        struct plan again = {.image_count = 1, .images = program->images};
        struct machine *machine;
        struct checker *checker;
        struct failure failure;
        uint32_t check;
        bool failed;

        assert_int_equal(token_read(&again, &check, token, &failure), STATUS_OK);
        again.machine.host_script = program->plan.machine.host_script;
        machine = program_build(&again);
        checker = checked_attach(machine, NULL);
        failed = plan_run(&again, machine) != MACHINE_STOP_HOST_DONE;
        failed |= checker_finding_count(checker) != 0;
        end[i] = machine_now(machine);
        checker_destroy(checker);
        machine_destroy(machine);
        assert_true(failed);
    }
    assert_int_equal(end[0], end[1]);
}

/* "PER001, PER003" or "conversation": the host gets no further, or is answered otherwise. */
static bool is_what_fails(const struct race *race, const struct campaign_class *class)
{
    if (class->end == WALK_FINDING)
        return strstr(race->fails, rule_describe((enum rule_id) class->rule)->name) != NULL;
    return strstr(race->fails, "conversation") &&
           (class->end == WALK_TIMEOUT || class->end == WALK_ANSWER ||
            class->end == WALK_HOST_FAILED || class->end == WALK_HANG);
}

static void the_race_is_found(const struct race *race)
{
    const struct campaign_class *class;
    enum campaign_verdict verdict;
    struct program program;
    struct campaign *campaign = explore(&program, race, race->name, &verdict);
    struct choice_answer *answers;
    uint32_t count;

    if (verdict != CAMPAIGN_FOUND)
        fail_msg("%s in %s: not found", race->name, race->build);
    class = campaign_failure(campaign);
    assert_non_null(class);
    if (!is_what_fails(race, class))
        fail_msg("%s in %s: %s was found, not %s", race->name, race->build,
                 walk_end_name((enum walk_end) class->end), race->fails);
    answers = heap_allocate(class->answers + 1, sizeof *answers);
    count = campaign_shrink(campaign, class, answers, SHRINK_USUAL, NULL);
    assert_true(count <= class->answers);
    is_repeated_by_its_token(&program, campaign, answers, count);
    heap_release(answers);
    campaign_destroy(campaign);
}

static void its_twin_is_clean_to_the_bound(const struct race *race)
{
    enum campaign_verdict verdict;
    struct program program;
    struct campaign *campaign = explore(&program, race, race->twin, &verdict);

    if (verdict != CAMPAIGN_COMPLETE)
        fail_msg("%s in %s: not clean", race->twin, race->build);
    assert_null(campaign_failure(campaign));
    campaign_destroy(campaign);
}

static void is_found_and_its_twin_is_clean(void **state)
{
    const struct race *race = *state;

    the_race_is_found(race);
    its_twin_is_clean_to_the_bound(race);
}

/* ---- Which there are ------------------------------------------------------------------------- */

/* The words behind "// fails: " in the source. */
static void read_source(struct race *race)
{
    static const char mark[] = "// fails: ";
    char path[RACE_NAME_MAX + 32];
    char line[256];
    const char *at;
    FILE *source;

    (void)snprintf(path, sizeof path, "firmware/races/%.63s.c", race->name);
    source = fopen(path, "r");
    while (source && fgets(line, sizeof line, source)) {
        if ((at = strstr(line, mark)))
            (void)snprintf(race->fails, sizeof race->fails, "%s", at + strlen(mark));
    }
    if (source)
        (void)fclose(source);
    race->fails[strcspn(race->fails, "\n")] = '\0';
}

static void look_for_host(struct race *race)
{
    char path[sizeof race->host];
    FILE *script;

    (void)snprintf(path, sizeof path, "firmware/races/%.63s.usb", race->name);
    script = fopen(path, "r");
    if (!script)
        return;
    (void)fclose(script);
    memcpy(race->host, path, sizeof path);
}

int races_test(const char *build)
{
    static struct race race[RACES_MAX];
    static struct CMUnitTest tests[RACES_MAX];
    char names[] = RACE_NAMES;
    unsigned count = 0;

    for (char *name = strtok(names, " "); name && count < RACES_MAX; name = strtok(NULL, " ")) {
        struct race *next = &race[count];

        (void)snprintf(next->name, sizeof next->name, "%s", name);
        (void)snprintf(next->twin, sizeof next->twin, "%s-repaired", name);
        next->build = build;
        read_source(next);
        look_for_host(next);
        tests[count++] = (struct CMUnitTest){
            .name = next->name, .test_func = is_found_and_its_twin_is_clean, .initial_state = next};
    }
    return _cmocka_run_group_tests("races", tests, count, NULL, NULL);
}
