/* SPDX-License-Identifier: Apache-2.0 */
/* An exploration for programs: docs/explore.schema.json. */
#include "sim/cli/explore.h"

#include "sim/cli/cli.h"
#include "sim/cpu/cpu.h"
#include "sim/explore/strategy.h"
#include "sim/report/place.h"

enum { FORMAT_VERSION = 1 };

static const char *const outcomes[] = {[CAMPAIGN_COMPLETE] = "complete",
                                       [CAMPAIGN_STOPPED] = "stopped",
                                       [CAMPAIGN_FOUND] = "found",
                                       [CAMPAIGN_FULL] = "full",
                                       [CAMPAIGN_BROKEN] = "broken"};

static void write_number64(struct json *json, const char *key, uint64_t value)
{
    json_format(json, key, "%016llx", (unsigned long long)value);
}

static void write_subject(struct json *json, const struct explore *explore)
{
    json_object(json, "tool");
    json_string(json, "name", "fencepost");
    json_string(json, "version", CLI_VERSION);
    json_string(json, "engine", cpu_engine_name());
    json_end(json);
    json_array(json, "images");
    for (unsigned i = 0; i < explore->plan.image_count; i++)
        json_string(json, NULL, explore->plan.images[i]);
    json_end(json);
    write_number64(json, "fingerprint", campaign_fingerprint(explore->campaign));
    json_string(json, "host", run_options_host(&explore->options.run));
}

static void write_search(struct json *json, const struct campaign_options *options)
{
    json_object(json, "search");
    json_string(json, "strategy", options->strategy->name);
    json_number(json, "seed", options->seed);
    json_number(json, "depth", options->depth);
    json_number(json, "slice", options->slices > 1 ? options->slice + 1 : 1);
    json_number(json, "slices", options->slices > 1 ? options->slices : 1);
    json_bool(json, "all", !options->first_only);
    json_end(json);
}

static void write_bounds(struct json *json, const struct walker_options *walker)
{
    const struct walk_bounds *bounds = &walker->bounds;

    json_object(json, "bounds");
    json_number(json, "interruptDelay", bounds->interrupt_delay);
    json_number(json, "rounds", bounds->rounds);
    json_number(json, "deviations", bounds->deviations);
    json_number(json, "framePlaces", bounds->places);
    if (bounds->bounded)
        json_number(json, "preemptions", bounds->preemptions);
    else
        json_null(json, "preemptions");
    json_bool(json, "ties", bounds->ties);
    json_bool(json, "usualHost", bounds->host_waits);
    json_bool(json, "anyAnswer", bounds->any_answer);
    json_bool(json, "whole", bounds->whole);
    json_string(json, "from", walker->from);
    json_string(json, "to", walker->to);
    json_bool(json, "toReturn", walker->to_returns);
    json_end(json);
}

static void write_result(struct json *json, const struct explore *explore,
                         enum campaign_verdict verdict, int code)
{
    const struct campaign_progress *progress = campaign_progress(explore->campaign);
    const char *reason = campaign_reason(explore->campaign);

    json_string(json, "outcome", outcomes[verdict]);
    json_string(json, "reason", *reason ? reason : NULL);
    json_bool(json, "clean", !progress->failures);
    json_number(json, "exitCode", (unsigned)code);
    json_number(json, "steps", progress->steps);
    json_number(json, "states", progress->states);
    json_number(json, "learningRounds", progress->round);
    json_number(json, "queue", progress->queue);
    json_real(json, "covered", progress->covered);
    if (explore->options.campaign.strategy == &strategy_pct)
        json_real(json, "missed", explore_missed(explore));
    else
        json_null(json, "missed");
}

