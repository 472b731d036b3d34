/* SPDX-License-Identifier: Apache-2.0 */
/* One `fencepost explore`, from its options to its exit code. Inside sim/cli. */
#ifndef SIM_CLI_EXPLORE_H
#define SIM_CLI_EXPLORE_H

#include "sim/cli/run_options.h"
#include "sim/explore/campaign.h"
#include "sim/explore/story.h"
#include "sim/explore/token.h"
#include "sim/report/report.h"
#include "sim/report/suppressions.h"

struct explore_options {
    char **arguments;       /* what the list of images points into; the caller releases it */
    struct run_options run; /* what explore has in common with run */
    struct campaign_options campaign;
    double seconds;         /* of host time; 0: no bound */
    bool json;              /* progress and verdict as lines of JSON */
    const char *resume;     /* file of a search that was stopped; NULL: begin at the beginning */
    const char *checkpoint; /* file for one that is stopped now; NULL: usual name; "none" */
    const char *known;      /* file with what is known of sharing; NULL: none */
    const char *lcov;       /* file for line coverage; NULL: none */
    const char *emit_test;  /* file for a CMocka test of the failure; NULL: none */
    uint32_t shrink;        /* runs to make a failing timing small; 0: it is told as found */
    bool help;
};

/* Reads argv. Returns -1 when all is well, else the exit code after having said why. */
int explore_options_read(struct explore_options *options, int argc, char **argv);

/* The text of `fencepost explore --help`. */
const char *explore_options_help(void);

enum { FAILURES_MAX = 16 };

/* A class of failures, made small and told. */
struct explore_failure {
    const struct campaign_class *class;
    struct choice_answer *answers; /* what is left of the class's own */
    uint32_t answer_count;
    unsigned tries;   /* runs it took to leave out the others */
    bool again;       /* it failed again when it was told */
    struct site site; /* of the guilty access; xpsr 0: none */
    struct story story;
    bool asleep;          /* the CPU, at the end */
    struct text answered; /* ANSWER: request and answer, and what is usually answered; or empty */
    struct text usually;
    struct text replay;     /* command line; empty: no token can stand for it */
    char token[TOKEN_ROOM]; /* "": none */
};

/* A finding of one of the runs that are told of. */
struct explore_finding {
    struct finding finding;
    const char *replay;                   /* NULL: none */
    const struct suppression *suppressed; /* NULL: it counts */
};

struct explore {
    struct explore_options options;
    struct plan plan;
    struct campaign *campaign;
    struct report_options report;
    int argc; /* of the command */
    char **argv;
    struct text resume;                /* command line; empty: there is nothing to resume */
    struct suppressions *suppressions; /* NULL: none were given */
    unsigned *used;                    /* by line of them, shared by all processes */
    unsigned failure_count;
    struct explore_failure failure[FAILURES_MAX];
    unsigned finding_count;
    struct explore_finding **findings;
};

/* Takes up what was known or done before; writes the file from which a search that was stopped can
 * be resumed, and the command. -1, or the exit code after having said why not. */
int explore_begin(struct explore *explore);
int explore_save_checkpoint(struct explore *explore);

/* Whether such a file is wanted. */
bool explore_keeps_checkpoint(const struct explore *explore);

/* Reads the suppressions; what they cover is no failure then. -1, or the exit code after having
 * said why not. To be called before the campaign is created. */
int explore_read_suppressions(struct explore *explore);

/* Makes the failures small, runs them once more, and keeps what they found; the usual run's
 * warnings, too. */
void explore_find_failures(struct explore *explore);
void explore_release_failures(struct explore *explore);

/* "for all timings within": what is explored and what is left out. */
void explore_print_bounds(struct text *text, const struct explore *explore);

/* The verdict, the classes, what was covered. */
void explore_print_verdict(struct text *text, const struct explore *explore,
                           enum campaign_verdict verdict);

/* The chance that a bug of the depth looked for was missed, 0 to 1; of pct alone. */
double explore_missed(const struct explore *explore);

/* "DMA001 ..." : what went wrong in one line. */
void explore_print_class(struct text *text, const struct explore *explore,
                         const struct campaign_class *class);

/* Five to ten lines in order of time; and one of them, without its time. */
void explore_print_story(struct text *text, const struct explore *explore,
                         const struct explore_failure *failure);
void explore_print_story_line(struct text *text, const struct explore *explore,
                              const struct explore_failure *failure, const struct story_line *line);

/* The same for programs: docs/explore.schema.json. Members of an object that is open. */
void explore_write_json(struct json *json, const struct explore *explore,
                        enum campaign_verdict verdict, int code);

/* Writes all reports. `words`: what people read. Returns an exit code. */
int explore_write_reports(struct explore *explore, enum campaign_verdict verdict,
                          const char *words);

/* Writes an lcov trace file of the lines that were executed; a test of the first failure. -1, or
 * the exit code after having said why not. */
int explore_write_lcov(struct explore *explore, const char *path);
int explore_emit_test(struct explore *explore, const char *path);

#endif
