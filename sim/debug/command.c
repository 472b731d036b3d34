/* SPDX-License-Identifier: Apache-2.0 */
/* Packets about registers, memory, flash and breakpoints; and who obeys which packet. */
#include "sim/debug/server_state.h"

#include "sim/base/compiler.h"
#include "sim/base/heap.h"

#include <string.h>

void server_fail(struct server *server)
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
        server_fail(server);
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
        server_fail(server);
    else
        answer(server, write_register(server, index, &args));
}

static void select_thread(struct server *server, const char *args, size_t size)
{
    uint64_t thread = THREAD_CPU;
    char what = *args;

    (void)size;
    if (what != 'g' && what != 'c') {
        server_fail(server);
        return;
    }
    args++;
    if (*args == '-') /* all of them */
        thread = THREAD_CPU;
    else if (!packet_number(&args, &thread) || thread > THREADS) {
        server_fail(server);
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
        server_fail(server);
        return;
    }
    if (range.size > sizeof bytes)
        range.size = sizeof bytes;
    count = target_read(server->target, range.start, bytes, range.size);
    if (!count && range.size) {
        server_fail(server);
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
    monitor_forget(&server->monitor, server->target); /* they knew the old flash */
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
        server_fail(server);
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
    {"vFlashErase:", erase_flash},
    {"vFlashWrite:", write_flash},
    {"vFlashDone", finish_flash},
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
    if (!dispatch(server, query_rows, packet, size) &&
        !dispatch(server, resume_rows, packet, size) && !dispatch(server, rows, packet, size))
        server_reply(server, "");
}
