/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a scripted device answers: "after these bytes come those", as text.
 *
 *     # a flash memory
 *     select P0.17                   it is addressed while this pin is low (SPI)
 *     default 00                     what it says when no line applies (ff)
 *     9f          : ef 40 18         the bytes behind 9f
 *     03 ?? ?? ?? : 01 02 03 04      ?? is any byte
 *     nack 55                        it does not acknowledge this byte (TWI)
 *
 * Of several lines that apply the first one counts. Once an answer is used up, the default follows.
 */
#ifndef SIM_BOARD_ANSWERS_H
#define SIM_BOARD_ANSWERS_H

#include "sim/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ANSWER_PATTERN_MAX = 16,
    ANSWER_REPLY_MAX = 256,
    ANSWERS_MAX = 64,
    ANSWER_NO_PIN = 0xff,
};

struct answer {
    uint8_t pattern[ANSWER_PATTERN_MAX];
    uint8_t any[ANSWER_PATTERN_MAX]; /* 1: this byte may be any */
    uint8_t pattern_size;
    bool refuses; /* the last byte of the pattern is not acknowledged; no reply */
    uint16_t reply_size;
    uint8_t reply[ANSWER_REPLY_MAX];
};

/* Constant once it is read. */
struct answers {
    uint8_t usual;      /* the default */
    uint8_t select_pin; /* 0..47, or ANSWER_NO_PIN */
    unsigned count;
    struct answer *list; /* count of them */
};

/* Reads the file `path`. Errors name line and column. Released with answers_free. */
MUST_CHECK enum status answers_read(struct answers *answers, const char *path,
                                    struct failure *failure);

/* As answers_read, from a text that is in memory; `name` is for messages. */
MUST_CHECK enum status answers_parse(struct answers *answers, const char *name, const char *text,
                                     size_t size, struct failure *failure);
void answers_free(struct answers *answers);

/*
 * What has been said to the device, and how much it has answered since it was last spoken to. Plain
 * state.
 */
struct dialogue {
    uint8_t heard[ANSWER_PATTERN_MAX]; /* the first bytes; unused ones are 0 */
    uint32_t count;                    /* of all bytes heard */
    uint32_t said;                     /* bytes read from it (TWI) */
};

/* The device hears `byte`. */
void dialogue_hear(struct dialogue *dialogue, uint8_t byte);

/* Full duplex: what it says while it hears its next byte, `dialogue->count` bytes after the
 * exchange began. */
uint8_t answers_alongside(const struct answers *answers, const struct dialogue *dialogue);

/* Half duplex: what it says next, after all that it heard; counts it. */
uint8_t answers_next(const struct answers *answers, struct dialogue *dialogue);

/* Would it refuse `byte`, if it heard it now? */
bool answers_refuse(const struct answers *answers, const struct dialogue *dialogue, uint8_t byte);

#endif
