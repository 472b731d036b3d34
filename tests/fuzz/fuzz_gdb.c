/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as what a debugger sends: answered or refused, without a crash, with real firmware
 * behind it. Afterwards the server still answers.
 *
 * A line is the content of a packet, which gets its frame and checksum here. One that begins with
 * "monitor " is a command in plain words, one that begins with '~' goes out as it stands.
 */
#include "sim/base/heap.h"
#include "sim/debug/packet.h"
#include "sim/debug/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MONITOR "monitor "

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { LINES_MAX = 60, HISTORY_BYTES = 16 << 20, SLICES = 2 };

static struct target *create(void)
{
    char path[] = FIRMWARE_DIR "/" FIRMWARE_DEFAULT "/usb-3-memcpy-after-start.elf";
    char *images[] = {path};
    const struct target_options options = {
        .plan = {.machine = {.host = HOST_LINUX}, .images = images, .image_count = 1},
        .history_bytes = HISTORY_BYTES};
    struct target *target;
    struct failure failure;

    if (target_create(&target, &options, &failure) != STATUS_OK) {
        (void)fprintf(stderr, "%s\n", failure.message);
        exit(2);
    }
    return target;
}

static void send(struct server *server, const char *content, size_t size, struct text *answers)
{
    struct text packet = {0};

    packet_write(&packet, content, size);
    server_feed(server, packet.bytes, packet.length, answers, SLICES);
    server_feed(server, "\x03", 1, answers, 0);
    text_free(&packet);
}

static void send_monitor(struct server *server, const char *words, size_t size,
                         struct text *answers)
{
    struct text content = {0};

    text_printf(&content, "qRcmd,");
    packet_print_hex(&content, words, size);
    send(server, content.bytes, content.length, answers);
    text_free(&content);
}

static void send_line(struct server *server, const char *line, size_t size, struct text *answers)
{
    size_t prefix = strlen(MONITOR);

    if (size && *line == '~')
        server_feed(server, line + 1, size - 1, answers, 1);
    else if (size >= prefix && !memcmp(line, MONITOR, prefix))
        send_monitor(server, line + prefix, size - prefix, answers);
    else
        send(server, line, size, answers);
}

static void send_lines(struct server *server, const char *bytes, size_t size, struct text *answers)
{
    for (unsigned i = 0; i < LINES_MAX && size; i++) {
        const char *end = memchr(bytes, '\n', size);
        size_t length = end ? (size_t)(end - bytes) : size;

        send_line(server, bytes, length, answers);
        text_clear(answers);
        length += end != NULL;
        bytes += length;
        size -= length;
    }
}

/* Whatever was begun is over with the first '#'; then it is a server as ever. */
static void check_answer(struct server *server, struct text *answers)
{
    server_feed(server, "#00", 3, answers, 0);
    text_clear(answers);
    send(server, "qAttached", 9, answers);
    if (!answers->length || !strstr(text_string(answers), "$1#31"))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct target *target;
    struct text answers = {0};
    struct server *server;

    if (!target)
        target = create();
    target_remove_points(target);
    target_step_into_interrupts(target, false);
    target_restart(target);
    server = server_create(target, NULL);
    send_lines(server, (const char *)bytes, size, &answers);
    check_answer(server, &answers);
    server_destroy(server);
    text_free(&answers);
    return 0;
}
