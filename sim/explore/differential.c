/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/explore/differential.h"

/* ---- Runs ------------------------------------------------------------------------------------ */

static enum status run_side(struct side *side, const struct plan *plan,
                            const struct silicon *silicon, const struct checked_options *checked,
                            struct failure *failure)
{
    struct plan own = *plan;
    enum status status;

    *side = (struct side){0};
    own.machine.silicon = *silicon;
    status = plan_build(&own, &side->machine, failure);
    if (status != STATUS_OK)
        return status;
    side->checker = checked_attach(side->machine, checked);
    wire_log_attach(&side->log, machine_trace(side->machine));
    side->stop = plan_run(&own, side->machine);
    return STATUS_OK;
}

static void free_side(struct side *side)
{
    wire_log_free(&side->log);
    checker_destroy(side->checker);
    machine_destroy(side->machine);
    *side = (struct side){0};
}

void differential_free(struct differential *differential)
{
    for (unsigned i = 0; i < SIDES; i++)
        free_side(&differential->side[i]);
}

bool side_ended_well(const struct side *side)
{
    return side->stop == MACHINE_STOP_HOST_DONE || side->stop == MACHINE_STOP_OFF ||
           (side->stop == MACHINE_STOP_EXIT && !machine_exit_code(side->machine));
}

/* ---- Comparing ------------------------------------------------------------------------------- */

static bool same_end(const struct side *one, const struct side *two)
{
    return one->stop == two->stop &&
           (one->stop != MACHINE_STOP_EXIT ||
            machine_exit_code(one->machine) == machine_exit_code(two->machine));
}

/* The first packet that differs; times do not count. Equal logs: false. */
static bool wires_differ(const struct side *one, const struct side *two, size_t *packet)
{
    size_t shorter =
        one->log.usb.count < two->log.usb.count ? one->log.usb.count : two->log.usb.count;

    for (*packet = 0; *packet < shorter; ++*packet) {
        if (!wire_packets_equal(&one->log, &one->log.usb.packet[*packet], &two->log,
                                &two->log.usb.packet[*packet]))
            return true;
    }
    return one->log.usb.count != two->log.usb.count;
}

static bool has_finding(const struct side *side, const struct finding *wanted)
{
    for (unsigned i = 0; i < checker_finding_count(side->checker); i++) {
        const struct finding *finding = checker_finding(side->checker, i);

        if (finding->rule == wanted->rule && finding->site.pc == wanted->site.pc)
            return true;
    }
    return false;
}

/* A finding of `one` that `two` has not; NULL when there is none. */
static const struct finding *finding_of_one(const struct side *one, const struct side *two)
{
    for (unsigned i = 0; i < checker_finding_count(one->checker); i++) {
        if (!has_finding(two, checker_finding(one->checker, i)))
            return checker_finding(one->checker, i);
    }
    return NULL;
}

static bool findings_differ(struct differential *differential, const struct side *ideal,
                            const struct side *real)
{
    differential->has = SIDE_REAL;
    differential->finding = finding_of_one(real, ideal);
    if (differential->finding)
        return true;
    differential->has = SIDE_IDEAL;
    differential->finding = finding_of_one(ideal, real);
    return differential->finding != NULL;
}

static enum difference compare(struct differential *differential, const struct side *ideal,
                               const struct side *real)
{
    bool wire = wires_differ(ideal, real, &differential->packet);

    if (!same_end(ideal, real))
        return DIFFERENCE_END;
    if (wire)
        return DIFFERENCE_WIRE;
    return findings_differ(differential, ideal, real) ? DIFFERENCE_FINDING : DIFFERENCE_NONE;
}

/* ---- What makes the difference --------------------------------------------------------------- */

struct search {
    struct differential *differential;
    const struct plan *plan;
    const struct checked_options *checked;
    struct failure *failure;
};

/* Firmware that depends on an erratum gets it: that one is nobody's missing workaround. */
static enum status settle_ideal(const struct search *search)
{
    struct differential *differential = search->differential;
    const struct silicon *real = &search->plan->machine.silicon;
    enum status status = STATUS_OK;

