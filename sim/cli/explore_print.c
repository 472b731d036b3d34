/* SPDX-License-Identifier: Apache-2.0 */
/* What an exploration has to say, in words. */
#include "sim/cli/explore.h"

#include "sim/base/bits.h"
#include "sim/explore/strategy.h"
#include "sim/report/place.h"
#include "sim/report/style.h"

#include <math.h>
#include <string.h>

enum { SHOWN_CLASSES = 8 };

/* ---- Bounds ---------------------------------------------------------------------------------- */

/* A token found no room in its frame behind an access. */
static bool depends_on_frames(const struct explore *explore)
{
    bool more;

    return campaign_learned(explore->campaign, &more)->full_frame != 0;
}

void explore_print_bounds(struct text *text, const struct explore *explore)
{
    const struct walker_options *walker = &explore->options.campaign.walker;
    const struct walk_bounds *bounds = &walker->bounds;

    text_printf(text, "bound: EasyDMA's words and its end, ");
    text_printf(text, bounds->host_waits ? "" : "the host's tokens, ");
    text_printf(text, "interrupts (up to %u instructions late where\n", bounds->interrupt_delay);
    text_printf(text, "       their cause is fixed) in every order with the CPU's conflicting "
                      "accesses;\n");
    if (bounds->bounded)
        text_printf(text,
                    "       at most %u time%s while the CPU runs, else while it sleeps or at "
                    "their latest;\n",
                    bounds->preemptions, plural(bounds->preemptions));
    if (bounds->deviations)
        text_printf(
            text,
            "       up to %u time%s: a lost handshake, SETUP in mid-transfer, an early status "
            "stage, a bus reset,\n"
            "       a token of a stream or a start-up (READY, HFXO, LFXO, regulator) as fast "
            "or as slow as allowed;\n",
            bounds->deviations, plural(bounds->deviations));
    if (depends_on_frames(explore))
        text_printf(text,
                    "       tokens that are waited for at %u place%s of a frame, because one found "
                    "no room;\n",
                    bounds->places, plural(bounds->places));
    text_printf(text, "       %u round%s of a loop while nothing happens%s\n", bounds->rounds,
                plural(bounds->rounds), bounds->ties ? "; events of one instant in any order" : "");
    if (!bounds->deviations)
        text_printf(text,
                    "left out: the host does nothing unusual, streams and start-ups take their "
                    "usual time (--deviations=1)\n");
    if (bounds->bounded)
        text_printf(text, "left out: more pre-emptions of the CPU (without --preemptions)\n");
    if (depends_on_frames(explore))
        text_printf(text, "left out: tokens at other places of a frame (--frame-places)\n");
    if (!bounds->ties)
        text_printf(text, "left out: events of one instant have one order (--ties)\n");
    if (bounds->host_waits)
        text_printf(text, "left out: the host's pace\n");
    if (campaign_progress(explore->campaign)->lost)
        text_printf(
            text, "left out: some deviations or words of EasyDMA, because one step had too many\n");
    if (walker->from)
        text_printf(text, "window: from %s%s%s%s%s\n", walker->from,
                    walker->from_count > 1 ? " (a later entry)" : "", walker->to ? " to " : "",
                    walker->to ? walker->to : " to the end", walker->to_returns ? "'s return" : "");
}

/* ---- Failures -------------------------------------------------------------------------------- */

static void print_at(struct text *text, const struct explore *explore, guest_addr pc)
{
    text_printf(text, " ");
    print_code(text, &explore->report, pc);
}

static const struct explore_failure *failure_of(const struct explore *explore,
                                                const struct campaign_class *class)
{
    for (unsigned i = 0; i < explore->failure_count; i++) {
        if (explore->failure[i].class == class)
            return &explore->failure[i];
    }
    return NULL;
}

/* A copy routine is not guilty: its caller is. */
static void print_guilty(struct text *text, const struct explore *explore,
                         const struct campaign_class *class)
{
    const struct explore_failure *failure = failure_of(explore, class);
    struct source_place place;

    if (failure && failure->site.pc && blamed_place(&explore->report, &failure->site, &place)) {
        text_printf(text, " ");
        print_place(text, &place);
    } else {
        print_at(text, explore, class->pc);
    }
}

