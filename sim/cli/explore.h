/* SPDX-License-Identifier: Apache-2.0 */
/* One `fencepost explore`, from its options to its exit code. Inside sim/cli. */
#ifndef SIM_CLI_EXPLORE_H
#define SIM_CLI_EXPLORE_H

#include "sim/cli/run_options.h"
#include "sim/explore/campaign.h"
#include "sim/explore/story.h"
#include "sim/explore/token.h"
#include "sim/report/report.h"

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
    bool help;
};

/* Reads argv. Returns -1 when all is well, else the exit code after having said why. */
int explore_options_read(struct explore_options *options, int argc, char **argv);

/* The text of `fencepost explore --help`. */
const char *explore_options_help(void);

struct explore {
    struct explore_options options;
    struct plan plan;
    struct campaign *campaign;
    struct report_options report;
    /* The failure that is told. */
    const struct campaign_class *failure;
    struct choice_answer *answers;
    uint32_t answer_count;
    unsigned tries;
    struct site site;   /* of the guilty access, as the story left it; xpsr 0: none */
    struct text replay; /* command line */
    struct text resume; /* command line; empty: there is nothing to resume */
    int argc;           /* of the command */
    char **argv;
    char token[TOKEN_ROOM]; /* of the failure; "": none */
};

/* Takes up what was known or done before; writes the file from which a search that was stopped can
 * be resumed, and the command. -1, or the exit code after having said why not. */
int explore_begin(struct explore *explore);
int explore_save_checkpoint(struct explore *explore);

/* Whether such a file is wanted. */
bool explore_keeps_checkpoint(const struct explore *explore);

/* "for all timings within": what is explored and what is left out. */
void explore_print_bounds(struct text *text, const struct explore *explore);

/* The verdict, the classes, what was covered. */
void explore_print_verdict(struct text *text, const struct explore *explore,
                           enum campaign_verdict verdict);

/* "DMA001 ..." : what went wrong in one line. */
void explore_print_failure(struct text *text, const struct explore *explore,
                           const struct campaign_class *class);

/* Writes an lcov trace file of the lines that were executed; a test of the failure. -1, or the exit
 * code after having said why not. */
int explore_write_lcov(struct explore *explore, const char *path);
int explore_emit_test(struct explore *explore, const char *path);

/* Five to ten lines in order of time. */
void explore_print_story(struct text *text, const struct explore *explore,
                         const struct story *story);

#endif
