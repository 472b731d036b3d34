/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GPIO: general purpose input/output (PS v1.7, 6.9).
 *
 * Deviations:
 *   1. A pin nobody drives or pulls reads as low.
 *   2. When chip and board drive a pin against each other, the chip wins.
 *   3. Levels change without delay. Of the peripherals that a PSEL connects, GPIOTE and QDEC alone
 *      have their pins.
 *   4. Bits of pins that P1 does not have are ignored.
 */
#include "sim/periph/gpio.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/mem/map.h"

#include <assert.h>

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#define FIELD(reg, name, lsb, width, brief) reg##_##name##_LSB = (lsb), reg##_##name##_WIDTH = (width),
#include "driver/regs/gpio.def"
};

static const struct reg_desc p0_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/gpio.def"
};

/* The same, but what P0 has for each of its pins P1 has for each of its own. */
#define COUNT_ON_P1(count) ((count) == GPIO_P0_PINS ? GPIO_P1_PINS : (count))
static const struct reg_desc p1_regs[] = {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) \
    REGFILE_DESC(name, offset, COUNT_ON_P1(count), stride, kind, reset, brief)
#include "driver/regs/gpio.def"
};

static const struct field_desc gpio_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/gpio.def"
};
/* clang-format on */

enum { PULL_DOWN = 1, PULL_UP = 3 };
enum { SENSE_HIGH = 2, SENSE_LOW = 3 };
/* Drive modes from this one on leave one of the two levels to the outside. */
enum { DRIVE_D0S1 = 4, DRIVE_D0H1 = 5, DRIVE_S0D1 = 6, DRIVE_H0D1 = 7 };

/* ---- The level of a pin ---------------------------------------------------------------------- */

static uint32_t pin_cnf(unsigned pin)
{
    return PIN_CNF + 4 * (uint32_t)pin;
}

static uint32_t configuration(const struct gpio_port *port, unsigned pin)
{
    return regfile_get(&port->regs, pin_cnf(pin));
}

#define CNF(cnf, field) extract32(cnf, PIN_CNF_##field##_LSB, PIN_CNF_##field##_WIDTH)

static bool drives(uint32_t cnf, bool out)
{
    uint32_t drive = CNF(cnf, DRIVE);

    if (!CNF(cnf, DIR))
        return false;
    return out ? drive != DRIVE_S0D1 && drive != DRIVE_H0D1
               : drive != DRIVE_D0S1 && drive != DRIVE_D0H1;
}

static enum level pulled(uint32_t cnf)
{
    switch (CNF(cnf, PULL)) {
    case PULL_UP:
        return LEVEL_HIGH;
    case PULL_DOWN:
        return LEVEL_LOW;
    default:
        return LEVEL_FLOATING;
    }
}

static bool out_bit(const struct gpio_port *port, unsigned pin)
{
    return regfile_get(&port->regs, OUT) & bit32(pin);
}

static bool is_high(const struct gpio_port *port, unsigned pin)
{
    uint32_t cnf = configuration(port, pin);

    if (port->board.taken & bit32(pin))
        return port->board.taken_level & bit32(pin);
    if (drives(cnf, out_bit(port, pin)))
        return out_bit(port, pin); /* deviation 2 */
    if (port->board.driven & bit32(pin))
        return port->board.level & bit32(pin);
    return pulled(cnf) == LEVEL_HIGH; /* deviation 1 */
}

static bool senses(uint32_t cnf, bool high)
{
    return CNF(cnf, SENSE) == (high ? SENSE_HIGH : SENSE_LOW);
}

/* ---- DETECT ---------------------------------------------------------------------------------- */

static enum wire_id detect_wire(const struct gpio_port *port)
{
    return port->first ? WIRE_DETECT_P1 : WIRE_DETECT_P0;
}

/* DETECT follows the pins, or LATCH when DETECTMODE says so. */
static void renew_detect(struct gpio_port *port)
{
    bool latched = regfile_get(&port->regs, DETECTMODE) & 1;
    uint32_t pins = latched ? regfile_get(&port->regs, LATCH) : port->board.sensed;

    wire_set(port->fabric->wires, detect_wire(port), pins != 0);
}

