/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The story of one timing: what happened otherwise than usual, and what came of it, in order of
 * time. Data; sim/cli tells it in words.
 */
#ifndef SIM_EXPLORE_STORY_H
#define SIM_EXPLORE_STORY_H

#include "sim/explore/watcher.h"

enum story_kind {
    STORY_REQUEST,   /* the host sends a SETUP packet */
    STORY_START,     /* a transfer is started at `pc` */
    STORY_WORD,      /* EasyDMA moved a word: `address` */
    STORY_END,       /* EasyDMA is done */
    STORY_OBSERVED,  /* the CPU has read it at `pc` */
    STORY_INTERRUPT, /* exception `number` interrupts `context` before `pc` */
    STORY_RETURN,    /* ... and goes back to `pc` */
    STORY_STORE,     /* the CPU stores to `address` at `pc` */
    STORY_LOAD,
    STORY_OTHERWISE, /* a question was answered `value` instead of `usual`: see `point` */
    STORY_HOST,      /* the host says something */
    STORY_FAULT,     /* exception `number`, for the reason in `text` */
    STORY_LAST,      /* how it ends: see the walk */
};

/* How an access lies to the transfer that moves its bytes. */
enum story_relation { RELATION_NONE, RELATION_BEFORE, RELATION_AFTER };

enum { STORY_TEXT = 200, STORY_LINES = 10 };

struct story_line {
    sim_time when;
    uint32_t kind;   /* enum story_kind */
    uint32_t weight; /* what is left out first is the lightest */
    uint32_t order;  /* among those of one time */
    guest_addr pc;
    guest_addr address;
    uint32_t number;  /* transfer or exception */
    uint32_t context; /* 0: thread, else the exception */
    uint32_t point;   /* enum choice_point */
    uint32_t value;
    uint32_t usual;
    uint32_t repeats;  /* how often the same came again and is not told */
    guest_addr caller; /* of the function that `pc` is in, as LR says; 0: not known */
    uint16_t channel;
    uint8_t relation; /* enum story_relation */
    uint8_t reads;    /* EasyDMA reads the bytes, else it writes them */
    char text[STORY_TEXT];
};

struct story {
    struct story_line *line;
    size_t count;
    size_t room;
    guest_addr guilty; /* PC of the finding: its accesses are told */
    bool preempts;     /* the latest interrupt did not end sleep */
    bool interrupted;  /* the latest interrupt came between instructions of somebody */
    size_t shared;     /* index + 1 of the latest access to something shared */
    uint32_t moved;    /* transfer whose first word was told */
    /* Why it ends: the fault's sentence and place, or what the host said last. */
    guest_addr fault;
    uint32_t exception;
    char reason[STORY_TEXT];
};

/* Start with an empty story; `guilty` as above, 0: nobody. Released with story_release. */
void story_begin(struct story *story, guest_addr guilty);
void story_release(struct story *story);

/* Told by the watcher. */
void story_see(struct story *story, const struct watcher *watcher, const struct observation *seen);
void story_answer(struct story *story, const struct watcher *watcher, const struct choice *choice,
                  uint32_t value);

/* The walk is over: adds its end, and leaves the STORY_LINES lines that matter most. */
void story_conclude(struct story *story, const struct walk *walk);

#endif
