/* SPDX-License-Identifier: Apache-2.0 */
/* Stopping a search and going on with it: the file it is kept in, and the command that is typed. */
#include "sim/cli/explore.h"

#include "sim/base/file.h"
#include "sim/base/heap.h"
#include "sim/cli/cli.h"
#include "sim/explore/checkpoint.h"
#include "sim/explore/strategy.h"

#include <stdio.h>
#include <string.h>

/* Name of the image without folder and ending; strategy and slice when they are not the usual ones:
 * searches that run side by side do not write one file. */
static void print_usual_name(struct text *text, const struct explore *explore)
{
    const struct campaign_options *campaign = &explore->options.campaign;
    const char *path = explore->plan.images[0];
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    const char *dot = strrchr(name, '.');

    text_printf(text, "%.*s", dot ? (int)(dot - name) : (int)strlen(name), name);
    if (campaign->strategy != &strategy_exhaustive)
        text_printf(text, "-%s", campaign->strategy->name);
    if (campaign->slices > 1)
        text_printf(text, "-%uof%u", campaign->slice + 1, campaign->slices);
    text_printf(text, ".checkpoint");
}

static bool is_plain(const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-_=./,:+@%";

    return *word && word[strspn(word, plain)] == '\0';
}

/* As a shell takes it for one word. */
static void print_word(struct text *text, const char *word)
{
    if (is_plain(word)) {
        text_printf(text, " %s", word);
        return;
    }
    text_printf(text, " '");
    for (; *word; word++) {
        if (*word == '\'')
            text_printf(text, "'\\''");
        else
            text_append(text, word, 1);
    }
    text_printf(text, "'");
}

/* How many elements of argv the option takes at `at`; 0: it is not there. */
static int option_at(const struct explore *explore, int at, const char *option)
{
    const char *word = explore->argv[at];
    size_t size = strlen(option);

    if (strncmp(word, option, size) != 0)
        return 0;
    return word[size] == '=' ? 1 : word[size] ? 0 : 2;
}

static void print_command(struct text *text, const struct explore *explore, const char *path)
{
    struct text resume = {0};

    text_printf(&resume, "--resume=%s", path);
    text_printf(text, "fencepost explore");
    print_word(text, text_string(&resume));
    text_free(&resume);
    for (int i = 1; i < explore->argc;) {
        int taken = option_at(explore, i, "--resume") + option_at(explore, i, "--known");

        if (!taken)
            print_word(text, explore->argv[i++]);
        i += taken;
    }
}

bool explore_keeps_checkpoint(const struct explore *explore)
{
    const char *path = explore->options.checkpoint;

    return !path || strcmp(path, "none") != 0;
}

int explore_save_checkpoint(struct explore *explore)
{
    const struct explore_options *options = &explore->options;
    struct text usual = {0};
    const char *path = options->checkpoint ? options->checkpoint : options->resume;
    struct failure failure;
    int code = -1;

    print_usual_name(&usual, explore);
    if (!path)
        path = text_string(&usual);
    text_clear(&explore->resume);
    if (checkpoint_save(explore->campaign, path, &failure) == STATUS_OK)
        print_command(&explore->resume, explore, path);
    else
        code = cli_failure(&failure);
    text_free(&usual);
    return code;
}

static int read_known(struct explore *explore, const char *path)
{
    struct sharing *known;
    struct failure failure;
    uint8_t *bytes;
    char *text;
    size_t size;
    enum status status;

    if (!strcmp(path, "-"))
        path = "/dev/stdin";
    status = file_read(path, &bytes, &size, &failure);
    if (status != STATUS_OK)
        return cli_failure(&failure);
    known = heap_allocate(1, sizeof *known);
    text = heap_allocate(size + 1, 1);
    memcpy(text, bytes, size);
    status = sharing_read(known, text, path, &failure);
    if (status == STATUS_OK)
        campaign_know(explore->campaign, known);
    heap_release(text);
    heap_release(bytes);
    heap_release(known);
    return status == STATUS_OK ? -1 : cli_failure(&failure);
}

int explore_begin(struct explore *explore)
{
    struct failure failure;

    if (explore->options.known)
        return read_known(explore, explore->options.known);
    if (explore->options.resume &&
        checkpoint_load(explore->campaign, explore->options.resume, &failure) != STATUS_OK)
        return cli_failure(&failure);
    return -1;
}