/* Brings IN, LATCH and the wires in line with all that may have changed on one pin. */
static void renew_pin(struct gpio_port *port, unsigned pin)
{
    uint32_t cnf = configuration(port, pin);
    bool high = is_high(port, pin);
    bool connected = !CNF(cnf, INPUT); /* else neither read nor sensed */
    bool sensed = connected && senses(cnf, high);
    uint32_t latch = regfile_get(&port->regs, LATCH);

    regfile_set(&port->regs, IN,
                deposit32(regfile_get(&port->regs, IN), pin, 1, connected && high));
    port->board.sensed = deposit32(port->board.sensed, pin, 1, sensed);
    if (sensed)
        regfile_set(&port->regs, LATCH, latch | bit32(pin));
    wire_set(port->fabric->wires, (enum wire_id)(WIRE_PIN + port->first + pin), high);
}

static void renew(struct gpio_port *port, uint32_t pins)
{
    pins &= mask32(port->pins);
    for (unsigned pin = 0; pins; pin++, pins >>= 1) {
        if (pins & 1)
            renew_pin(port, pin);
    }
    renew_detect(port);
}

/* ---- Registers ------------------------------------------------------------------------------- */

static void out_written(void *owner, unsigned index, uint32_t value)
{
    struct gpio_port *port = owner;

    (void)index, (void)value;
    regfile_set(&port->regs, OUT, regfile_get(&port->regs, OUT) & mask32(port->pins));
    renew(port, mask32(port->pins));
}

/* OUTSET and OUTCLR: only the pins that are named. */
static void out_bits_written(void *owner, unsigned index, uint32_t value)
{
    struct gpio_port *port = owner;

    (void)index;
    regfile_set(&port->regs, OUT, regfile_get(&port->regs, OUT) & mask32(port->pins));
    renew(port, value);
}

/* DIR, DIRSET and DIRCLR show the DIR bits of PIN_CNF. */
static void dir_written(void *owner, unsigned index, uint32_t value)
{
    struct gpio_port *port = owner;
    uint32_t dir = regfile_get(&port->regs, DIR) & mask32(port->pins);

    (void)index, (void)value;
    for (unsigned pin = 0; pin < port->pins; pin++)
        regfile_set(&port->regs, pin_cnf(pin),
                    deposit32(configuration(port, pin), PIN_CNF_DIR_LSB, 1, dir >> pin & 1));
    regfile_set(&port->regs, DIR, dir);
    renew(port, mask32(port->pins));
}

static void pin_cnf_written(void *owner, unsigned pin, uint32_t value)
{
    struct gpio_port *port = owner;

    regfile_set(&port->regs, DIR,
                deposit32(regfile_get(&port->regs, DIR), pin, 1, CNF(value, DIR)));
    renew(port, bit32(pin));
}

/* A latch whose condition still holds is set again at once. When any is left, DETECT falls for a
 * moment all the same, so that its next edge tells of it. */
static void latch_written(void *owner, unsigned index, uint32_t value)
{
    struct gpio_port *port = owner;

    (void)index, (void)value;
    if (regfile_get(&port->regs, DETECTMODE) & 1)
        wire_set(port->fabric->wires, detect_wire(port), false);
    renew(port, mask32(port->pins));
}

static void detectmode_written(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    renew_detect(owner);
}

static const struct reg_hook gpio_hooks[] = {
    {OUT, out_written, NULL},
    {OUTSET, out_bits_written, NULL},
    {OUTCLR, out_bits_written, NULL},
    {DIR, dir_written, NULL},
    {DIRSET, dir_written, NULL},
    {DIRCLR, dir_written, NULL},
    {PIN_CNF, pin_cnf_written, NULL},
    {LATCH, latch_written, NULL},
    {DETECTMODE, detectmode_written, NULL},
    {0, NULL, NULL},
};

