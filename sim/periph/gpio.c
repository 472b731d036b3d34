/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GPIO: general purpose input/output (PS v1.7, 6.9).
 *
 * Deviations:
 *   1. A pin nobody drives or pulls reads as low.
 *   2. When chip and board drive a pin against each other, the chip wins.
 *   3. DETECT goes nowhere, as GPIOTE is not modelled and System OFF has no wake-up. LATCH and
 *      DETECTMODE work as registers.
 *   4. Levels change without delay. Pins that belong to another peripheral (PSEL) stay with GPIO.
 *   5. Bits of pins that P1 does not have are ignored.
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

/* Brings IN and LATCH in line with all that may have changed. */
static void renew(struct gpio_port *port)
{
    uint32_t in = 0;
    uint32_t latch = regfile_get(&port->regs, LATCH);

    for (unsigned pin = 0; pin < port->pins; pin++) {
        uint32_t cnf = configuration(port, pin);
        bool high = is_high(port, pin);

        if (CNF(cnf, INPUT)) /* disconnected: neither read nor sensed */
            continue;
        if (high)
            in |= bit32(pin);
        if (senses(cnf, high))
            latch |= bit32(pin);
    }
    regfile_set(&port->regs, IN, in);
    regfile_set(&port->regs, LATCH, latch);
}

/* ---- Registers ------------------------------------------------------------------------------- */

/* Three registers show one value. */
static void set_out(struct gpio_port *port, uint32_t out)
{
    out &= mask32(port->pins);
    regfile_set(&port->regs, OUT, out);
    regfile_set(&port->regs, OUTSET, out);
    regfile_set(&port->regs, OUTCLR, out);
    renew(port);
}

static void out_written(void *owner, unsigned index, uint32_t value)
{
    (void)index;
    set_out(owner, value);
}

static void outset_written(void *owner, unsigned index, uint32_t value)
{
    struct gpio_port *port = owner;

    (void)index;
    set_out(port, regfile_get(&port->regs, OUT) | value);
}

static void outclr_written(void *owner, unsigned index, uint32_t value)
{
    struct gpio_port *port = owner;

    (void)index;
    set_out(port, regfile_get(&port->regs, OUT) & ~value);
}

static void show_dir(struct gpio_port *port, uint32_t dir)
{
    regfile_set(&port->regs, DIR, dir);
    regfile_set(&port->regs, DIRSET, dir);
    regfile_set(&port->regs, DIRCLR, dir);
    renew(port);
}

static void set_dir(struct gpio_port *port, uint32_t dir)
{
    for (unsigned pin = 0; pin < port->pins; pin++)
        regfile_set(&port->regs, pin_cnf(pin),
                    deposit32(configuration(port, pin), PIN_CNF_DIR_LSB, 1, dir >> pin & 1));
    show_dir(port, dir & mask32(port->pins));
}

static void dir_written(void *owner, unsigned index, uint32_t value)
{
    (void)index;
    set_dir(owner, value);
}

static void dirset_written(void *owner, unsigned index, uint32_t value)
{
    struct gpio_port *port = owner;

    (void)index;
    set_dir(port, regfile_get(&port->regs, DIR) | value);
}

static void dirclr_written(void *owner, unsigned index, uint32_t value)
{
    struct gpio_port *port = owner;

    (void)index;
    set_dir(port, regfile_get(&port->regs, DIR) & ~value);
}

static void pin_cnf_written(void *owner, unsigned pin, uint32_t value)
{
    struct gpio_port *port = owner;

    show_dir(port, deposit32(regfile_get(&port->regs, DIR), pin, 1, CNF(value, DIR)));
}

/* A latch whose condition still holds is set again at once. */
static void latch_written(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    renew(owner);
}

static const struct reg_hook gpio_hooks[] = {
    {OUT, out_written, NULL},
    {OUTSET, outset_written, NULL},
    {OUTCLR, outclr_written, NULL},
    {DIR, dir_written, NULL},
    {DIRSET, dirset_written, NULL},
    {DIRCLR, dirclr_written, NULL},
    {PIN_CNF, pin_cnf_written, NULL},
    {LATCH, latch_written, NULL},
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

void gpio_drive(struct gpio *gpio, unsigned pin, enum level level)
{
    struct gpio_port *port;
    unsigned n = pin % GPIO_P0_PINS;

    assert(pin < GPIO_PINS);
    port = &gpio->port[pin / GPIO_P0_PINS];
    port->board.driven = deposit32(port->board.driven, n, 1, level != LEVEL_FLOATING);
    port->board.level = deposit32(port->board.level, n, 1, level == LEVEL_HIGH);
    renew(port);
}

enum level gpio_output(const struct gpio *gpio, unsigned pin)
{
    const struct gpio_port *port;
    unsigned n = pin % GPIO_P0_PINS;

    assert(pin < GPIO_PINS);
    port = &gpio->port[pin / GPIO_P0_PINS];
    if (drives(configuration(port, n), out_bit(port, n)))
        return out_bit(port, n) ? LEVEL_HIGH : LEVEL_LOW;
    return pulled(configuration(port, n));
}

static void port_init(struct gpio_port *port, const struct block_spec *spec, unsigned pins,
                      struct fabric *fabric)
{
    *port = (struct gpio_port){.pins = pins};
    regfile_init(&port->regs, spec, fabric, port);
    state_register(fabric->state, spec == &gpio_p0_spec ? "P0 board" : "P1 board", &port->board,
                   sizeof port->board);
}

void gpio_init(struct gpio *gpio, struct fabric *fabric)
{
    port_init(&gpio->port[0], &gpio_p0_spec, GPIO_P0_PINS, fabric);
    port_init(&gpio->port[1], &gpio_p1_spec, GPIO_P1_PINS, fabric);
}

void gpio_reset(struct gpio *gpio, enum reset_kind reason)
{
    (void)reason;
    for (unsigned i = 0; i < GPIO_PORTS; i++)
        regfile_reset(&gpio->port[i].regs);
}
