/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Choice points: where the specification is silent the model asks, and an oracle answers.
 *
 * Nothing in the simulator may settle such a question by itself: the same machine is run with the
 * realistic answer, with the extremes, with seeded-random ones and with a recorded list.
 */
#ifndef SIM_CORE_CHOICE_H
#define SIM_CORE_CHOICE_H

#include "sim/base/rng.h"
#include "sim/core/time.h"

#include <stddef.h>
#include <stdint.h>

enum choice_point {
#define CHOICE(name, lowest, typical, highest, brief) CHOICE_##name,
#include "sim/core/choice.def"
#undef CHOICE
    CHOICE_POINT_COUNT,
};

/* What a host may do in place of its next token: the answers to HOST_TURN. */
enum host_turn {
    TURN_USUAL,
    TURN_LOSES_HANDSHAKE, /* the token is sent, the handshake behind it is lost */
    TURN_SETUP_AGAIN,     /* the control transfer is given up and starts again with its SETUP */
    TURN_BUS_RESET,       /* the bus is reset and the enumeration starts again */
    TURN_STATUS_EARLY,    /* a read ends with its status stage before all came, and is repeated */
    TURNS,
};

/* One question: a whole number in [lowest, highest]. */
struct choice {
    enum choice_point point;
    uint32_t instance; /* which of several equal blocks, channels or endpoints asks */
    uint32_t lowest;
    uint32_t typical;
    uint32_t highest;
};

/* The answer to question `number` of a run, counted from 1. */
struct choice_answer {
    uint32_t number;
    uint32_t value;
};

enum { CHOICE_ANSWERS = 160 };

struct chooser;

/* An oracle answers `choice`, question number `chooser->state.asked`; the answer lies in [lowest,
 * highest]. `owner` is its own. */
typedef uint32_t choice_oracle(void *owner, struct chooser *chooser, const struct choice *choice);

enum choice_policy {
    CHOICE_REALISTIC, /* always typical */
    CHOICE_EAGER,     /* always lowest */
    CHOICE_LAZY,      /* always highest */
    CHOICE_RANDOM,    /* uniform, from the seed */
};

struct chooser {
    /* Plain state, one registered region: the random stream, the number of questions so far, and
     * the policy for the EasyDMA points, which may be changed while a machine runs. */
    struct choice_state {
        struct rng rng;
        uint64_t asked;
        uint64_t dma_policy; /* enum choice_policy */
    } state;
    /* Wiring. Policy for all other points; an oracle overrides both. */
    enum choice_policy other_policy;
    choice_oracle *oracle; /* NULL: follow the policies */
    void *oracle_owner;
    /* What is answered to single questions, whatever policies say; numbers ascend. */
    uint32_t answers;
    struct choice_answer answer[CHOICE_ANSWERS];
};

void chooser_init(struct chooser *chooser, enum choice_policy dma_policy, uint64_t seed);

/* From the next question on. */
void chooser_set_dma_policy(struct chooser *chooser, enum choice_policy policy);

/* Back to the first question of the stream of `seed`. Policies and oracle are kept. */
void chooser_reset(struct chooser *chooser, uint64_t seed);

/* Answers these questions so from now on, `count` of them, at most CHOICE_ANSWERS, in ascending
 * order; copied. A value out of the bounds of its question is taken for the nearest within. */
void chooser_answer(struct chooser *chooser, const struct choice_answer *answers, uint32_t count);

/* The answer to question `number` among `count` ascending ones, or NULL; `value`, or the nearest
 * within the bounds of `choice`. */
const struct choice_answer *answer_find(const struct choice_answer *answers, size_t count,
                                        uint32_t number);
uint32_t answer_within(uint32_t value, const struct choice *choice);

/* What the policies answer to `choice`, for an oracle that leaves a question to them. */
uint32_t chooser_follow(struct chooser *chooser, const struct choice *choice);

/* Asks with the bounds of choice.def. */
uint32_t choose(struct chooser *chooser, enum choice_point point, uint32_t instance);

/* The highest answer there is. */
uint32_t choice_highest(enum choice_point point);

const char *choice_name(enum choice_point point);

/* The bounds and the typical answer, as in choice.def. */
struct choice choice_bounds(enum choice_point point, uint32_t instance);

#endif
