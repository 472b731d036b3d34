/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the hostile host share. Nobody else includes this. */
#ifndef SIM_HOSTS_HOSTILE_H
#define SIM_HOSTS_HOSTILE_H

#include "sim/hosts/function.h"
#include "sim/hosts/hosts.h"

#include "sim/base/rng.h"
#include "sim/base/text.h"

enum { HOSTILE_PAIRS = 8 };

struct hostile {
    struct rng rng;
    uint32_t begun;
    uint32_t probing; /* enum probing: what the chapter before asked for */
    uint32_t pair;    /* the one that is looked at */
    uint32_t echoes;  /* bit n: pair n sends back what it gets */
    uint32_t writes;  /* the device takes vendor writes, request 0x5b */
    uint32_t blocks;  /* of a disk that may be written to, or 0 */
    uint32_t tag;     /* of the last command to it */
    uint32_t chapters;
    uint32_t attacks;
};

/* What an attack is made with. */
struct attack {
    const struct host_writing *writing;
    struct hostile *hostile;
    struct text *steps;
};

/* A number from `low` to `high`, both included. */
uint32_t hostile_pick(const struct attack *attack, uint32_t low, uint32_t high);

/* One of `count` words. */
const char *hostile_word(const struct attack *attack, const char *const *words, size_t count);

/* ---- hostile.c ---- */

/* Ways to lose the bus, or the transfer, and the way back to a configured device. */
enum loss { LOSS_RESET, LOSS_SUSPEND, LOSS_DETACH, LOSS_STOP };
enum loss hostile_loss(const struct attack *attack);
const char *hostile_loss_word(enum loss loss);
void hostile_way_back(const struct attack *attack, enum loss loss);

uint8_t hostile_configuration(const struct attack *attack);

/* ---- hostile_control.c ---- */

void hostile_attack_control(const struct attack *attack);

/* ---- hostile_stream.c ---- */

/* An OUT and an IN endpoint of the same type and interface that may send back what they get. */
struct pair {
    struct function function;
    enum endpoint_type type;
    struct function_endpoint out;
    struct function_endpoint in;
};

/* Pair `n`; false when there are not so many. Isochronous ones stand in other settings than 0. */
bool hostile_pair(const struct host *host, uint32_t n, struct pair *pair);

/* Steps that show whether the pair is an echo; and whether it was. */
void hostile_probe_pair(struct text *steps, const struct pair *pair);
bool hostile_is_echo(const struct host *host, const struct pair *pair);

/* A pair that is an echo; false when there is none. */
bool hostile_choose_echo(const struct attack *attack, struct pair *pair);

void hostile_attack_stream(const struct attack *attack, const struct pair *pair);

/* A stream that must come back whole. */
void hostile_prove_stream(const struct attack *attack, const struct pair *pair);

/* Reads of an interrupt IN endpoint that is no echo's, as a keyboard has; false when there is none.
 */
bool hostile_attack_reports(const struct attack *attack);

/* ---- hostile_storage.c ---- */

/* Steps that show how large the disk is, and then whether it takes writes. They return false when
 * there is nothing to be asked. */
bool hostile_probe_capacity(const struct attack *attack);
bool hostile_probe_writing(const struct attack *attack);

/* What the second one showed: the disk may be attacked. */
bool hostile_is_writable(const struct host *host);

void hostile_attack_storage(const struct attack *attack);

#endif
