/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GPIOTE: GPIO tasks and events (PS v1.7, 6.10).
 *
 * Deviations:
 *   1. Edges are seen in their instant, however short; the specification asks for a level that
 * lasts.
 *   2. When two channels have one pin, the one that acts last wins. The specification forbids it.
 *   3. A channel with an event does not make its pin an input: PIN_CNF does, as drivers set it.
 *   4. PORT of the two ports is one event, raised when the DETECT of either rises.
 */
#include "sim/periph/gpiote.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/periph/gpio.h"
#include "sim/periph/place.h"

#include <string.h>

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#define FIELD(reg, name, lsb, width, brief) reg##_##name##_LSB = (lsb), reg##_##name##_WIDTH = (width),
#include "driver/regs/gpiote.def"
};

static const struct reg_desc gpiote_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/gpiote.def"
};

static const struct field_desc gpiote_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/gpiote.def"
};
/* clang-format on */

enum { MODE_EVENT = 1, MODE_TASK = 3 };
enum { POLARITY_NONE, POLARITY_LO_TO_HI, POLARITY_HI_TO_LO, POLARITY_TOGGLE };

#define FIELD_OF(config, field) extract32(config, CONFIG_##field##_LSB, CONFIG_##field##_WIDTH)

static uint32_t config(const struct gpiote *gpiote, unsigned channel)
{
    return regfile_get(&gpiote->regs, CONFIG + 4 * channel);
}

static unsigned pin_of(uint32_t config)
{
    return FIELD_OF(config, PORT) * GPIO_P0_PINS + FIELD_OF(config, PSEL);
}

/* ---- Events ---------------------------------------------------------------------------------- */

static bool wants(uint32_t config, unsigned pin, bool high)
{
    uint32_t polarity = FIELD_OF(config, POLARITY);

    return FIELD_OF(config, MODE) == MODE_EVENT && pin_of(config) == pin &&
           (polarity == POLARITY_TOGGLE ||
            polarity == (high ? POLARITY_LO_TO_HI : POLARITY_HI_TO_LO));
}

static void pin_changed(void *owner, enum wire_id wire, bool level)
{
    struct gpiote *gpiote = owner;

    for (unsigned channel = 0; channel < GPIOTE_CHANNELS; channel++) {
        if (wants(config(gpiote, channel), wire - WIRE_PIN, level))
            regfile_raise(&gpiote->regs, EVENTS_IN + 4 * channel);
    }
}

static void detect_changed(void *owner, enum wire_id wire, bool level)
{
    struct gpiote *gpiote = owner;

    (void)wire;
    if (level)
        regfile_raise(&gpiote->regs, EVENTS_PORT);
}

/* ---- Tasks ----------------------------------------------------------------------------------- */

static void drive(struct gpiote *gpiote, unsigned channel, bool level)
{
    if (!gpiote->state.pin[channel])
        return;
    gpiote->state.level[channel] = level;
    gpio_take(gpiote->fabric->gpio, gpiote->state.pin[channel] - 1u, level);
}

static void out(void *owner, unsigned channel, uint32_t value)
{
    struct gpiote *gpiote = owner;

    (void)value;
    switch (FIELD_OF(config(gpiote, channel), POLARITY)) {
    case POLARITY_LO_TO_HI:
        drive(gpiote, channel, true);
        break;
    case POLARITY_HI_TO_LO:
        drive(gpiote, channel, false);
        break;
    case POLARITY_TOGGLE:
        drive(gpiote, channel, !gpiote->state.level[channel]);
        break;
    default:
        break;
    }
}

static void set(void *owner, unsigned channel, uint32_t value)
{
    (void)value;
    drive(owner, channel, true);
}

static void clear(void *owner, unsigned channel, uint32_t value)
{
    (void)value;
    drive(owner, channel, false);
}

/* ---- Channels -------------------------------------------------------------------------------- */

static void give_back(struct gpiote *gpiote, unsigned channel)
{
    unsigned pin = gpiote->state.pin[channel];

    gpiote->state.pin[channel] = 0;
    if (pin)
        gpio_release(gpiote->fabric->gpio, pin - 1);
}

/* A pin that a channel has already keeps its level. */
static void config_written(void *owner, unsigned channel, uint32_t value)
{
    struct gpiote *gpiote = owner;
    unsigned pin = pin_of(value);
    bool is_task = FIELD_OF(value, MODE) == MODE_TASK && pin < GPIO_PINS;

    if (is_task && gpiote->state.pin[channel] == pin + 1)
        return;
    give_back(gpiote, channel);
    if (!is_task)
        return;
    gpiote->state.pin[channel] = (uint8_t)(pin + 1);
    drive(gpiote, channel, FIELD_OF(value, OUTINIT));
}

/* ---- The block ------------------------------------------------------------------------------- */

static const struct reg_hook gpiote_hooks[] = {
    {TASKS_OUT, out, NULL},         {TASKS_SET, set, NULL}, {TASKS_CLR, clear, NULL},
    {CONFIG, config_written, NULL}, {0, NULL, NULL},
};

const struct block_spec gpiote_spec = {
    .name = "GPIOTE",
    .base = BASE_GPIOTE,
    .size = REGFILE_SIZE,
    .irq = LINE_GPIOTE,
    .regs = gpiote_regs,
    .reg_count = ARRAY_LENGTH(gpiote_regs),
    .fields = gpiote_fields,
    .field_count = ARRAY_LENGTH(gpiote_fields),
    .hooks = gpiote_hooks,
};

void gpiote_init(struct gpiote *gpiote, struct fabric *fabric, const struct block_spec *spec)
{
    *gpiote = (struct gpiote){.fabric = fabric};
    regfile_init(&gpiote->regs, spec, fabric, gpiote);
    state_register(fabric->state, "GPIOTE channels", &gpiote->state, sizeof gpiote->state);
    for (unsigned pin = 0; pin < PIN_LINES; pin++)
        wire_connect(fabric->wires, (enum wire_id)(WIRE_PIN + pin), pin_changed, gpiote);
    wire_connect(fabric->wires, WIRE_DETECT_P0, detect_changed, gpiote);
    wire_connect(fabric->wires, WIRE_DETECT_P1, detect_changed, gpiote);
}

void gpiote_reset(struct gpiote *gpiote, enum reset_kind reason)
{
    (void)reason;
    regfile_reset(&gpiote->regs);
    for (unsigned channel = 0; channel < GPIOTE_CHANNELS; channel++)
        give_back(gpiote, channel);
    regfile_reset(&gpiote->regs); /* whatever giving pins back has raised */
    memset(&gpiote->state, 0, sizeof gpiote->state);
}
