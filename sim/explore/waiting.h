/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a firmware waits for that does not come to an end: the registers and variables it reads over
 * and over, and the interrupts that could still reach it.
 *
 * Found by looking a little ahead: the machine runs on, everybody but this file is deaf meanwhile,
 * and what happened is taken back.
 */
#ifndef SIM_EXPLORE_WAITING_H
#define SIM_EXPLORE_WAITING_H

#include "sim/soc/machine.h"

enum { WAITING_READS = 6, WAITING_LINES = 48 };

/* Something that was read again and again, and gave the same value each time. */
struct waiting_read {
    guest_addr address;
    guest_addr pc; /* of the load seen last */
    uint32_t value;
    uint32_t size;
    uint32_t times;
    bool is_register;
    bool is_modelled;  /* of a register; a variable is */
    bool is_coming;    /* of a register: an event of its block is scheduled */
    const char *block; /* of a register, if known */
};

struct waiting {
    bool asleep;
    bool masked; /* PRIMASK or FAULTMASK: no interrupt is taken, whatever is enabled */
    unsigned reads;
    struct waiting_read read[WAITING_READS]; /* in the order of their first reading */
    unsigned lines;
    uint8_t line[WAITING_LINES]; /* interrupt lines that are enabled in the NVIC */
};

/*
 * Looks at `machine`, which has stopped for good, and leaves it as it was. Registers that nobody
 * polls, the stack, and variables that change are left out.
 */
void waiting_look(struct machine *machine, struct waiting *waiting);

#endif
