/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GPIO: 48 pins on two ports (PS v1.7, 6.9). Pins are numbered through: P0.00 is 0, P1.00 is 32.
 *
 * The far side of a pin is the board's: gpio_drive says what a button or another chip does to it,
 * gpio_output what a LED or another chip sees of it. Other blocks hear the level of pin n on
 * WIRE_PIN + n, and of sensed pins on WIRE_DETECT_P0 and WIRE_DETECT_P1.
 */
#ifndef SIM_PERIPH_GPIO_H
#define SIM_PERIPH_GPIO_H

#include "sim/periph/regfile.h"

enum { GPIO_PORTS = 2, GPIO_P0_PINS = 32, GPIO_P1_PINS = 16, GPIO_PINS = 48 };

enum level { LEVEL_FLOATING, LEVEL_LOW, LEVEL_HIGH };

struct gpio_port {
    struct regfile regs;
    struct fabric *fabric;
    /* What drives the pins besides OUT; plain state, one registered region. Bit n is pin n. */
    struct gpio_board {
        uint32_t driven;      /* from outside; 0: floating, the pull decides */
        uint32_t level;       /* of the driven ones; 0 elsewhere */
        uint32_t taken;       /* by a peripheral of the chip, whatever OUT and DIR say */
        uint32_t taken_level; /* of the taken ones; 0 elsewhere */
        uint32_t sensed;      /* pins that have the level their SENSE asks for */
    } board;
    unsigned pins;
    unsigned first; /* number of its first pin */
};

struct gpio {
    struct gpio_port port[GPIO_PORTS];
};

extern const struct block_spec gpio_p0_spec;
extern const struct block_spec gpio_p1_spec;

/* Connects both ports. `gpio` and `fabric` must stay in place. All pins float. */
void gpio_init(struct gpio *gpio, struct fabric *fabric);

/* All pins become disconnected inputs, except after a wake-up from System OFF, through which they
 * keep their settings. What the board drives stays as it is. */
void gpio_reset(struct gpio *gpio, enum reset_kind reason);

/* The board drives `pin` (0..47) to `level`, or lets go of it. */
void gpio_drive(struct gpio *gpio, unsigned pin, enum level level);

/* A peripheral drives `pin` (0..47) from now on, until it gives it back. */
void gpio_take(struct gpio *gpio, unsigned pin, bool level);
void gpio_release(struct gpio *gpio, unsigned pin);

/* What the chip does to `pin` (0..47): the level it drives or pulls to, or LEVEL_FLOATING. */
enum level gpio_output(const struct gpio *gpio, unsigned pin);

#endif