static void print_cpu_at(struct text *text, const struct explore *explore,
                         const struct explore_failure *failure, guest_addr pc)
{
    text_printf(text, failure && failure->asleep ? " sleeps in" : " is in");
    print_at(text, explore, pc);
}

/* Where the fault was, not its handler. */
static void print_fault(struct text *text, const struct explore *explore,
                        const struct explore_failure *failure, guest_addr pc)
{
    if (failure && failure->story.fault) {
        print_exception(text, failure->story.exception);
        text_printf(text, ": %s, at", failure->story.reason);
        print_at(text, explore, failure->story.fault);
    } else {
        text_printf(text, "fault at");
        print_at(text, explore, pc);
    }
}

/* What it was answered, and what it usually is. */
static void print_answers(struct text *text, const struct explore_failure *failure)
{
    if (failure && failure->answered.length)
        text_printf(text, ": %s", text_string(&failure->answered));
    if (failure && failure->usually.length)
        text_printf(text, "; usually%s", text_string(&failure->usually));
}

void explore_print_class(struct text *text, const struct explore *explore,
                         const struct campaign_class *class)
{
    const struct explore_failure *failure = failure_of(explore, class);
    enum walk_end end = (enum walk_end) class->end;

    switch (end) {
    case WALK_FINDING:
        text_printf(text, "%s %s:", rule_describe((enum rule_id) class->rule)->name,
                    rule_describe((enum rule_id) class->rule)->title);
        print_guilty(text, explore, class);
        break;
    case WALK_ANSWER:
        if (class->reason == ANSWER_GIVEN_UP) {
            text_printf(text, "the host gives up a request that is answered in the usual timing");
            break;
        }
        text_printf(text, "the host is answered otherwise than in the usual timing");
        print_answers(text, failure);
        break;
    case WALK_HANG:
        text_printf(text, "hang: the host waits, and nothing leads on; the CPU");
        print_cpu_at(text, explore, failure, class->pc);
        break;
    case WALK_TIMEOUT:
        text_printf(text, "time-out: neither host nor firmware comes to an end; the CPU");
        print_cpu_at(text, explore, failure, class->pc);
        break;
    case WALK_HOST_FAILED:
        text_printf(text, "the host gives up: %s",
                    failure && *failure->story.reason ? failure->story.reason
                                                      : "the conversation fails");
        break;
    case WALK_FAULT:
        print_fault(text, explore, failure, class->pc);
        break;
    case WALK_EXIT:
        text_printf(text, "the firmware ends itself with an error, at");
        print_at(text, explore, class->pc);
        break;
    case WALK_ASLEEP:
        text_printf(text, "asleep for ever: nothing can wake the CPU, in");
        print_at(text, explore, class->pc);
        break;
    case WALK_OFF:
        text_printf(text, "%s at", walk_end_name(end));
        print_at(text, explore, class->pc);
        break;
    case WALK_DECISION:
    case WALK_CLEAN:
    case WALK_ENDS:
        text_printf(text, "%s", walk_end_name(end));
        break;
    }
}

/* ---- The verdict ----------------------------------------------------------------------------- */

static void print_count(struct text *text, double count)
{
    if (count < 1e6)
        text_printf(text, "%.0f", count);
    else
        text_printf(text, "about 10^%.0f", floor(log10(count)));
}

static void print_class(struct text *text, const struct explore *explore, unsigned index)
{
    const struct campaign_class *class = campaign_class_at(explore->campaign, index);

    text_printf(text, "  class %u: ", index + 1);
    explore_print_class(text, explore, class);
    if (class->raw >= 1) {
        text_printf(text, "; ");
        print_count(text, class->raw);
        text_printf(text, explore->options.campaign.strategy->pick ? " walks" : " timings");
    }
    text_printf(text, "; found at step %llu\n", (unsigned long long)class->step + 1);
}

static void print_classes(struct text *text, const struct explore *explore)
{
    unsigned count = campaign_class_count(explore->campaign);

    for (unsigned i = 0; i < count && i < SHOWN_CLASSES; i++)
        print_class(text, explore, i);
    if (count > SHOWN_CLASSES)
        text_printf(text, "  and %u more\n", count - SHOWN_CLASSES);
}

