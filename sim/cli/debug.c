/* SPDX-License-Identifier: Apache-2.0 */
/* fencepost debug: firmware under gdb. */
#include "sim/cli/cli.h"
#include "sim/cli/debug_options.h"
#include "sim/debug/server.h"

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

static int serve(const struct debug_options *options)
{
    struct failure failure;
    struct target *target;
    struct server *server;
    struct link *link;

    if (open_link(&link, options, &failure) != STATUS_OK)
        return cli_failure(&failure);
    if (target_create(&target, &options->target, &failure) != STATUS_OK) {
        link_close(link);
        return cli_failure(&failure);
    }
    greet(options, link);
    server = server_create(target, link);
    server_run(server);
    server_destroy(server);
    target_destroy(target);
    link_close(link);
    return EXIT_CLEAN;
}

int command_debug(int argc, char **argv)
{
    struct debug_options options;
    int code = debug_options_read(&options, argc, argv);

    if (code >= 0)
        return code;
    if (options.help) {
        cli_print(debug_options_help());
        return cli_finish(EXIT_CLEAN);
    }
    return serve(&options);
}
