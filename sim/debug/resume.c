/* SPDX-License-Identifier: Apache-2.0 */
/* Packets that make the target run, forwards and backwards, and those that begin and end a session.
 */
#include "sim/debug/server_state.h"

#include <string.h>

/* ---- Running --------------------------------------------------------------------------------- */

/* The firmware has ended, and was told to go on all the same: then so has the session. */
static bool has_exited(struct server *server)
{
    struct halt_report report = target_halted(server->target);

    if (report.halt != HALT_EXIT)
        return false;
    text_clear(&server->answer);
    text_printf(&server->answer, "W%02x", (unsigned)report.code & 0xff);
    server_reply_text(server, &server->answer);
    return true;
}

static void go(struct server *server, enum motion motion, struct byte_range range)
{
    if (has_exited(server))
        return;
    target_go(server->target, motion, range);
    server->running = true;
}

/* An address behind `c` and `s` says where to go on. */
static bool move_pc(struct server *server, const char *args)
{
    uint64_t address;

    if (!*args || !packet_number(&args, &address))
        return !*args;
    target_set_register(server->target, CPU_PC, (uint32_t)address & ~1u);
    return true;
}

static void resume(struct server *server, const char *args, size_t size)
{
    (void)size;
    if (move_pc(server, args))
        go(server, MOTION_CONTINUE, (struct byte_range){0, 0});
    else
        server_fail(server);
}

static void step(struct server *server, const char *args, size_t size)
{
    (void)size;
    if (move_pc(server, args))
        go(server, MOTION_STEP, (struct byte_range){0, 0});
    else
        server_fail(server);
}

/* "SIGNAL[;ADDRESS]": there are no signals here. */
static const char *behind_signal(const char *args)
{
    const char *at = strchr(args, ';');

    return at ? at + 1 : "";
}

static void resume_with_signal(struct server *server, const char *args, size_t size)
{
    resume(server, behind_signal(args), size);
}

static void step_with_signal(struct server *server, const char *args, size_t size)
{
    step(server, behind_signal(args), size);
}

/* The action that concerns the CPU: the first without a thread, or with that one. */
static const char *action_of_cpu(const char *args)
{
    const char *any = args;

    while (*args) {
        const char *end = strchr(args, ';');
        const char *colon = strchr(args, ':');
        bool named = colon && (!end || colon < end);
        uint64_t thread = 0;
        const char *at = named ? colon + 1 : "";

        if (!named || *at == '-' || !packet_number(&at, &thread) || thread <= THREAD_CPU)
            return args;
        if (!end)
            break;
        args = end + 1;
    }
    return any; /* the others stand still when the CPU does: they move with it */
}

static bool read_step_range(const char *action, struct byte_range *range)
{
    uint64_t start;
    uint64_t end;

    action++;
    if (!packet_number(&action, &start) || !packet_skip(&action, ',') ||
        !packet_number(&action, &end) || start > end || end > UINT32_MAX)
        return false;
    *range = (struct byte_range){(guest_addr)start, (uint32_t)(end - start)};
    return true;
}

static void continue_verbosely(struct server *server, const char *args, size_t size)
{
    const char *action = action_of_cpu(args);
    struct byte_range range = {0, 0};

    (void)size;
    if (*action == 'c' || *action == 'C')
        go(server, MOTION_CONTINUE, range);
    else if (*action == 's' || *action == 'S')
        go(server, MOTION_STEP, range);
    else if (*action == 'r' && read_step_range(action, &range))
        go(server, MOTION_RANGE, range);
    else if (*action == 't')
        server_reply_stop(server);
    else
        server_fail(server);
}

static void tell_continue_actions(struct server *server, const char *args, size_t size)
{
    (void)args;
    (void)size;
    server_reply(server, "vCont;c;C;s;S;t;r");
}

static void go_back(struct server *server, const char *args, size_t size)
{
    (void)size;
    if (!target_can_go_back(server->target) || (*args != 's' && *args != 'c') || args[1]) {
        server_fail(server);
        return;
    }
    if (*args == 's')
        target_step_back(server->target);
    else
        target_continue_back(server->target);
    server_reply_stop(server);
}

static void why_halted(struct server *server, const char *args, size_t size)
{
    (void)args;
    (void)size;
    server_reply_stop(server);
}

/* ---- The session ----------------------------------------------------------------------------- */

static void extend(struct server *server, const char *args, size_t size)
{
    (void)args;
    (void)size;
    server->extended = true;
    server_reply(server, "OK");
}

static void detach(struct server *server, const char *args, size_t size)
{
    (void)args;
    (void)size;
    server->leaving = true;
    server_reply(server, "OK");
}

/* In an extended session another `run` may follow. */
static void end(struct server *server)
{
    if (server->extended) {
        target_restart(server->target);
    } else {
        server->leaving = true;
        server->killed = true;
    }
}

static void die(struct server *server, const char *args, size_t size)
{
    (void)args;
    (void)size;
    end(server);
}

static void die_politely(struct server *server, const char *args, size_t size)
{
    (void)args;
    (void)size;
    end(server);
    server_reply(server, "OK");
}

static void restart(struct server *server, const char *args, size_t size)
{
    (void)args;
    (void)size;
    target_restart(server->target);
}

static void run_anew(struct server *server, const char *args, size_t size)
{
    (void)args;
    (void)size;
    target_restart(server->target);
    server_reply_stop(server);
}

const struct packet_row resume_rows[] = {
    {"c", resume},
    {"C", resume_with_signal},
    {"s", step},
    {"S", step_with_signal},
    {"b", go_back},
    {"?", why_halted},
    {"!", extend},
    {"D", detach},
    {"k", die},
    {"R", restart},
    {"vCont?", tell_continue_actions},
    {"vCont;", continue_verbosely},
    {"vKill", die_politely},
    {"vRun", run_anew},
    {NULL, NULL},
};
