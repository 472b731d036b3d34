/* SPDX-License-Identifier: Apache-2.0 */
/* --silicon, --erratum and --undocumented: which chip is simulated. Shared by the commands that run
 * firmware. */
#ifndef SIM_CLI_SILICON_OPTIONS_H
#define SIM_CLI_SILICON_OPTIONS_H

#include "sim/periph/silicon.h"

#include <getopt.h>
#include <stdbool.h>

enum silicon_option_id {
    OPTION_SILICON = 512,
    OPTION_ERRATUM,
    OPTION_UNDOCUMENTED,
    OPTION_SILICON_END,
};

/* Rows of a list for getopt_long. */
#define SILICON_LONG_OPTIONS                                                                       \
    {"silicon", required_argument, NULL, OPTION_SILICON},                                          \
        {"erratum", required_argument, NULL, OPTION_ERRATUM},                                      \
    {                                                                                              \
        "undocumented", required_argument, NULL, OPTION_UNDOCUMENTED                               \
    }

/* Lines of a command's help. */
#define SILICON_HELP                                                                               \
    "  --silicon=ideal|engA|rev1|rev2|rev3\n"                                                      \
    "                              which chip it is: its errata bite, and FICR says so (ideal)\n"  \
    "  --erratum=NUMBER:on|off     one of them. May be given several times: fencepost errata\n"    \
    "  --undocumented=WHAT:ANSWER  what no document settles, e.g. second-start:queued\n"

enum { SILICON_WORDS = 32 };

/* What was given, in any order. */
struct silicon_options {
    const char *revision; /* NULL: was not given */
    unsigned count;
    struct {
        int id;
        const char *text;
    } words[SILICON_WORDS];
};

/* Keeps an option of this file; on failure has said why for `command` and returns false. */
bool silicon_options_read(struct silicon_options *options, const char *command, int id,
                          const char *text);

/* The silicon that all of them together describe. Cannot fail. */
struct silicon silicon_options_settle(const struct silicon_options *options);

#endif
