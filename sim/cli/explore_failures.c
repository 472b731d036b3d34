/* SPDX-License-Identifier: Apache-2.0 */
/* The failures of a search, made small, and all that was found in the runs that are told of. */
#include "sim/cli/explore.h"

#include "sim/base/file.h"
#include "sim/base/hash.h"
#include "sim/base/heap.h"
#include "sim/cli/cli.h"
#include "sim/cli/replay_command.h"
#include "sim/explore/crew.h"

#include <string.h>

/* ---- Suppressions ---------------------------------------------------------------------------- */

/* In any process: the use of a line is noted where all see it. */
static bool counts(void *owner, struct machine *machine, const struct finding *finding)
{
    const struct explore *explore = owner;
    struct report_options report = {.trace = machine_trace(machine),
                                    .image = machine_image(machine)};

    for (unsigned i = 0; i < suppressions_count(explore->suppressions); i++) {
        if (suppression_covers(suppression_at(explore->suppressions, i), finding, &report)) {
            __atomic_store_n(&explore->used[i], 1, __ATOMIC_RELAXED);
            return false;
        }
    }
    return true;
}

static uint64_t hash_file(const char *path)
{
    struct failure failure;
    uint8_t *bytes;
    size_t size;
    uint64_t hash;

    if (file_read(path, &bytes, &size, &failure) != STATUS_OK) /* an empty one */
        return 0;
    hash = hash_bytes(HASH_SEED, bytes, size);
    heap_release(bytes);
    return hash;
}

static size_t used_size(const struct explore *explore)
{
    return (suppressions_count(explore->suppressions) + 1) * sizeof *explore->used;
}

int explore_read_suppressions(struct explore *explore)
{
    const char *path = explore->options.run.suppressions;
    struct campaign_options *campaign = &explore->options.campaign;
    struct failure failure;

    if (!path)
        return -1;
    if (suppressions_load(&explore->suppressions, path, &failure) != STATUS_OK)
        return cli_failure(&failure);
    explore->used = shared_allocate(used_size(explore));
    campaign->walker.counts = counts;
    campaign->walker.counts_owner = explore;
    campaign->judged_by = hash_file(path);
    return -1;
}

/* ---- Findings -------------------------------------------------------------------------------- */

static bool is_same_bug(const struct finding *one, const struct finding *other)
{
    return one->rule == other->rule && one->first.pc == other->first.pc &&
           one->transfer.start.pc == other->transfer.start.pc;
}

static void keep_finding(struct explore *explore, const struct finding *finding, const char *replay)
{
    struct explore_finding *kept;

    for (unsigned i = 0; i < explore->finding_count; i++) {
        if (is_same_bug(&explore->findings[i]->finding, finding))
            return;
    }
    kept = heap_allocate(1, sizeof *kept);
    kept->finding = *finding;
    kept->replay = replay;
    kept->suppressed = suppressions_match(explore->suppressions, finding, &explore->report);
    explore->findings = heap_resize(explore->findings, (explore->finding_count + 1) *
                                                           sizeof(struct explore_finding *));
    explore->findings[explore->finding_count++] = kept;
}

/* Of the run that was made last. */
static void keep_findings(struct explore *explore, const char *replay)
{
    const struct checker *checker = walker_checker(campaign_walker(explore->campaign));

    for (unsigned i = 0; i < checker_finding_count(checker); i++)
        keep_finding(explore, checker_finding(checker, i), replay);
}

/* The usual run as far as it was explored: warnings, and what is suppressed. */
static void keep_usual_findings(struct explore *explore)
{
    struct walk *walk = heap_allocate(1, sizeof *walk);

    if (campaign_reference(explore->campaign)->end == WALK_CLEAN) {
        walker_replay(campaign_walker(explore->campaign), NULL, 0, walk);
        keep_findings(explore, NULL);
    }
    heap_release(walk);
}

/* ---- Failures -------------------------------------------------------------------------------- */

