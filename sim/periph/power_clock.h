/* SPDX-License-Identifier: Apache-2.0 */
/*
 * POWER and CLOCK: two chapters, one page of registers at 0x40000000, one interrupt line and one
 * interrupt mask (PS v1.7, 5.3 and 5.4).
 *
 * clock.c has the oscillators, power.c the USB supply, the retained registers and System OFF; this
 * page joins them. All state is in the registers and in the event queue.
 */
#ifndef SIM_PERIPH_POWER_CLOCK_H
#define SIM_PERIPH_POWER_CLOCK_H

#include "sim/periph/regfile.h"
#include "sim/periph/reset.h"

enum { RAM_BLOCKS = 9 };

struct power_clock {
    struct regfile regs;
    struct fabric *fabric;
    /* The firmware switched the chip off (SYSTEMOFF). Set by the owner of the machine; NULL: it is
     * reported as unmodelled and the CPU goes on, as with a debugger attached. */
    void (*system_off)(void *owner);
    void *system_off_owner;
    /* Plain state, one registered region; a property of the board, it outlives a reset. */
    struct power_supply {
        uint32_t millivolts; /* on VDD */
        uint32_t warned;     /* it is below POFCON's threshold */
    } supply;
    /* When the firmware last asked whether the USB supply is ready; plain state, one region. */
    sim_time asked;
    /* RAM[n].POWER as it was last, to see what is switched off; plain state, one region. */
    uint32_t ram_on[RAM_BLOCKS];
};

/* One list each, for people: the model runs on the page of both. */
extern const struct block_spec clock_spec;
extern const struct block_spec power_spec;

/* The page: "POWER_CLOCK", as the interrupt line is called. */
extern const struct block_spec power_clock_spec;

/*
 * Connects the page to bus, state, events, WIRE_VBUS and WIRE_CPU_ASLEEP (in), WIRE_HFXO,
 * WIRE_LFCLK and WIRE_USB_REGULATOR (out). `page` and `fabric` must stay in place.
 */
void power_clock_init(struct power_clock *page, struct fabric *fabric);

/* The voltage on VDD changes. */
void power_set_supply(struct power_clock *page, unsigned millivolts);

/*
 * Registers to their reset values, oscillators and regulator off. RESETREAS gets the bit of `kind`
 * on top of those it has, and is cleared by a power-on reset; GPREGRET and GPREGRET2 keep their
 * content over a reset that comes from the CPU. When VBUS is there, EVENTS_USBDETECTED follows
 * before the first instruction. Call it after scheduler and wires were reset, if they are.
 */
void power_clock_reset(struct power_clock *page, enum reset_kind kind);

#endif
