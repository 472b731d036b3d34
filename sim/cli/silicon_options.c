/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/cli/silicon_options.h"

#include "sim/base/text.h"
#include "sim/cli/cli.h"

#include <string.h>

static bool apply(struct silicon *silicon, int id, const char *text)
{
    switch (id) {
    case OPTION_SILICON:
        return silicon_read_revision(silicon, text);
    case OPTION_ERRATUM:
        return silicon_read_erratum(silicon, text);
    default:
        return silicon_read_undocumented(silicon, text);
    }
}

static bool refuse(const char *command, int id, const char *text)
{
    if (id == OPTION_SILICON)
        (void)cli_usage_error(command, "--silicon=%s: not one of: ideal, engA, rev1, rev2, rev3",
                              text);
    else if (id == OPTION_ERRATUM)
        (void)cli_usage_error(command,
                              "--erratum=%s: not like 199:on or 199:off, with a number that "
                              "'fencepost errata' lists",
                              text);
    else
        (void)cli_usage_error(command,
                              "--undocumented=%s: not like second-start:queued, with words that "
                              "'fencepost errata' lists",
                              text);
    return false;
}

bool silicon_options_read(struct silicon_options *options, const char *command, int id,
                          const char *text)
{
    struct silicon scratch = {0};

    if (!apply(&scratch, id, text))
        return refuse(command, id, text);
    if (id == OPTION_SILICON) {
        options->revision = text;
        return true;
    }
    if (options->count == SILICON_WORDS) {
        (void)cli_usage_error(command, "--%s: at most %d of --erratum and --undocumented",
                              id == OPTION_ERRATUM ? "erratum" : "undocumented", SILICON_WORDS);
        return false;
    }
    options->words[options->count].id = id;
    options->words[options->count++].text = text;
    return true;
}

struct silicon silicon_options_settle(const struct silicon_options *options)
{
    struct silicon silicon = {0};

    if (options->revision)
        (void)apply(&silicon, OPTION_SILICON, options->revision);
    for (unsigned i = 0; i < options->count; i++)
        (void)apply(&silicon, options->words[i].id, options->words[i].text);
    return silicon;
}
