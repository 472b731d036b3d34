/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PWM (PS v1.7, 6.17).
 *
 * Deviations:
 *   1. Periods, not edges: what is reported is the duty cycle of each output when it changes. Pins
 *      keep the level GPIO gives them.
 *   2. The values of a period are fetched from RAM in the period before; how far silicon reads
 * ahead is not documented. When EasyDMA is late the old values are used for one more period.
 *   3. The next sequence of a loop is captured in the last period of the one before.
 *   4. A SEQSTART during a sequence, its own or the other one, takes over: the sequence begins anew
 *      with the next period, and there is no SEQEND of what was cut off. It is reported when that
 * was its own with another buffer, as a frame is lost.
 *   5. STOP ends at the end of the period without SEQEND, and raises STOPPED at once when there are
 *      no pulses. A COUNTERTOP below 3 counts as 3.
 *   6. Values that do not make up a whole group at the end of a sequence are ignored.
 */
#include "sim/periph/pwm.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/periph/place.h"

#include <string.h>

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset), name##_STRIDE = (stride),
#define FIELD(reg, name, lsb, width, brief) reg##_##name##_LSB = (lsb), reg##_##name##_WIDTH = (width),
#include "driver/regs/pwm.def"
};

static const struct reg_desc pwm_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/pwm.def"
};

static const struct field_desc pwm_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/pwm.def"
};
/* clang-format on */

enum { LOAD_COMMON, LOAD_GROUPED, LOAD_INDIVIDUAL, LOAD_WAVEFORM };
enum { MODE_NEXTSTEP = 1, LEAST_TOP = 3, TOP_MASK = 0x7fff, VALUE_BYTES = 2 };