static void write_replay(struct explore *explore, struct explore_failure *failure)
{
    struct plan plan = explore->plan;

    if (failure->answer_count > TIMING_MAX)
        return;
    plan.timing.count = failure->answer_count;
    memcpy(plan.timing.answer, failure->answers, plan.timing.count * sizeof plan.timing.answer[0]);
    (void)replay_print(&failure->replay, &explore->options.run, &plan,
                       campaign_fingerprint(explore->campaign), failure->token);
}

/* Where the finding is, with its callers: the machine is still at the end of the story. */
static void keep_site(struct explore *explore, struct explore_failure *failure)
{
    const struct checker *checker = walker_checker(campaign_walker(explore->campaign));

    for (unsigned i = 0; i < checker_finding_count(checker); i++) {
        const struct finding *finding = checker_finding(checker, i);

        if (failure->class->end == WALK_FINDING && finding->rule == failure->class->rule &&
            finding->first.pc == failure->class->pc)
            failure->site = finding->site;
    }
}

/* What the host said when it got the other answer: the last line before the end. */
static const struct story_line *last_host_line(const struct story *story)
{
    for (size_t i = story->count; i-- > 0;) {
        if (story->line[i].kind == STORY_HOST)
            return &story->line[i];
    }
    return NULL;
}

/* The same request in the usual run, up to its "->". */
static void look_up_usual(struct explore *explore, struct explore_failure *failure)
{
    const char *answer = strstr(text_string(&failure->answered), " -> ");
    struct story story;

    if (!answer)
        return;
    campaign_tell_usual(explore->campaign, &story);
    for (size_t i = 0; i < story.count && !failure->usually.length; i++) {
        const char *said = story.line[i].text;
        size_t request = (size_t)(answer - text_string(&failure->answered));

        if (!strncmp(said, text_string(&failure->answered), request + 4))
            text_printf(&failure->usually, "%s", said + request);
    }
    story_release(&story);
}

static void compare_answers(struct explore *explore, struct explore_failure *failure)
{
    const struct story_line *line = last_host_line(&failure->story);

    if (failure->class->end != WALK_ANSWER || !line)
        return;
    text_printf(&failure->answered, "%s", line->text);
    look_up_usual(explore, failure);
}

static void make_small(struct explore *explore, const struct campaign_class *class)
{
    struct explore_failure *failure = &explore->failure[explore->failure_count++];

    failure->class = class;
    failure->answers = heap_allocate(class->answers + 1, sizeof *failure->answers);
    failure->answer_count = campaign_shrink(explore->campaign, class, failure->answers,
                                            explore->options.shrink, &failure->tries);
    failure->again = campaign_tell(explore->campaign, class, failure->answers,
                                   failure->answer_count, &failure->story);
    failure->asleep =
        cpu_is_asleep(machine_cpu(walker_machine(campaign_walker(explore->campaign))));
    write_replay(explore, failure);
    keep_site(explore, failure);
    keep_findings(explore, failure->replay.length ? text_string(&failure->replay) : NULL);
    compare_answers(explore, failure);
}

void explore_find_failures(struct explore *explore)
{
    for (unsigned i = 0; i < campaign_class_count(explore->campaign); i++) {
        const struct campaign_class *class = campaign_class_at(explore->campaign, i);

        if (class->end != WALK_CLEAN && explore->failure_count < FAILURES_MAX)
            make_small(explore, class);
    }
    keep_usual_findings(explore);
    for (unsigned i = 0; i < suppressions_count(explore->suppressions); i++) {
        if (explore->used[i])
            suppressions_note_use(explore->suppressions, i);
    }
}

void explore_release_failures(struct explore *explore)
{
    for (unsigned i = 0; i < explore->failure_count; i++) {
        heap_release(explore->failure[i].answers);
        story_release(&explore->failure[i].story);
        text_free(&explore->failure[i].replay);
        text_free(&explore->failure[i].answered);
        text_free(&explore->failure[i].usually);
    }
    for (unsigned i = 0; i < explore->finding_count; i++)
        heap_release(explore->findings[i]);
    heap_release(explore->findings);
    shared_release(explore->used, used_size(explore));
    suppressions_free(explore->suppressions);
}