    for (unsigned i = 0; i < ERRATA && !side_ended_well(&differential->side[SIDE_IDEAL]); i++) {
        struct silicon one = {.revision = real->revision, .errata = (uint16_t)bit32(i)};
        struct side side;

        if (!silicon_has(real, (enum erratum)i))
            continue;
        status = run_side(&side, search->plan, &one, search->checked, search->failure);
        if (status == STATUS_OK && side_ended_well(&side)) {
            struct side before = differential->side[SIDE_IDEAL];

            differential->side[SIDE_IDEAL] = side;
            differential->ideal = one;
            side = before;
        }
        free_side(&side);
        if (status != STATUS_OK)
            return status;
    }
    return status;
}

/* Does this silicon, one step away from ideal, differ from ideal? What only a rule noticed is no
 * cause of what the host saw. */
static enum status try_alone(const struct search *search, const struct silicon *silicon,
                             bool *differs)
{
    struct differential scratch = {.kind = DIFFERENCE_NONE};
    struct side side;
    enum status status = run_side(&side, search->plan, silicon, search->checked, search->failure);

    if (status == STATUS_OK)
        scratch.kind = compare(&scratch, &search->differential->side[SIDE_IDEAL], &side);
    *differs = scratch.kind == search->differential->kind || scratch.kind == DIFFERENCE_END ||
               scratch.kind == DIFFERENCE_WIRE;
    free_side(&side);
    return status;
}

static enum status try_errata(const struct search *search)
{
    const struct silicon *ideal = &search->differential->ideal;
    const struct silicon *real = &search->plan->machine.silicon;
    enum status status = STATUS_OK;

    for (unsigned i = 0; i < ERRATA && status == STATUS_OK; i++) {
        struct silicon one = *ideal;
        bool differs = false;

        if (!silicon_has(real, (enum erratum)i) || silicon_has(ideal, (enum erratum)i))
            continue;
        silicon_set_erratum(&one, (enum erratum)i, true);
        one.answer[UNDOCUMENTED_ERRATUM_199] = real->answer[UNDOCUMENTED_ERRATUM_199];
        status = try_alone(search, &one, &differs);
        if (differs)
            search->differential->errata |= (uint16_t)bit32(i);
    }
    return status;
}

static enum status try_answers(const struct search *search)
{
    const struct silicon *ideal = &search->differential->ideal;
    const struct silicon *real = &search->plan->machine.silicon;
    enum status status = STATUS_OK;

    for (unsigned i = 0; i < UNDOCUMENTED_COUNT && status == STATUS_OK; i++) {
        struct silicon one = *ideal;
        bool differs = false;

        if (real->answer[i] == ideal->answer[i])
            continue;
        one.answer[i] = real->answer[i];
        status = try_alone(search, &one, &differs);
        if (differs)
            search->differential->answers |= (uint16_t)bit32(i);
    }
    return status;
}

enum status differential_run(struct differential *differential, const struct plan *plan,
                             const struct checked_options *checked, struct failure *failure)
{
    const struct search search = {differential, plan, checked, failure};
    struct side *side = differential->side;
    enum status status;

    *differential = (struct differential){.ideal = {.revision = plan->machine.silicon.revision}};
    status = run_side(&side[SIDE_IDEAL], plan, &differential->ideal, checked, failure);
    if (status == STATUS_OK)
        status = settle_ideal(&search);
    if (status == STATUS_OK)
        status = run_side(&side[SIDE_REAL], plan, &plan->machine.silicon, checked, failure);
    if (status != STATUS_OK)
        return status;
    differential->kind = compare(differential, &side[SIDE_IDEAL], &side[SIDE_REAL]);
    if (differential->kind == DIFFERENCE_NONE)
        return STATUS_OK;
    status = try_errata(&search);
    return status == STATUS_OK ? try_answers(&search) : status;
}
