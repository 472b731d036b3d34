/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/debug/server_state.h"

#include "sim/base/compiler.h"
#include "sim/base/heap.h"

#include <string.h>

struct server *server_create(struct target *target, struct link *link)
{
    struct server *server = heap_allocate(1, sizeof *server);

    server->target = target;
    server->link = link;
    server->thread = THREAD_CPU;
    return server;
}

void server_destroy(struct server *server)
{
    if (!server)
        return;
    monitor_forget(&server->monitor, server->target);
    text_free(&server->out);
    text_free(&server->answer);
    text_free(&server->last);
    heap_release(server);
}

/* ---- Answers --------------------------------------------------------------------------------- */

static void reply_bytes(struct server *server, const char *bytes, size_t size)
{
    size_t start = server->out.length;

    packet_write(&server->out, bytes, size);
    text_clear(&server->last);
    text_append(&server->last, server->out.bytes + start, server->out.length - start);
}

void server_reply(struct server *server, const char *text)
{
    reply_bytes(server, text, strlen(text));
}

void server_reply_text(struct server *server, const struct text *text)
{
    reply_bytes(server, text_string(text), text->length);
}

void server_print(struct server *server, const char *bytes, size_t size)
{
    enum { CHUNK = 1000 };

    while (size) {
        struct text packet = {0};
        size_t part = size < CHUNK ? size : CHUNK;

        text_printf(&packet, "O");
        packet_print_hex(&packet, bytes, part);
        packet_write(&server->out, packet.bytes, packet.length);
        text_free(&packet);
        bytes += part;
        size -= part;
    }
}

void server_print_text(struct server *server, struct text *text)
{
    server_print(server, text_string(text), text->length);
    text_clear(text);
}

void server_print_what_is_new(struct server *server)
{
    struct text text = {0};

    target_take_console(server->target, &text);
    target_take_story(server->target, &text);
    server_print_text(server, &text);
    text_free(&text);
}

/* ---- Stop replies ---------------------------------------------------------------------------- */

static unsigned signal_of(enum halt halt)
{
    enum { SIGNAL_INTERRUPT = 2, SIGNAL_TRAP = 5, SIGNAL_SEGMENT = 11 };

    if (halt == HALT_INTERRUPT)
        return SIGNAL_INTERRUPT;
    return halt == HALT_FAULT ? SIGNAL_SEGMENT : SIGNAL_TRAP;
}

static void print_reason(struct text *reply, const struct server *server,
                         const struct halt_report *report)
{
    static const char *const watches[] = {
        [WATCHPOINT_WRITE] = "watch", [WATCHPOINT_READ] = "rwatch", [WATCHPOINT_ACCESS] = "awatch"};

    if (report->halt == HALT_WATCHPOINT)
        text_printf(reply, "%s:%x;", watches[report->watch], report->address);
    else if (report->halt == HALT_BEGIN)
        text_printf(reply, "replaylog:begin;");
    else if (report->halt == HALT_BREAKPOINT && report->software && server->knows_swbreak)
        text_printf(reply, "swbreak:;");
    else if (report->halt == HALT_BREAKPOINT && !report->software && server->knows_hwbreak)
        text_printf(reply, "hwbreak:;");
}

/* SP, LR, PC and xPSR come along: gdb asks for them anyway. */
static void print_registers(struct text *reply, struct server *server)
{
    for (unsigned index = CPU_SP; index <= CPU_XPSR; index++) {
        uint8_t bytes[DESCRIBED_BYTES_MAX];
        unsigned size = description_read(server->target, index, bytes);

        text_printf(reply, "%02x:", description_number(index));
        packet_print_hex(reply, bytes, size);
        text_printf(reply, ";");
    }
}

void server_reply_stop(struct server *server)
{
    struct halt_report report = target_halted(server->target);
    struct text reply = {0};

    server->running = false;
    server_print_what_is_new(server);
    text_printf(&reply, "T%02x", signal_of(report.halt));
    print_registers(&reply, server);
    print_reason(&reply, server, &report);
    text_printf(&reply, "thread:%x;", THREAD_CPU);
    server_reply_text(server, &reply);
    text_free(&reply);
}

/* ---- Running --------------------------------------------------------------------------------- */

/* One slice. */
static void advance(struct server *server)
{
    if (target_advance(server->target))
        server_reply_stop(server);
    else
        server_print_what_is_new(server);
}

static void interrupt(struct server *server)
{
    if (!server->running)
        return;
    target_interrupt(server->target);
    server_reply_stop(server);
}

/* ---- What comes ------------------------------------------------------------------------------ */

static void take_packet(struct server *server)
{
    if (!server->no_ack)
        text_printf(&server->out, "+");
    if (server->running) { /* nothing else may come now: so it is a debugger that gave up waiting */
        target_interrupt(server->target);
        server->running = false;
    }
    server_dispatch(server, server->reader.bytes, server->reader.size);
}

static void take_byte(struct server *server, uint8_t byte)
{
    switch (packet_feed(&server->reader, byte)) {
    case PACKET_PENDING:
        break;
    case PACKET_COMPLETE:
        take_packet(server);
        break;
    case PACKET_DAMAGED:
        if (!server->no_ack)
            text_printf(&server->out, "-");
        break;
    case PACKET_INTERRUPT:
        interrupt(server);
        break;
    case PACKET_RESEND:
        if (!server->no_ack)
            text_append(&server->out, text_string(&server->last), server->last.length);
        break;
    }
}

static bool flush(struct server *server)
{
    bool sent = link_send(server->link, text_string(&server->out), server->out.length);

    text_clear(&server->out);
    return sent;
}

static void begin_session(struct server *server)
{
    server->reader = (struct packet_reader){.size = 0};
    server->no_ack = false;
    server->extended = false;
    server->knows_swbreak = false;
    server->knows_hwbreak = false;
    server->running = false;
    server->leaving = false;
    server->thread = THREAD_CPU;
    text_clear(&server->out);
    text_clear(&server->last);
}

/* A debugger went away: nobody is there whom its breakpoints could tell anything. */
static void end_session(struct server *server)
{
    if (server->running)
        target_interrupt(server->target);
    target_remove_points(server->target);
    link_hang_up(server->link);
}

static void serve(struct server *server)
{
    uint8_t bytes[4096];
    int count = 0;

    begin_session(server);
    while (count != LINK_CLOSED && !server->leaving) {
        count = link_receive(server->link, bytes, sizeof bytes, !server->running);
        for (int i = 0; i < count; i++)
            take_byte(server, bytes[i]);
        if (server->running)
            advance(server);
        if (server->out.length && !flush(server))
            break;
    }
    end_session(server);
}

void server_run(struct server *server)
{
    while (!server->killed && link_accept(server->link))
        serve(server);
}

void server_feed(struct server *server, const void *bytes, size_t size, struct text *answers,
                 unsigned most)
{
    const uint8_t *from = bytes;

    for (size_t i = 0; i < size; i++)
        take_byte(server, from[i]);
    for (unsigned i = 0; i < most && server->running; i++)
        advance(server);
    text_append(answers, text_string(&server->out), server->out.length);
    text_clear(&server->out);
}
