/* SPDX-License-Identifier: Apache-2.0 */
/* Packets that ask what there is and what can be done, and `monitor`. */
#include "sim/debug/server_state.h"

#include "sim/base/heap.h"

#include <string.h>

static void tell_support(struct server *server, const char *args, size_t size)
{
    (void)size;
    server->knows_swbreak = strstr(args, "swbreak+") != NULL;
    server->knows_hwbreak = strstr(args, "hwbreak+") != NULL;
    text_clear(&server->answer);
    text_printf(&server->answer,
                "PacketSize=%x;QStartNoAckMode+;qXfer:features:read+;qXfer:memory-map:read+;"
                "qXfer:threads:read+;qXfer:exec-file:read+;vContSupported+;swbreak+;hwbreak+",
                PACKET_MAX);
    if (target_can_go_back(server->target))
        text_printf(&server->answer, ";ReverseStep+;ReverseContinue+");
    server_reply_text(server, &server->answer);
}

static void stop_acknowledging(struct server *server, const char *args, size_t size)
{
    (void)args;
    (void)size;
    server->no_ack = true;
    server_reply(server, "OK");
}

static void tell_attached(struct server *server, const char *args, size_t size)
{
    (void)args;
    (void)size;
    server_reply(server, "1");
}

/* ---- Threads --------------------------------------------------------------------------------- */

static void list_threads(struct server *server, const char *args, size_t size)
{
    (void)args;
    (void)size;
    server_reply(server, "m1,2,3");
}

static void list_no_more_threads(struct server *server, const char *args, size_t size)
{
    (void)args;
    (void)size;
    server_reply(server, "l");
}

static void tell_current_thread(struct server *server, const char *args, size_t size)
{
    (void)size;
    server_reply(server, *args ? "" : "QC1"); /* not qCRC */
}

static void describe_thread(struct server *server, const char *args, size_t size)
{
    struct text text = {0};
    uint64_t thread;

    (void)size;
    if (!packet_number(&args, &thread) || !thread || thread > THREADS) {
        server_reply(server, "E01");
        return;
    }
    text_printf(&text, "%s: ", thread_name((enum thread)thread));
    thread_print(&text, server->target, (enum thread)thread);
    text_clear(&server->answer);
    packet_print_hex(&server->answer, text.bytes, text.length);
    server_reply_text(server, &server->answer);
    text_free(&text);
}

static void print_xml(struct text *text, const char *string)
{
    for (; *string; string++) {
        if (*string == '<')
            text_printf(text, "&lt;");
        else if (*string == '&')
            text_printf(text, "&amp;");
        else
            text_append(text, string, 1);
    }
}

static void print_threads(struct text *text, struct target *target)
{
    text_printf(text, "<?xml version=\"1.0\"?>\n<threads>\n");
    for (unsigned i = 1; i <= THREADS; i++) {
        struct text doing = {0};

        thread_print(&doing, target, (enum thread)i);
        text_printf(text, "<thread id=\"%u\" name=\"%s\">", i, thread_name((enum thread)i));
        print_xml(text, text_string(&doing));
        text_printf(text, "</thread>\n");
        text_free(&doing);
    }
    text_printf(text, "</threads>\n");
}

/* ---- Documents ------------------------------------------------------------------------------- */

static bool make_document(struct server *server, struct text *text, const char *object,
                          const char *annex)
{
    if (!strcmp(object, "threads"))
        print_threads(text, server->target);
    else if (!strcmp(object, "exec-file"))
        text_printf(text, "%s", target_path(server->target));
    else
        return description_document(text, object, annex);
    return true;
}

/* Splits "OBJECT:read:ANNEX:..." in place; returns what stands behind, NULL if it is not so. */
static char *split(char *args, char **annex)
{
    char *verb = strchr(args, ':');
    char *end;

    if (!verb || strncmp(verb, ":read:", 6) != 0)
        return NULL;
    *verb = '\0';
    *annex = verb + 6;
    end = strchr(*annex, ':');
    if (end)
        *end++ = '\0';
    return end;
}

/* "OBJECT:read:ANNEX:OFFSET,SIZE": a part of it, 'm' before more and 'l' before the last. */
static void read_document(struct server *server, const char *args, size_t size)
{
    struct text document = {0};
    char *copy = heap_copy_string(args);
    char *annex = NULL;
    const char *at = split(copy, &annex);
    uint64_t offset;
    uint64_t room;

    (void)size;
    if (!at || !packet_number(&at, &offset) || !packet_skip(&at, ',') ||
        !packet_number(&at, &room)) {
        server_reply(server, "E00");
    } else if (!make_document(server, &document, copy, annex)) {
        server_reply(server, "E00");
    } else {
        size_t from = offset < document.length ? (size_t)offset : document.length;
        size_t left = document.length - from;
        size_t part = room < left ? (size_t)room : left;

        if (part > PACKET_MAX / 2 - 1)
            part = PACKET_MAX / 2 - 1;
        text_clear(&server->answer);
        text_printf(&server->answer, "%c", part < left ? 'm' : 'l');
        text_append(&server->answer, text_string(&document) + from, part);
        server_reply_text(server, &server->answer);
    }
    heap_release(copy);
    text_free(&document);
}

/* ---- monitor --------------------------------------------------------------------------------- */

static void obey_monitor(struct server *server, const char *args, size_t size)
{
    struct text out = {0};
    char *line = heap_allocate(size / 2 + 1, 1);

    if (size % 2 || !packet_hex(&args, (uint8_t *)line, size / 2)) {
        server_reply(server, "E01");
    } else {
        monitor_command(&server->monitor, server->target, line, &out);
        server_print_what_is_new(server);
        server_print_text(server, &out);
        server_reply(server, "OK");
    }
    text_free(&out);
    heap_release(line);
}

const struct packet_row query_rows[] = {
    {"qSupported", tell_support},
    {"QStartNoAckMode", stop_acknowledging},
    {"qAttached", tell_attached},
    {"qfThreadInfo", list_threads},
    {"qsThreadInfo", list_no_more_threads},
    {"qThreadExtraInfo,", describe_thread},
    {"qC", tell_current_thread},
    {"qXfer:", read_document},
    {"qRcmd,", obey_monitor},
    {NULL, NULL},
};