static void write_class(struct json *json, const struct explore *explore, unsigned index)
{
    const struct campaign_class *class = campaign_class_at(explore->campaign, index);
    struct text words = {0};

    explore_print_class(&words, explore, class);
    json_object(json, NULL);
    write_number64(json, "key", class->key);
    json_string(json, "end", walk_end_name((enum walk_end) class->end));
    json_bool(json, "fails", class->end != WALK_CLEAN);
    json_string(json, "what", text_string(&words));
    json_string(json, "rule",
                class->end == WALK_FINDING ? rule_describe((enum rule_id) class->rule)->name
                                           : NULL);
    write_number64(json, "wire", class->wire);
    json_real(json, "timings", class->raw);
    json_number(json, "step", class->step + 1);
    json_end(json);
    text_free(&words);
}

static void write_story(struct json *json, const struct explore *explore,
                        const struct explore_failure *failure)
{
    struct text words = {0};

    json_array(json, "story");
    for (size_t i = 0; i < failure->story.count; i++) {
        const struct story_line *line = &failure->story.line[i];

        text_clear(&words);
        explore_print_story_line(&words, explore, failure, line);
        json_object(json, NULL);
        json_real(json, "ms", (double)line->when / (double)CYCLES_PER_MS);
        json_string(json, "what", text_string(&words));
        json_end(json);
    }
    json_end(json);
    text_free(&words);
}

static void write_failure(struct json *json, const struct explore *explore,
                          const struct explore_failure *failure)
{
    struct text words = {0};

    explore_print_class(&words, explore, failure->class);
    json_object(json, NULL);
    json_string(json, "what", text_string(&words));
    json_number(json, "answers", failure->answer_count);
    json_number(json, "answersBefore", failure->class->answers);
    json_bool(json, "repeated", failure->again);
    json_string(json, "token", failure->token[0] ? failure->token : NULL);
    json_string(json, "replay", failure->replay.length ? text_string(&failure->replay) : NULL);
    write_story(json, explore, failure);
    json_end(json);
    text_free(&words);
}

/* For the other slices: scripts/campaign hands it on. */
static void write_learned(struct json *json, const struct explore *explore)
{
    struct text known = {0};
    bool more;
    const struct sharing *sharing = campaign_learned(explore->campaign, &more);

    if (explore->options.campaign.slices <= 1) {
        json_null(json, "learned");
        return;
    }
    sharing_write(&known, sharing);
    json_object(json, "learned");
    json_bool(json, "more", more);
    json_string(json, "known", text_string(&known));
    json_end(json);
    text_free(&known);
}

static void write_orders_of(struct json *json, const struct orders *orders, enum order_kind kind,
                            const char *key)
{
    unsigned both;
    unsigned count = orders_count(orders, kind, &both);

    json_object(json, key);
    json_number(json, "pairs", count);
    json_number(json, "both", both);
    json_end(json);
}

static void write_orders(struct json *json, const struct explore *explore)
{
    bool more;
    const struct orders *orders = &campaign_learned(explore->campaign, &more)->orders;

    json_object(json, "orders");
    write_orders_of(json, orders, ORDER_WORD, "words");
    write_orders_of(json, orders, ORDER_HANDLER, "handlers");
    json_end(json);
}

void explore_write_json(struct json *json, const struct explore *explore,
                        enum campaign_verdict verdict, int code)
{
    json_string(json, "format", "fencepost-exploration");
    json_number(json, "formatVersion", FORMAT_VERSION);
    write_subject(json, explore);
    write_search(json, &explore->options.campaign);
    write_bounds(json, &explore->options.campaign.walker);
    write_result(json, explore, verdict, code);
    json_array(json, "classes");
    for (unsigned i = 0; i < campaign_class_count(explore->campaign); i++)
        write_class(json, explore, i);
    json_end(json);
    json_array(json, "failures");
    for (unsigned i = 0; i < explore->failure_count; i++)
        write_failure(json, explore, &explore->failure[i]);
    json_end(json);
    write_orders(json, explore);
    write_learned(json, explore);
    json_string(json, "resume", explore->resume.length ? text_string(&explore->resume) : NULL);
}
