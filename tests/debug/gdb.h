/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions with the real gdb, in batch mode. */
#ifndef TESTS_DEBUG_GDB_H
#define TESTS_DEBUG_GDB_H

/* What gdb printed. */
struct gdb_session {
    char output[262144];
    const char *at; /* gdb_says goes on from here */
};

/* Runs `script` with the simulator at the other end of a pipe. */
void gdb_run(struct gdb_session *session, const char *program, const char *script);

/* The same with a build other than the default, as in "clang-Os". */
void gdb_run_build(struct gdb_session *session, const char *build, const char *program,
                   const char *script);

/* Runs `commands` as typed into what `make debug` starts, with `options` for the simulator. */
void gdb_type(struct gdb_session *session, const char *program, const char *options,
              const char *commands);

/* Runs `script` alone; it connects by itself. */
void gdb_run_alone(struct gdb_session *session, const char *program, const char *script);

/* Fails the test, with all that was printed, unless `text` comes behind what was found before. */
void gdb_says(struct gdb_session *session, const char *text);

/* Fails the test if `text` was printed anywhere. */
void gdb_never_says(const struct gdb_session *session, const char *text);

#endif
