/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a parsed conversation consists of. Shared by the parser (script_parse*.c) and by the part of
 * the host that follows it (script_run.c, script_judge.c, script_disturb.c).
 */
#ifndef SIM_USB_SCRIPT_H
#define SIM_USB_SCRIPT_H

#include "sim/core/time.h"
#include "sim/usb/conversation.h"
#include "sim/usb/host.h"

enum {
    SCRIPT_LOOPS = 8,      /* nested */
    SCRIPT_CLAUSES = 4,    /* "after" of one transfer */
    SCRIPT_STEPS = 10000,  /* in a file */
    SCRIPT_POOL = 4 << 20, /* bytes of data in a file */
    SCRIPT_LOOP_MAX = 1000000,
};

enum step_kind {
    STEP_ATTACH,
    STEP_DETACH,
    STEP_RESET,
    STEP_SUSPEND,
    STEP_RESUME,
    STEP_WAIT,
    STEP_WAIT_DETACH,
    STEP_WAIT_WAKE_UP,
    STEP_ENUMERATE,
    STEP_PACE,
    STEP_SAY,
    STEP_CONTROL,
    STEP_IN,
    STEP_OUT,
    STEP_STREAM,
    STEP_LOOP,
    STEP_END_LOOP,
    STEP_END,
};

/* Bytes in the conversation's pool. */
struct script_data {
    uint32_t at;
    uint32_t size;
};

enum { EXPECT_ANY = 0xff }; /* every outcome will do */

/* What must come of a transfer. */
struct expectation {
    uint32_t outcomes; /* bit n: enum transfer_outcome n will do; 0: not given, success */
    bool echo;
    bool bytes_given;
    bool open; /* more may follow the bytes */
    bool size_given;
    struct script_data bytes; /* values; as many masks stand behind them in the pool */
    uint32_t least;           /* bytes */
    uint32_t most;
};

enum clause_point { POINT_PACKETS, POINT_BYTES, POINT_TIME, POINT_STATUS };

enum clause_action {
    ACTION_STATUS,
    ACTION_STOP,
    ACTION_RESET,
    ACTION_SUSPEND,
    ACTION_DETACH,
    ACTION_WAIT,
    ACTION_LOSE_ACK,
    ACTION_SPOIL,  /* the packet's CRC */
    ACTION_BABBLE, /* too many bytes in one packet */
    ACTION_STALE,  /* a packet with the wrong toggle before it */
    ACTION_EXCESS, /* a packet too many */
};

/* "after POINT ACTION" */
struct clause {
    enum clause_point point;
    uint32_t count; /* packets or bytes */
    sim_time time;  /* behind the point; POINT_TIME: behind the first token */
    enum clause_action action;
    sim_time wait; /* ACTION_WAIT */
};

struct step {
    enum step_kind kind;
    unsigned line;
    sim_time time;    /* to wait, to signal, to be patient; 0: the usual */
    uint32_t count;   /* loops; bytes wanted */
    uint32_t partner; /* END_LOOP: its LOOP */
    struct script_data data;
    uint8_t setup[8];
    enum host_profile profile;
    bool paced;
    uint8_t endpoint;
    uint8_t in_endpoint;  /* STREAM: `endpoint` is out; 0: that direction is not used */
    uint32_t seed;        /* STREAM: of the pattern, */
    sim_time pause;       /* ... how long the host stops reading, */
    uint32_t pause_every; /* ... and after how many bytes; 0: never */
    bool isochronous;
    uint32_t boundary; /* STREAM: bytes of a transfer; 0: cut as it comes */
    bool resumes;      /* WAIT_WAKE_UP: "or resume" */
    bool zlp;
    bool bulk;           /* whatever the descriptor says */
    uint16_t interval;   /* frames; 0: as the descriptor says */
    uint16_t packet_max; /* 0: as the descriptor says */
    uint8_t toggle;      /* PID of the first packet; 0: as it comes */
    struct expectation expect;
    unsigned clauses;
    struct clause clause[SCRIPT_CLAUSES];
};

struct conversation {
    char *name;
    unsigned steps; /* the last one is STEP_END */
    unsigned step_room;
    struct step *step;
    size_t pool_size;
    size_t pool_room;
    uint8_t *pool;
};

#endif