#define FIELD_OF(pwm, reg, field)                                                                  \
    extract32(regfile_get(&(pwm)->regs, reg), reg##_##field##_LSB, reg##_##field##_WIDTH)

static struct easydma *dma_of(const struct pwm *pwm)
{
    return pwm->regs.fabric->easydma;
}

static bool is_enabled(const struct pwm *pwm)
{
    return regfile_get(&pwm->regs, ENABLE) & 1;
}

/* A task that has no effect while the block is disabled. */
static bool arrives(struct pwm *pwm, uint32_t task)
{
    if (is_enabled(pwm))
        return true;
    regfile_misuse(&pwm->regs, MISUSE_DISABLED, task, 1);
    return false;
}

static uint32_t of_sequence(const struct pwm *pwm, uint32_t reg, unsigned sequence)
{
    return regfile_get(&pwm->regs, reg + SEQ_PTR_STRIDE * sequence);
}

/* ---- Values ---------------------------------------------------------------------------------- */

/* Values that are loaded together. */
static unsigned group_size(const struct pwm *pwm)
{
    static const uint8_t sizes[] = {1, 2, 4, 4};

    return sizes[FIELD_OF(pwm, DECODER, LOAD)];
}

static uint32_t top(const struct pwm *pwm)
{
    bool from_ram = FIELD_OF(pwm, DECODER, LOAD) == LOAD_WAVEFORM;
    uint32_t ticks =
        from_ram ? pwm->state.value[3] & TOP_MASK : FIELD_OF(pwm, COUNTERTOP, COUNTERTOP);

    return ticks < LEAST_TOP ? LEAST_TOP : ticks; /* deviation 5 */
}

static void report(struct pwm *pwm, unsigned output)
{
    trace_emit(pwm->regs.fabric->trace,
               (struct observation){.kind = OBS_PWM,
                                    .pwm = {.block = pwm->regs.spec->name,
                                            .output = output,
                                            .pin = regfile_get(&pwm->regs, PSEL_OUT + 4 * output),
                                            .compare = pwm->state.value[output] & TOP_MASK,
                                            .falling = pwm->state.value[output] >> 15,
                                            .top = top(pwm)}});
}

/* The values that came from RAM are those of the period that begins. */
static void apply_group(struct pwm *pwm)
{
    struct pwm_state *state = &pwm->state;
    unsigned size = group_size(pwm);
    uint16_t before[PWM_OUTPUTS];

    memcpy(before, state->value, sizeof before);
    for (unsigned output = 0; output < PWM_OUTPUTS; output++)
        state->value[output] = state->group[output * size / PWM_OUTPUTS];
    memset(state->group, 0, sizeof state->group);
    state->group_bytes = 0;
    state->asked = false;
    for (unsigned output = 0; output < PWM_OUTPUTS; output++) {
        if (state->value[output] != before[output] || !state->begun)
            report(pwm, output);
    }
}

static bool has_group(const struct pwm *pwm)
{
    return pwm->state.group_bytes == VALUE_BYTES * group_size(pwm);
}

static unsigned current(const struct pwm *pwm)
{
    return pwm->state.playing - 1u;
}

static void ask_for_group(struct pwm *pwm)
{
    struct pwm_state *state = &pwm->state;

    if (!state->playing || state->asked ||
        !easydma_captured(dma_of(pwm), pwm->sequence[current(pwm)]))
        return;
    state->asked = true;
    easydma_request(dma_of(pwm), pwm->sequence[current(pwm)], VALUE_BYTES * group_size(pwm));
}

/* ---- Periods --------------------------------------------------------------------------------- */

static void begin_period(struct pwm *pwm)
{
    uint32_t ticks = top(pwm) << FIELD_OF(pwm, MODE, UPDOWN);

    pwm->state.counting = true;
    scheduler_add(pwm->regs.fabric->scheduler, EVENT_PWM_PERIOD, (uint16_t)pwm->number,
                  (sim_time)4 * ticks << FIELD_OF(pwm, PRESCALER, PRESCALER), 0);
}

/* All groups of the sequence were applied. */
static bool is_played(const struct pwm *pwm)
{
    unsigned channel = pwm->sequence[current(pwm)];
    uint32_t group = VALUE_BYTES * group_size(pwm);

    return pwm->state.applied + group > easydma_size(dma_of(pwm), channel);
}

static void end_sequence(struct pwm *pwm)
{
    unsigned sequence = current(pwm);

    pwm->state.periods_left += of_sequence(pwm, SEQ_ENDDELAY, sequence);
    pwm->state.ended = pwm->state.playing;
    pwm->state.playing = 0;
    easydma_end(dma_of(pwm), pwm->sequence[sequence]);
}

static void apply(struct pwm *pwm)
{
    struct pwm_state *state = &pwm->state;
    unsigned sequence = current(pwm);
    bool first = !state->begun;

    apply_group(pwm);
    state->begun = true;
    state->step = false;
    state->applied += VALUE_BYTES * group_size(pwm);
    state->periods_left = of_sequence(pwm, SEQ_REFRESH, sequence) + 1;
    if (first)
        regfile_raise(&pwm->regs, EVENTS_SEQSTARTED + 4 * sequence);
    if (state->playing == sequence + 1 && is_played(pwm))
        end_sequence(pwm);
}

static void begin_sequence(struct pwm *pwm, unsigned sequence, enum dma_trigger trigger)
{
    struct pwm_state *state = &pwm->state;

    state->playing = (uint8_t)(sequence + 1);
    state->ended = 0;
    state->begun = false;
    state->asked = false;
    state->group_bytes = 0;
    state->applied = 0;
    memset(state->group, 0, sizeof state->group);
    easydma_start(dma_of(pwm), pwm->sequence[sequence], trigger);
}

/* The last period of a sequence begins: does another one follow? */
static void look_ahead(struct pwm *pwm)
{
    struct pwm_state *state = &pwm->state;
    unsigned ended = state->ended;
    uint32_t loops = FIELD_OF(pwm, LOOP, CNT);

    state->ended = 0;
    if (!loops)
        return;
    state->loops += ended == 2;
    if (state->loops < loops)
        begin_sequence(pwm, ended == 1 ? 1 : 0, DMA_BY_SHORTCUT);
    else
        state->loops_done = true;
}

static bool next_value_is_due(const struct pwm *pwm)
{
    if (!pwm->state.begun) /* the sequence before has had its periods */
        return true;
    if (FIELD_OF(pwm, DECODER, MODE) == MODE_NEXTSTEP)
        return pwm->state.step;
    return pwm->state.periods_left == 0;
}

/* Pulses end with the period. */
static void stand_still(struct pwm *pwm)
{
    memset(&pwm->state, 0, sizeof pwm->state);
    for (unsigned sequence = 0; sequence < PWM_SEQUENCES; sequence++) {
        if (easydma_running(dma_of(pwm), pwm->sequence[sequence])) {
            pwm->state.silent = true;
            easydma_end(dma_of(pwm), pwm->sequence[sequence]);
        }
    }
    pwm->state.silent = false;
    regfile_raise(&pwm->regs, EVENTS_STOPPED);
}

static void period_is_over(void *owner, const struct event *event)
{
    struct pwm *pwm = owner;
    struct pwm_state *state = &pwm->state;

    (void)event;
    if (state->periods_left)
        state->periods_left--;
    regfile_raise(&pwm->regs, EVENTS_PWMPERIODEND);
    if (state->loops_done) {
        state->loops_done = false;
        state->loops = 0;
        regfile_raise(&pwm->regs, EVENTS_LOOPSDONE);
    }
    if (state->stops) {
        stand_still(pwm);
        return;
    }
    if (state->playing && has_group(pwm) && next_value_is_due(pwm))
        apply(pwm);
    if (state->ended && state->periods_left <= 1)
        look_ahead(pwm);
    if (state->periods_left <= 1 || FIELD_OF(pwm, DECODER, MODE) == MODE_NEXTSTEP)
        ask_for_group(pwm);
    begin_period(pwm);
}

/* ---- Tasks ----------------------------------------------------------------------------------- */

/* The sequence that plays gives way to the one that is started (deviation 4). */
static void give_way(struct pwm *pwm)
{
    unsigned channel;

    if (!pwm->state.playing)
        return;
    channel = pwm->sequence[current(pwm)];
    pwm->state.silent = true;
    if (easydma_running(dma_of(pwm), channel))
        easydma_end(dma_of(pwm), channel);
    pwm->state.silent = false;
}

/* The same values once more, as whoever dims a LED does, are no loss. */
static bool cuts_off_a_frame(const struct pwm *pwm, unsigned sequence)
{
    struct byte_range window = easydma_window(dma_of(pwm), pwm->sequence[sequence]);

    return easydma_running(dma_of(pwm), pwm->sequence[sequence]) &&
           (window.start != of_sequence(pwm, SEQ_PTR, sequence) ||
            window.size != VALUE_BYTES * of_sequence(pwm, SEQ_CNT, sequence));
}

static void seqstart(void *owner, unsigned sequence, uint32_t value)
{
    struct pwm *pwm = owner;

    (void)value;
    if (!arrives(pwm, TASKS_SEQSTART + 4 * sequence))
        return;
    if (cuts_off_a_frame(pwm, sequence))
        regfile_misuse(&pwm->regs, MISUSE_DMA_BUSY, TASKS_SEQSTART + 4 * sequence, 1);
    give_way(pwm);
    pwm->state.loops = 0;
    begin_sequence(pwm, sequence, pwm->regs.fabric->trigger);
}

static void stop(void *owner, unsigned index, uint32_t value)
{
    struct pwm *pwm = owner;

    (void)index, (void)value;
    if (!arrives(pwm, TASKS_STOP))
        return;
    if (pwm->state.counting)
        pwm->state.stops = true;
    else
        stand_still(pwm);
}

static void nextstep(void *owner, unsigned index, uint32_t value)
{
    struct pwm *pwm = owner;

    (void)index, (void)value;
    if (arrives(pwm, TASKS_NEXTSTEP))
        pwm->state.step = true;
}

/* ---- EasyDMA --------------------------------------------------------------------------------- */

static void started(void *owner, unsigned sequence)
{
    struct pwm *pwm = owner;

    if (pwm->state.playing == sequence + 1)
        ask_for_group(pwm);
}

static void receive(void *owner, unsigned sequence, uint32_t offset, const uint8_t *bytes,
                    uint32_t size)
{
    struct pwm *pwm = owner;
    struct pwm_state *state = &pwm->state;

    (void)sequence, (void)offset;
    for (uint32_t i = 0; i < size; i++, state->group_bytes++)
        state->group[state->group_bytes / 2] |=
            (uint16_t)((uint32_t)bytes[i] << 8 * (state->group_bytes % 2));
    if (has_group(pwm) && !state->counting) {
        apply(pwm); /* the very first period */
        if (state->ended && state->periods_left <= 1)
            look_ahead(pwm);
        if (state->periods_left <= 1 || FIELD_OF(pwm, DECODER, MODE) == MODE_NEXTSTEP)
            ask_for_group(pwm);
        begin_period(pwm);
    }
}

static void drained(void *owner, unsigned sequence)
{
    struct pwm *pwm = owner;

    /* Nothing to play. Otherwise the sequence ends when its last value is in use. */
    if (pwm->state.playing == sequence + 1 && !pwm->state.begun && !pwm->state.group_bytes)
        end_sequence(pwm);
}

static void ended(void *owner, unsigned sequence, uint32_t amount)
{
    struct pwm *pwm = owner;

    (void)amount;
    if (!pwm->state.silent)
        regfile_raise(&pwm->regs, EVENTS_SEQEND + 4 * sequence);
}

/* ---- ENABLE and wiring ----------------------------------------------------------------------- */

static void go_idle(struct pwm *pwm)
{
    scheduler_cancel(pwm->regs.fabric->scheduler, EVENT_PWM_PERIOD, (uint16_t)pwm->number);
    memset(&pwm->state, 0, sizeof pwm->state);
}

static void enable_written(void *owner, unsigned index, uint32_t value)
{
    struct pwm *pwm = owner;

    (void)index, (void)value;
    if (is_enabled(pwm))
        return;
    for (unsigned sequence = 0; sequence < PWM_SEQUENCES; sequence++) {
        if (easydma_running(dma_of(pwm), pwm->sequence[sequence]))
            regfile_misuse(&pwm->regs, MISUSE_DISABLED_IN_FLIGHT, ENABLE, 0);
        easydma_abort(dma_of(pwm), pwm->sequence[sequence]);
    }
    go_idle(pwm);
}

static const struct reg_hook pwm_hooks[] = {
    {TASKS_STOP, stop, NULL},
    {TASKS_SEQSTART, seqstart, NULL},
    {TASKS_NEXTSTEP, nextstep, NULL},
    {ENABLE, enable_written, NULL},
    {0, NULL, NULL},
};

static const struct reg_short pwm_shorts[] = {
    {SHORTS_SEQEND0_STOP_LSB, EVENTS_SEQEND, TASKS_STOP},
    {SHORTS_SEQEND1_STOP_LSB, EVENTS_SEQEND + 4, TASKS_STOP},
    {SHORTS_LOOPSDONE_SEQSTART0_LSB, EVENTS_LOOPSDONE, TASKS_SEQSTART},
    {SHORTS_LOOPSDONE_SEQSTART1_LSB, EVENTS_LOOPSDONE, TASKS_SEQSTART + 4},
    {SHORTS_LOOPSDONE_STOP_LSB, EVENTS_LOOPSDONE, TASKS_STOP},
};

#define PWM_SPEC(n)                                                                                \
    {                                                                                              \
        .name = "PWM" #n, .instance = (n), .base = BASE_PWM##n, .size = REGFILE_SIZE,              \
        .irq = LINE_PWM##n, .regs = pwm_regs, .reg_count = ARRAY_LENGTH(pwm_regs),                 \
        .fields = pwm_fields, .field_count = ARRAY_LENGTH(pwm_fields), .hooks = pwm_hooks,         \
        .shorts = pwm_shorts, .short_count = ARRAY_LENGTH(pwm_shorts)                              \
    }

const struct block_spec pwm_spec[PWM_COUNT] = {PWM_SPEC(0), PWM_SPEC(1), PWM_SPEC(2), PWM_SPEC(3)};

static const struct easydma_ops dma_ops = {
    .started = started, .receive = receive, .drained = drained, .ended = ended};

static void add_channel(struct pwm *pwm, struct easydma *dma, unsigned sequence)
{
    static const char *const names[PWM_SEQUENCES] = {"SEQ[0]", "SEQ[1]"};
    static const char *const tasks[PWM_SEQUENCES] = {"TASKS_SEQSTART[0]", "TASKS_SEQSTART[1]"};
    uint16_t registers = (uint16_t)(SEQ_PTR_STRIDE * sequence);
    const struct easydma_channel channel = {
        .name = {pwm->regs.spec->name, names[sequence], tasks[sequence], 0xfffe, DMA_ON_CHIP},
        .direction = DMA_READS_RAM,
        .index = sequence,
        .ptr = (uint16_t)(SEQ_PTR + registers),
        .maxcnt = (uint16_t)(SEQ_CNT + registers),
        .end_event = (uint16_t)(EVENTS_SEQEND + 4 * sequence),
        .started_event = (uint16_t)(EVENTS_SEQSTARTED + 4 * sequence),
        .tells = {EVENTS_STOPPED, EVENTS_LOOPSDONE},
        .count_mask = 0x7fff,
        .unit = VALUE_BYTES,
        .paced = true,
        .anew = true};

    pwm->sequence[sequence] = easydma_add(dma, &pwm->regs, channel, &dma_ops, pwm);
}

void pwm_init(struct pwm *pwm, struct fabric *fabric, const struct block_spec *spec)
{
    *pwm = (struct pwm){.number = spec->instance};
    regfile_init(&pwm->regs, spec, fabric, pwm);
    state_register(fabric->state, "PWM", &pwm->state, sizeof pwm->state);
    scheduler_handle_instance(fabric->scheduler, EVENT_PWM_PERIOD, pwm->number, period_is_over,
                              pwm);
    for (unsigned sequence = 0; sequence < PWM_SEQUENCES; sequence++)
        add_channel(pwm, fabric->easydma, sequence);
}

void pwm_reset(struct pwm *pwm, enum reset_kind reason)
{
    (void)reason;
    regfile_reset(&pwm->regs);
    go_idle(pwm);
}