double explore_missed(const struct explore *explore)
{
    return campaign_progress(explore->campaign)->missed;
}

static void print_pct(struct text *text, const struct explore *explore)
{
    const struct campaign_progress *progress = campaign_progress(explore->campaign);

    text_printf(text,
                "pct: a bug that needs %u orders is missed by these %llu walks of up to %u steps\n"
                "     with a probability of at most %.3g\n",
                explore->options.campaign.depth, (unsigned long long)progress->steps,
                progress->horizon, explore_missed(explore));
}

static void print_stopped(struct text *text, const struct explore *explore)
{
    const struct campaign_progress *progress = campaign_progress(explore->campaign);

    if (explore->options.campaign.strategy->pick)
        text_printf(text, "stopped after %llu walk%s", (unsigned long long)progress->steps,
                    plural(progress->steps));
    else
        text_printf(text,
                    "stopped: %llu of at least %llu steps done; a walk at random stays in what was "
                    "explored\n         with a probability of %.6g",
                    (unsigned long long)progress->steps,
                    (unsigned long long)(progress->steps + progress->queue), progress->covered);
}

static void print_suppressed(struct text *text, const struct explore *explore)
{
    unsigned count = 0;

    for (unsigned i = 0; i < explore->finding_count; i++)
        count += explore->findings[i]->suppressed != NULL;
    if (count)
        text_printf(text, ", %u finding%s suppressed", count, plural(count));
}

/* " 3 of 4 ...", or nothing when there are none. */
static void print_orders_of(struct text *text, const struct orders *orders, enum order_kind kind,
                            const char *what)
{
    unsigned both;
    unsigned count = orders_count(orders, kind, &both);

    if (count)
        text_printf(text, "orders: %u of %u pairs of %s were seen in both orders\n", both, count,
                    what);
}

static void print_orders(struct text *text, const struct explore *explore)
{
    bool more;
    const struct orders *orders = &campaign_learned(explore->campaign, &more)->orders;

    print_orders_of(text, orders, ORDER_WORD, "a CPU access and a word of EasyDMA");
    print_orders_of(text, orders, ORDER_HANDLER, "a thread access and one of a handler");
}

void explore_print_verdict(struct text *text, const struct explore *explore,
                           enum campaign_verdict verdict)
{
    const struct campaign_progress *progress = campaign_progress(explore->campaign);
    unsigned classes = campaign_class_count(explore->campaign);

    text_printf(text, "%llu step%s, %llu state%s, %u round%s of learning what is shared\n",
                (unsigned long long)progress->steps, plural(progress->steps),
                (unsigned long long)progress->states, plural(progress->states), progress->round,
                plural(progress->round));
    print_classes(text, explore);
    if (explore->options.campaign.depth && explore->options.campaign.strategy == &strategy_pct)
        print_pct(text, explore);
    if (progress->failures) {
        text_printf(text, "%llu of %u class%s fail%s", (unsigned long long)progress->failures,
                    classes, classes == 1 ? "" : "es", progress->failures == 1 ? "s" : "");
        text_printf(text, verdict == CAMPAIGN_COMPLETE ? ", all explored\n" : "\n");
    } else if (verdict == CAMPAIGN_COMPLETE) {
        text_printf(text, "%u of %u class%s explored, clean", classes, classes,
                    classes == 1 ? "" : "es");
        print_suppressed(text, explore);
        text_printf(text, "\n");
    } else if (verdict == CAMPAIGN_FULL) {
        text_printf(text, "stopped: no room for more states; clean so far\n");
    } else if (verdict == CAMPAIGN_BROKEN) {
        text_printf(text, "broken off: %s; clean so far\n", campaign_reason(explore->campaign));
    } else {
        print_stopped(text, explore);
        text_printf(text, "; clean so far\n");
    }
    print_orders(text, explore);
    explore_print_bounds(text, explore);
    if (explore->resume.length)
        text_printf(text, "Resume    %s\n", text_string(&explore->resume));
}