/* P1's registers follow P0's in the same page, so each claims from OUT to its last PIN_CNF only. */
const struct block_spec gpio_p0_spec = {
    .name = "P0",
    .base = AHB_BASE,
    .first = OUT,
    .size = PIN_CNF + 4 * GPIO_P0_PINS,
    .irq = NO_IRQ,
    .regs = p0_regs,
    .reg_count = ARRAY_LENGTH(p0_regs),
    .fields = gpio_fields,
    .field_count = ARRAY_LENGTH(gpio_fields),
    .hooks = gpio_hooks,
};

const struct block_spec gpio_p1_spec = {
    .name = "P1",
    .base = AHB_BASE + 0x300,
    .first = OUT,
    .size = PIN_CNF + 4 * GPIO_P1_PINS,
    .irq = NO_IRQ,
    .regs = p1_regs,
    .reg_count = ARRAY_LENGTH(p1_regs),
    .fields = gpio_fields,
    .field_count = ARRAY_LENGTH(gpio_fields),
    .hooks = gpio_hooks,
};

/* ---- The board's side ------------------------------------------------------------------------ */

static struct gpio_port *port_of(struct gpio *gpio, unsigned pin)
{
    assert(pin < GPIO_PINS);
    return &gpio->port[pin / GPIO_P0_PINS];
}

void gpio_drive(struct gpio *gpio, unsigned pin, enum level level)
{
    struct gpio_port *port = port_of(gpio, pin);
    unsigned n = pin % GPIO_P0_PINS;

    port->board.driven = deposit32(port->board.driven, n, 1, level != LEVEL_FLOATING);
    port->board.level = deposit32(port->board.level, n, 1, level == LEVEL_HIGH);
    renew(port, bit32(n));
}

enum level gpio_output(const struct gpio *gpio, unsigned pin)
{
    const struct gpio_port *port;
    unsigned n = pin % GPIO_P0_PINS;

    assert(pin < GPIO_PINS);
    port = &gpio->port[pin / GPIO_P0_PINS];
    if (port->board.taken & bit32(n))
        return port->board.taken_level & bit32(n) ? LEVEL_HIGH : LEVEL_LOW;
    if (drives(configuration(port, n), out_bit(port, n)))
        return out_bit(port, n) ? LEVEL_HIGH : LEVEL_LOW;
    return pulled(configuration(port, n));
}

/* ---- The side of other blocks ---------------------------------------------------------------- */

void gpio_take(struct gpio *gpio, unsigned pin, bool level)
{
    struct gpio_port *port = port_of(gpio, pin);
    unsigned n = pin % GPIO_P0_PINS;

    port->board.taken |= bit32(n);
    port->board.taken_level = deposit32(port->board.taken_level, n, 1, level);
    renew(port, bit32(n));
}

void gpio_release(struct gpio *gpio, unsigned pin)
{
    struct gpio_port *port = port_of(gpio, pin);
    unsigned n = pin % GPIO_P0_PINS;

    port->board.taken &= ~bit32(n);
    port->board.taken_level &= ~bit32(n);
    renew(port, bit32(n));
}

/* ---- Life ------------------------------------------------------------------------------------ */

static void port_init(struct gpio_port *port, const struct block_spec *spec, unsigned first,
                      unsigned pins, struct fabric *fabric)
{
    *port = (struct gpio_port){.fabric = fabric, .pins = pins, .first = first};
    regfile_init(&port->regs, spec, fabric, port);
    state_register(fabric->state, first ? "P1 board" : "P0 board", &port->board,
                   sizeof port->board);
}

void gpio_init(struct gpio *gpio, struct fabric *fabric)
{
    port_init(&gpio->port[0], &gpio_p0_spec, 0, GPIO_P0_PINS, fabric);
    port_init(&gpio->port[1], &gpio_p1_spec, GPIO_P0_PINS, GPIO_P1_PINS, fabric);
}

static void port_reset(struct gpio_port *port)
{
    regfile_reset(&port->regs);
    port->board.taken = 0;
    port->board.taken_level = 0;
    renew(port, mask32(port->pins));
}

void gpio_reset(struct gpio *gpio, enum reset_kind reason)
{
    if (reset_is_wake_up(reason))
        return;
    for (unsigned i = 0; i < GPIO_PORTS; i++)
        port_reset(&gpio->port[i]);
}
