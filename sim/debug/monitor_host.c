/* SPDX-License-Identifier: Apache-2.0 */
/* `monitor host`: what the host is made to do now. */
#include "sim/debug/monitor_state.h"

#include "sim/usb/request.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { SETUP_BYTES = 8 };

/* ---- Words ----------------------------------------------------------------------------------- */

/* Hexadecimal bytes from word `index` on, with or without spaces between. False, and said: not so.
 */
static bool read_bytes(struct request *request, unsigned index, uint8_t *bytes, size_t room,
                       size_t *size)
{
    *size = 0;
    for (; index < request->count; index++) {
        const char *word = request->word[index];

        for (; word[0] && isxdigit((unsigned char)word[0]) && isxdigit((unsigned char)word[1]);
             word += 2) {
            char digits[3] = {word[0], word[1], '\0'};

            if (*size == room) {
                text_printf(request->out, "at most %zu bytes\n", room);
                return false;
            }
            bytes[(*size)++] = (uint8_t)strtoul(digits, NULL, 16);
        }
        if (*word) {
            text_printf(request->out, "%s: not hexadecimal bytes\n", request->word[index]);
            return false;
        }
    }
    return true;
}

static bool read_endpoint(struct request *request, uint8_t *endpoint)
{
    uint64_t number;

    if (!monitor_number(request, 1, &number))
        return false;
    if (number < 1 || number > 15) {
        text_printf(request->out, "endpoints of their own are 1 to 15\n");
        return false;
    }
    *endpoint = (uint8_t)number;
    return true;
}

static bool can_speak(struct request *request)
{
    const struct host *host = machine_host(request->machine);

    if (host_can_speak(host))
        return true;
    text_printf(request->out, "there is no device to speak to now: ");
    host_print_activity(request->out, host);
    text_printf(request->out, "\n");
    return false;
}

/* ---- What it can be made to do ----------------------------------------------------------------
 */

static bool send_setup(struct request *request)
{
    uint8_t bytes[SETUP_BYTES + HOST_DATA_MAX] = {0};
    struct usb_request usb;
    size_t size;

    if (!read_bytes(request, 1, bytes, sizeof bytes, &size) || !can_speak(request))
        return false;
    usb = usb_request_parse(bytes);
    if (size < SETUP_BYTES ||
        (!usb_request_reads(usb) && size != (size_t)SETUP_BYTES + usb.length)) {
        text_printf(request->out, "eight bytes, as in 80 06 00 01 00 00 12 00, and behind them "
                                  "what an OUT data stage carries\n");
        return false;
    }
    if (usb_request_reads(usb) && usb.length > HOST_DATA_MAX) {
        text_printf(request->out, "wLength is at most %d here\n", HOST_DATA_MAX);
        return false;
    }
    host_control(target_take_host(request->target), bytes, bytes + SETUP_BYTES);
    return true;
}

static bool ask_in(struct request *request)
{
    struct host_pipe pipe;
    uint64_t size = 64;
    uint8_t endpoint;

    if (!read_endpoint(request, &endpoint) || !can_speak(request) ||
        (request->count > 2 && !monitor_number(request, 2, &size)))
        return false;
    if (size > HOST_DATA_MAX) {
        text_printf(request->out, "at most %d bytes\n", HOST_DATA_MAX);
        return false;
    }
    pipe = host_pipe(machine_host(request->machine), endpoint, true);
    host_pipe_read(target_take_host(request->target), &pipe, (size_t)size);
    return true;
}

static bool send_out(struct request *request)
{
    struct host_pipe pipe;
    uint8_t bytes[HOST_DATA_MAX];
    uint8_t endpoint;
    size_t size;

    if (!read_endpoint(request, &endpoint) || !can_speak(request) ||
        !read_bytes(request, 2, bytes, sizeof bytes, &size))
        return false;
    pipe = host_pipe(machine_host(request->machine), endpoint, false);
    host_pipe_write(target_take_host(request->target), &pipe, bytes, size);
    return true;
}

static bool reset_bus(struct request *request)
{
    host_bus_reset(target_take_host(request->target));
    return true;
}

static bool suspend(struct request *request)
{
    if (!can_speak(request))
        return false;
    host_suspend(target_take_host(request->target));
    return true;
}

static bool resume(struct request *request)
{
    host_resume(target_take_host(request->target));
    return true;
}

static bool detach(struct request *request)
{
    host_unplug(target_take_host(request->target));
    return true;
}

static bool attach(struct request *request)
{
    host_plug(target_take_host(request->target));
    return true;
}

static const struct verb {
    const char *word;
    const char *arguments;
    const char *brief;
    bool (*obey)(struct request *request); /* false: nothing was done, and it said why */
} verbs[] = {
    {"setup", "BYTES", "a control transfer: 80 06 00 01 00 00 12 00", send_setup},
    {"in", "EP [SIZE]", "reads from bulk or interrupt endpoint EP, 64 bytes or SIZE", ask_in},
    {"out", "EP [BYTES]", "writes hexadecimal bytes; none is a packet without content", send_out},
    {"reset", "", "bus reset", reset_bus},
    {"suspend", "", "no frames any more", suspend},
    {"resume", "", "resume signalling, then frames again", resume},
    {"detach", "", "pulls the cable out", detach},
    {"attach", "", "puts it back; the host enumerates once more", attach},
};

static void list_verbs(struct request *request)
{
    text_printf(request->out, "the host: ");
    host_print_activity(request->out, machine_host(request->machine));
    text_printf(request->out, "\nit can be made to do:\n");
    for (size_t i = 0; i < ARRAY_LENGTH(verbs); i++) {
        size_t start = request->out->length;

        text_printf(request->out, "  %s %s", verbs[i].word, verbs[i].arguments);
        while (request->out->length - start < 18)
            text_printf(request->out, " ");
        text_printf(request->out, " %s\n", verbs[i].brief);
    }
}

static void command_host(struct request *request)
{
    for (size_t i = 0; i < ARRAY_LENGTH(verbs); i++) {
        if (!monitor_word_is(request, 0, verbs[i].word))
            continue;
        if (verbs[i].obey(request))
            text_printf(request->out,
                        "the host has begun; it goes on when the machine does: a new future\n");
        return;
    }
    if (request->count)
        text_printf(request->out, "%s: not one of these\n", request->word[0]);
    list_verbs(request);
}

const struct monitor_command monitor_hosts[] = {
    {"host", "[WHAT ...]",
     "makes the host do something now, whatever it was about\n"
     "WHAT is setup, in, out, reset, suspend, resume, detach or attach; without it they are\n"
     "explained. The host drops its conversation, and what it says from here on is printed.\n"
     "It is a new future: going back before this command undoes it.",
     command_host},
    {NULL, NULL, NULL, NULL},
};
