/* SPDX-License-Identifier: Apache-2.0 */
/* The few compiler extensions the project uses, each behind a name that says what it is for. */
#ifndef SIM_BASE_COMPILER_H
#define SIM_BASE_COMPILER_H

/* The caller must look at the result. */
#define MUST_CHECK __attribute__((warn_unused_result))

/* Argument `format_at` (from 1) is a printf format, its values start at argument `first`. */
#define PRINTF_LIKE(format_at, first) __attribute__((format(printf, format_at, first)))

/* Only on the per-instruction and per-store paths, where a wrong guess is measurable. */
#define LIKELY(condition) __builtin_expect(!!(condition), 1)
#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)

/* A function that a hot path seldom calls: kept out of it, so that it saves no registers for it. */
#define SELDOM __attribute__((noinline))

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#endif
