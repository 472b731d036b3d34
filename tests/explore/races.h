/* SPDX-License-Identifier: Apache-2.0 */
/*
 * firmware/races: silent in the usual timing, found by exploration as what the source says; the
 * repaired twins are explored to the bound and are clean. What is found is repeated by its token
 * alone. One test a pair.
 */
#ifndef TESTS_EXPLORE_RACES_H
#define TESTS_EXPLORE_RACES_H

/* All pairs, as `build` has compiled them. Returns how many failed. */
int races_test(const char *build);

#endif
