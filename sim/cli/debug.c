/* SPDX-License-Identifier: Apache-2.0 */
/* fencepost debug: firmware under gdb. */
#include "sim/cli/cli.h"
#include "sim/cli/debug_options.h"
#include "sim/debug/server.h"
#include "sim/explore/token.h"

#include <stdio.h>

static enum status open_link(struct link **link, const struct debug_options *options,
                             struct failure *failure)
{
    if (options->stdio) {
        *link = link_open_stdio();
        return STATUS_OK;
    }
    if (options->unix_path)
        return link_listen_unix(link, options->unix_path, failure);
    return link_listen_tcp(link, options->address, options->port, failure);
}

/* On standard error: standard output may be the wire to the debugger. */
static void greet(const struct debug_options *options, const struct link *link)
{
    if (options->stdio)
        return;
    if (options->address_given)
        (void)fprintf(stderr,
                      "fencepost: %s: anybody who can reach this address controls this "
                      "session\n",
                      link_name(link));
    (void)fprintf(stderr, "fencepost: waiting; in gdb: target extended-remote %s\n",
                  link_name(link));
}

/* A misspelt name would quietly check nothing. */
static int check_heap_functions(struct target *target, const struct debug_options *options)
{
    for (unsigned i = 0; i < options->run.checked.heap_count; i++) {
        if (!checked_has_function(target_machine(target), options->run.heap[i].name))
            return cli_error("--heap=%s: the image has no such function",
                             options->run.heap_arguments[i]);
    }
    return EXIT_CLEAN;
}

/* A token vouches for a conversation; which file that is in, --host says. */
static enum status read_token(const struct debug_options *options, struct target_options *wanted,
                              struct failure *failure)
{
    const char *script = options->run.machine.host_script;
    enum status status = token_read(&wanted->plan, &wanted->token_check, options->token, failure);

    if (status != STATUS_OK)
        return status;
    if ((wanted->plan.machine.host == HOST_SCRIPT) != (script != NULL))
        return failure_set(failure, STATUS_USAGE, options->token,
                           script ? "the token says already what the host does"
                                  : "also needs the conversation, --host=FILE.usb");
    wanted->plan.machine.host_script = script;
    wanted->plan.machine.board = options->run.machine.board;
    return STATUS_OK;
}

static enum status create_target(struct target **target, const struct debug_options *options,
                                 struct failure *failure)
{
    struct target_options wanted = {.plan = {.machine = options->run.machine,
                                             .image_count = options->run.image_count,
                                             .images = options->run.images},
                                    .checked = options->run.checked,
                                    .history_bytes = options->history_bytes,
                                    .token = options->token};

    if (options->token) {
        enum status status = read_token(options, &wanted, failure);

        if (status != STATUS_OK)
            return status;
    }
    return target_create(target, &wanted, failure);
}

static void talk(struct target *target, struct link *link)
{
    struct server *server = server_create(target, link);

    server_run(server);
    server_destroy(server);
}

static int serve(const struct debug_options *options)
{
    struct failure failure;
    struct target *target;
    struct link *link;
    int code;

    if (open_link(&link, options, &failure) != STATUS_OK)
        return cli_failure(&failure);
    if (create_target(&target, options, &failure) != STATUS_OK) {
        link_close(link);
        return cli_failure(&failure);
    }
    code = check_heap_functions(target, options);
    if (code == EXIT_CLEAN) {
        greet(options, link);
        talk(target, link);
    }
    target_destroy(target);
    link_close(link);
    return code;
}

int command_debug(int argc, char **argv)
{
    struct debug_options options;
    int code = debug_options_read(&options, argc, argv);

    if (code < 0 && options.run.help) {
        cli_print(debug_options_help());
        code = cli_finish(EXIT_CLEAN);
    } else if (code < 0) {
        code = serve(&options);
    }
    board_file_free(&options.run.board.file);
    return code;
}
