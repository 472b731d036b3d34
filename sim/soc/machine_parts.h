/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a machine consists of, for the files that are the machine together: machine.c (its parts),
 * machine_load.c (images and flash), machine_run.c (reset and time), machine_transfer.c (what a
 * test lets the host do). Nobody else includes this.
 */
#ifndef FENCEPOST_SOC_MACHINE_PARTS_H
#define FENCEPOST_SOC_MACHINE_PARTS_H

#include "sim/board/board.h"
#include "sim/mem/bus.h"
#include "sim/mem/memory.h"
#include "sim/soc/machine.h"
#include "sim/soc/nrf52840.h"
#include "sim/soc/system_off.h"

enum { IMAGES = 4 };

struct machine {
    struct machine_options options;

    struct scheduler scheduler;
    struct chooser chooser;
    struct wires wires;
    struct trace trace;
    struct state state;
    struct memory memory;
    struct bus bus;
    struct board board;
    struct nrf52840 *chip;
    struct cpu *cpu;
    struct host *host;
    struct conversation *script; /* NULL unless the host follows one */
    uint64_t script_hash;        /* of its text */

    unsigned images;
    struct image *image[IMAGES];

    /* Of the run under way. */
    bool (*condition)(void *owner, struct machine *machine);
    void *condition_owner;
    bool condition_met;
    bool host_ended;
    bool faulted;
    struct system_off off;
    enum machine_stop last_stop;
};

/** Copies an image's segments to where they belong; image_load has checked them against memory. */
void machine_place_segments(struct machine *machine, const struct image *image);

/** Decides whether the run under way goes on: what machine_create subscribes, see machine_run.c. */
void machine_watch_run(void *owner, const struct observation *observation);

/** What a hand does to the board happens: EVENT_BOARD_PIN. */
void machine_stimulate(void *owner, const struct event *event);

/** Where a symbol of machine_image stands; 0 when there is none of this name. */
guest_addr machine_symbol_address(const struct machine *machine, const char *name);

#endif
