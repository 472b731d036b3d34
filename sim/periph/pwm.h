/* SPDX-License-Identifier: Apache-2.0 */
/* PWM: pulse width modulation (PS v1.7, 6.17). */
#ifndef SIM_PERIPH_PWM_H
#define SIM_PERIPH_PWM_H

#include "sim/periph/easydma.h"

enum { PWM_COUNT = 4, PWM_OUTPUTS = 4, PWM_SEQUENCES = 2 };

struct pwm {
    struct regfile regs;
    /* Plain state, one registered region. */
    struct pwm_state {
        uint32_t periods_left;       /* of the value in use, the one under way included */
        uint32_t loops;              /* of both sequences, played since the start */
        uint32_t applied;            /* bytes of the sequence that are or were in use */
        uint16_t value[PWM_OUTPUTS]; /* in use: compare value and polarity */
        uint16_t group[PWM_OUTPUTS]; /* the next values, as far as they came from RAM */
        uint8_t group_bytes;         /* how many bytes of them */
        uint8_t asked;               /* the next values were asked for */
        uint8_t counting;            /* pulses are generated */
        uint8_t playing;             /* 1 + number of the sequence, 0: none */
        uint8_t ended;               /* 1 + number of the one whose last periods are under way */
        uint8_t begun;               /* the first value of the sequence is in use */
        uint8_t loops_done;          /* LOOPSDONE follows at the end of the period */
        uint8_t stops;               /* STOP came */
        uint8_t step;                /* NEXTSTEP came */
        uint8_t silent;              /* a transfer is being ended without SEQEND */
        uint8_t unused[2];
    } state;
    /* Wiring. */
    unsigned number;
    unsigned sequence[PWM_SEQUENCES]; /* EasyDMA channels */
};

extern const struct block_spec pwm_spec[PWM_COUNT];

/* Connects the block to bus, state, events and EasyDMA. All must stay in place. */
void pwm_init(struct pwm *pwm, struct fabric *fabric, const struct block_spec *spec);

/* Registers to their reset values, no pulses. Transfers are EasyDMA's to drop. */
void pwm_reset(struct pwm *pwm, enum reset_kind reason);

#endif
