/* SPDX-License-Identifier: Apache-2.0 */
/* A target with real firmware, and what tests do with it all the time. */
#ifndef TESTS_DEBUG_DEBUGGEE_H
#define TESTS_DEBUG_DEBUGGEE_H

#include "sim/debug/target.h"

/* Starts a program of firmware/ in its default build. */
struct target *debug_firmware(const char *program);

/* The same with a machine of one's own, and a path. */
struct target *debug_image(char *path, const struct machine_options *machine);

/* The path of a program in its default build; overwritten by the next call. */
char *path_of(const char *program);

guest_addr address_of(struct target *target, const char *symbol);

/* Runs until it halts; fails the test after some seconds of virtual time. */
enum halt run_until_halt(struct target *target);
enum halt step(struct target *target);

/* The same for at most `slices` of about a millisecond; then it is interrupted. */
enum halt run_for(struct target *target, enum motion motion, unsigned slices);

sim_time now_of(struct target *target);
uint64_t hash_of(struct target *target);

#endif
