/* SPDX-License-Identifier: Apache-2.0 */
/* Packets that do something: registers, memory, breakpoints, running, going back. */
#include "sim/debug/server_state.h"

#include "sim/base/compiler.h"
#include "sim/base/heap.h"

#include <string.h>

static void fail(struct server *server)
{
    server_reply(server, "E01");
}

static void answer(struct server *server, bool good)
{
    server_reply(server, good ? "OK" : "E01");
}

/* "ADDRESS,SIZE" */
static bool read_range(const char **at, struct byte_range *range)
{
    uint64_t start;
    uint64_t size;

    if (!packet_number(at, &start) || !packet_skip(at, ',') || !packet_number(at, &size))
        return false;
    *range = (struct byte_range){(guest_addr)start, (uint32_t)size};
    return start <= UINT32_MAX && size <= UINT32_MAX;
}

/* ---- Registers ------------------------------------------------------------------------------- */

static unsigned read_register(struct server *server, unsigned index, uint8_t *bytes)
{
    struct site site;

    if (server->thread == THREAD_CPU)
        return description_read(server->target, index, bytes);
    (void)thread_site(server->target, server->thread, &site);
    return description_read_site(&site, index, bytes);
}

static void get_registers(struct server *server, const char *args, size_t size)
{
    (void)args;
    (void)size;
    text_clear(&server->answer);
    for (unsigned index = 0; index < DESCRIBED_REGISTERS; index++) {
        uint8_t bytes[DESCRIBED_BYTES_MAX];

        packet_print_hex(&server->answer, bytes, read_register(server, index, bytes));
    }
    server_reply_text(server, &server->answer);
}

static bool write_register(struct server *server, unsigned index, const char **args)
{
    uint8_t bytes[DESCRIBED_BYTES_MAX];
    uint8_t before[DESCRIBED_BYTES_MAX];
    unsigned size = description_size(index);

    if (!packet_hex(args, bytes, size))
        return false;
    (void)description_read(server->target, index, before);
    return !memcmp(bytes, before, size) || description_write(server->target, index, bytes);
}

/* gdb sends all of them to change one: those that stay are left alone. */
static void set_registers(struct server *server, const char *args, size_t size)
{
    bool good = server->thread == THREAD_CPU;

    (void)size;
    for (unsigned index = 0; good && *args && index < DESCRIBED_REGISTERS; index++)
        good = write_register(server, index, &args);
    answer(server, good);
}

static void get_register(struct server *server, const char *args, size_t size)
{
    uint8_t bytes[DESCRIBED_BYTES_MAX];
    uint64_t number;
    unsigned index;

    (void)size;
    if (!packet_number(&args, &number) ||
        (index = description_index(number)) == DESCRIBED_REGISTERS) {
        fail(server);
        return;
    }
    text_clear(&server->answer);
    packet_print_hex(&server->answer, bytes, read_register(server, index, bytes));
    server_reply_text(server, &server->answer);
}

static void set_register(struct server *server, const char *args, size_t size)
{
    uint64_t number;
    unsigned index;

    (void)size;
    if (server->thread != THREAD_CPU || !packet_number(&args, &number) ||
        !packet_skip(&args, '=') || (index = description_index(number)) == DESCRIBED_REGISTERS)
        fail(server);
    else
        answer(server, write_register(server, index, &args));
}

static void select_thread(struct server *server, const char *args, size_t size)
{
    uint64_t thread = THREAD_CPU;
    char what = *args;

    (void)size;
    if (what != 'g' && what != 'c') {
        fail(server);
        return;
    }
    args++;
    if (*args == '-') /* all of them */
        thread = THREAD_CPU;
    else if (!packet_number(&args, &thread) || thread > THREADS) {
        fail(server);
        return;
    }
    if (what == 'g')
        server->thread = thread ? (enum thread)thread : THREAD_CPU;
    server_reply(server, "OK");
}

static void is_alive(struct server *server, const char *args, size_t size)
{
    uint64_t thread;

    (void)size;
    answer(server, packet_number(&args, &thread) && thread && thread <= THREADS);
}

/* ---- Memory ---------------------------------------------------------------------------------- */

static void get_memory(struct server *server, const char *args, size_t size)
{
    uint8_t bytes[PACKET_MAX / 2];
    struct byte_range range;
    size_t count;

    (void)size;
    if (!read_range(&args, &range)) {
        fail(server);
        return;
    }
    if (range.size > sizeof bytes)
        range.size = sizeof bytes;
    count = target_read(server->target, range.start, bytes, range.size);
    if (!count && range.size) {
        fail(server);
        return;
    }
    text_clear(&server->answer);
    packet_print_hex(&server->answer, bytes, count);
    server_reply_text(server, &server->answer);
}

