/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts that must come out exactly as they are in tests/report/golden/. When a change is wanted,
 * GOLDEN=write makes the tests write the files anew; look at the difference before committing it.
 */
#ifndef TESTS_REPORT_GOLDEN_H
#define TESTS_REPORT_GOLDEN_H

/* Fails unless `text` equals golden/NAME.txt; the failure says how to renew it. */
void assert_golden(const char *name, const char *text);

#endif
