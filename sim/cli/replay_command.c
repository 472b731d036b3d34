/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/cli/replay_command.h"

#include <string.h>

/* Options that decide not how the run goes but what is found in it. */
static void print_rules(struct text *text, const struct run_options *options)
{
    const struct checker_options *checker = &options->checked.checker;

    for (unsigned i = 0; i < options->checked.heap_count; i++)
        text_printf(text, " --heap=%s", options->heap_arguments[i]);
    if (options->rules)
        text_printf(text, " --rules=%s", options->rules);
    if (checker->fences != FENCES_WARN)
        text_printf(text, " --fences=%s", run_options_fences(options));
    if (checker->memory_model != MEMORY_MODEL_ARMV7M)
        text_printf(text, " --memory-model=%s", run_options_memory_model(options));
}

static void print_board(struct text *text, const struct board_options *board)
{
    for (unsigned port = 0; port < BOARD_PORTS; port++) {
        if (board->port[port])
            text_printf(text, " --%s=%s", board_port_name((enum board_port)port),
                        board->port[port]);
    }
}

bool replay_print(struct text *text, const struct run_options *options, const struct plan *plan,
                  uint64_t fingerprint, char token[TOKEN_ROOM])
{
    char written[TOKEN_ROOM];

    if (!token_write(written, plan, fingerprint))
        return false;
    text_printf(text, "fencepost replay");
    print_rules(text, options);
    if (plan->flash)
        text_printf(text, " --flash=%s", plan->flash);
    if (plan->machine.host_script)
        text_printf(text, " --host=%s", plan->machine.host_script);
    print_board(text, &plan->machine.board);
    text_printf(text, " %s", written);
    for (unsigned i = 0; i < plan->image_count; i++)
        text_printf(text, " %s", plan->images[i]);
    if (token)
        memcpy(token, written, sizeof written);
    return true;
}