static void set_memory(struct server *server, const char *args, size_t size)
{
    uint8_t bytes[PACKET_MAX / 2];
    struct byte_range range;

    (void)size;
    answer(server, read_range(&args, &range) && packet_skip(&args, ':') &&
                       range.size <= sizeof bytes && packet_hex(&args, bytes, range.size) &&
                       target_write(server->target, range.start, bytes, range.size));
}

static void set_memory_binary(struct server *server, const char *args, size_t size)
{
    const char *start = args;
    struct byte_range range;

    answer(server,
           read_range(&args, &range) && packet_skip(&args, ':') &&
               range.size <= size - (size_t)(args - start) &&
               target_write(server->target, range.start, (const uint8_t *)args, range.size));
}

static void erase_flash(struct server *server, const char *args, size_t size)
{
    struct byte_range range;

    (void)size;
    answer(server, read_range(&args, &range) && target_erase(server->target, range));
}

static void write_flash(struct server *server, const char *args, size_t size)
{
    const char *start = args;
    uint64_t address;

    answer(server, packet_number(&args, &address) && packet_skip(&args, ':') &&
                       address <= UINT32_MAX &&
                       target_program(server->target, (guest_addr)address, (const uint8_t *)args,
                                      size - (size_t)(args - start)));
}

static void finish_flash(struct server *server, const char *args, size_t size)
{
    (void)args;
    (void)size;
    target_programmed(server->target);
    monitor_forget(&server->monitor); /* they knew the old flash */
    server_reply(server, "OK");
}

/* ---- Breakpoints ----------------------------------------------------------------------------- */

/* "TYPE,ADDRESS,KIND": kind is the size of what is watched. Conditions are gdb's to test. */
static void set_point(struct server *server, const char *args, bool on)
{
    struct byte_range range;
    uint64_t type;
    enum breakpoint_kind breakpoint;
    enum watchpoint_kind kind;

    if (!packet_number(&args, &type) || !packet_skip(&args, ',') || !read_range(&args, &range)) {
        fail(server);
        return;
    }
    if (type > 4) {
        server_reply(server, "");
        return;
    }
    kind = type == 2 ? WATCHPOINT_WRITE : type == 3 ? WATCHPOINT_READ : WATCHPOINT_ACCESS;
    breakpoint = type ? BREAKPOINT_HARDWARE : BREAKPOINT_SOFTWARE;
    if (type < 2 && on)
        target_add_breakpoint(server->target, breakpoint, range.start & ~1u);
    else if (type < 2)
        target_remove_breakpoint(server->target, breakpoint, range.start & ~1u);
    else if (on)
        target_add_watchpoint(server->target, kind, range);
    else
        target_remove_watchpoint(server->target, kind, range);
    server_reply(server, "OK");
}

static void insert_point(struct server *server, const char *args, size_t size)
{
    (void)size;
    set_point(server, args, true);
}

static void remove_point(struct server *server, const char *args, size_t size)
{
    (void)size;
    set_point(server, args, false);
}

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
        fail(server);
}

static void step(struct server *server, const char *args, size_t size)
{
    (void)size;
    if (move_pc(server, args))
        go(server, MOTION_STEP, (struct byte_range){0, 0});
    else
        fail(server);
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
        fail(server);
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
        fail(server);
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

/* ---- Dispatch -------------------------------------------------------------------------------- */

static const struct packet_row rows[] = {
    {"g", get_registers},
    {"G", set_registers},
    {"p", get_register},
    {"P", set_register},
    {"m", get_memory},
    {"M", set_memory},
    {"X", set_memory_binary},
    {"H", select_thread},
    {"T", is_alive},
    {"Z", insert_point},
    {"z", remove_point},
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
    {"vFlashErase:", erase_flash},
    {"vFlashWrite:", write_flash},
    {"vFlashDone", finish_flash},
    {"vKill", die_politely},
    {"vRun", run_anew},
    {NULL, NULL},
};

static bool dispatch(struct server *server, const struct packet_row *row, const char *packet,
                     size_t size)
{
    for (; row->prefix; row++) {
        size_t length = strlen(row->prefix);

        if (strncmp(packet, row->prefix, length) != 0)
            continue;
        row->obey(server, packet + length, size - length);
        return true;
    }
    return false;
}

void server_dispatch(struct server *server, char *packet, size_t size)
{
    if (!dispatch(server, query_rows, packet, size) && !dispatch(server, rows, packet, size))
        server_reply(server, "");
}
