/* SPDX-License-Identifier: Apache-2.0 */
/* The corpus as CMocka tests, one for each bug. */
#ifndef TESTS_BUGS_CORPUS_TEST_H
#define TESTS_BUGS_CORPUS_TEST_H

/* Runs all bugs and twins in those builds of BUG_BUILDS whose names begin with `compiler`. Returns
 * what main should. */
int corpus_test(const char *compiler);

#endif
