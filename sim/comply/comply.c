/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The run: the device is brought up once, and each case starts from the snapshot of its state.
 *
 * Deviations:
 *   1. Only the first configuration is tested beyond SET_CONFIGURATION and its descriptor.
 *   2. Strings are read in the first language only.
 */
#include "sim/comply/comply.h"

#include "sim/base/bits.h"
#include "sim/base/glob.h"
#include "sim/base/heap.h"
#include "sim/comply/writer.h"
#include "sim/usb/request.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define CASE_TIME (120 * CYCLES_PER_SECOND) /* virtual; stages that are NAKed end after 5 s */

struct comply {
    struct comply_world world;
    struct comply_device device;
    bool reached[COMPLY_STATES];
    struct text unreached; /* why the first state that was not reached was not */
    unsigned count;
    struct comply_result *result;
};

/* ---- Conversations --------------------------------------------------------------------------- */

/* Follows `text` from where host and device are. True: to its end. Else `fault` says why not. */
static bool follow(struct comply *comply, const char *name, const char *text, struct text *fault)
{
    const struct comply_world *world = &comply->world;
    struct conversation *conversation;
    struct failure failure = {0};
    const char *ended;
    bool good;

    if (conversation_parse(&conversation, name, text, strlen(text), &failure) != STATUS_OK) {
        text_printf(fault, "%s", failure.message);
        return false;
    }
    host_follow(world->host, conversation);
    ended = world->run(world->owner, CASE_TIME);
    good = !ended && host_outcome(world->host) == HOST_DONE;
    if (ended)
        text_printf(fault, "the firmware came to an end: %s", ended);
    else if (host_outcome(world->host) == HOST_GAVE_UP)
        text_printf(fault, "%s", host_reason(world->host));
    else if (!good)
        text_printf(fault, "no end within 120 s");
    host_abandon(world->host);
    conversation_free(conversation);
    return good;
}

/* ---- Bringing up ----------------------------------------------------------------------------- */

static const char *say(char *line, size_t room, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    (void)vsnprintf(line, room, format, values);
    va_end(values);
    return line;
}

/* What one request brings; no bytes when the device refuses it. */
static struct comply_bytes ask(struct comply *comply, const char *request)
{
    struct comply_bytes result = {NULL, 0};
    struct text fault = {0};
    const uint8_t *bytes;
    size_t size;

    if (follow(comply, "descriptors", request, &fault)) {
        bytes = host_transfer_data(comply->world.host, &size);
        if (host_transfer(comply->world.host) == TRANSFER_DONE && size) {
            result.bytes = heap_allocate(size, 1);
            memcpy(result.bytes, bytes, size);
            result.size = size;
        }
    }
    text_free(&fault);
    return result;
}

static void read_configurations(struct comply *comply)
{
    struct comply_device *device = &comply->device;
    char line[80];

    device->configurations = device->device.bytes[17] < COMPLY_CONFIGURATIONS
                                 ? device->device.bytes[17]
                                 : COMPLY_CONFIGURATIONS;
    for (unsigned i = 0; i < device->configurations; i++)
        device->configuration[i] = ask(
            comply, say(line, sizeof line, "get descriptor configuration %u 4096 expect any", i));
}

static void read_strings(struct comply *comply)
{
    struct comply_device *device = &comply->device;
    unsigned language = 0x0409;
    char line[80];

    if (!device->strings)
        return;
    device->languages = ask(comply, "get descriptor string 0 255 expect any");
    if (device->languages.size >= 4)
        language = load_le16(device->languages.bytes + 2);
    for (unsigned i = 0; i < device->strings; i++)
        device->string[i].bytes = ask(
            comply, say(line, sizeof line, "get descriptor string %u language %u 255 expect any",
                        device->string[i].index, language));
}

/* All descriptors, in state Address. */
static bool read_descriptors(struct comply *comply, struct text *fault)
{
    struct comply_device *device = &comply->device;

    device->device = ask(comply, "get descriptor device 18");
    if (device->device.size != DEVICE_DESCRIPTOR_SIZE) {
        text_printf(fault, "the device descriptor cannot be read");
        return false;
    }
    read_configurations(comply);
    device_walk(device);
    read_strings(comply);
    device->bos = ask(comply, "get descriptor bos 255 expect any");
    return true;
}

static bool probe(struct comply *comply, const char *text)
{
    struct text fault = {0};
    bool good = follow(comply, "probe", text, &fault);

    text_free(&fault);
    comply->world.restore(comply->world.owner, COMPLY_CONFIGURED);
    return good;
}

static bool probe_halt(struct comply *comply)
{
    char line[80];

    for (unsigned i = 0; i < comply->device.endpoints; i++) {
        const struct comply_endpoint *endpoint = &comply->device.endpoint[i];

        if (device_endpoint_is_open(endpoint) && endpoint->type >= 2)
            return probe(comply, say(line, sizeof line, "get status endpoint 0x%02x expect 2 bytes",
                                     endpoint->address));
    }
    return false;
}

/* What descriptors cannot tell. */
static void probe_device(struct comply *comply)
{
    comply->device.takes_vendor_writes =
        probe(comply, "setup 40 5b 00 00 00 00 02 00 data a5 5a\n"
                      "setup c0 5c 00 00 00 00 02 00 expect echo\n");
    comply->device.tells_configuration = probe(comply, "get configuration\nexpect 1 byte\n");
    comply->device.tells_setting = probe(comply, "get interface 0\nexpect 1 byte\n");
    comply->device.tells_halt = probe_halt(comply);
    comply->device.wakes =
        probe(comply, "set feature remote-wakeup\nsuspend\nwait for wake-up within 5 s\n");
}

static bool bring_to(struct comply *comply, enum comply_state state, struct text *fault)
{
    char line[80];

    switch (state) {
    case COMPLY_ATTACHED:
        return follow(comply, "attach", "attach\n", fault);
    case COMPLY_DEFAULT:
        return follow(comply, "default", "reset\nget descriptor device 64\n", fault);
    case COMPLY_ADDRESS:
        return follow(comply, "address", "reset\nset address 1\nwait 10 ms\n", fault) &&
               read_descriptors(comply, fault);
    case COMPLY_CONFIGURED:
    case COMPLY_STATES:
        break;
    }
    return follow(comply, "configured",
                  say(line, sizeof line, "set configuration %u\n",
                      device_configuration_value(&comply->device)),
                  fault);
}

static void bring_up(struct comply *comply)
{
    const struct comply_world *world = &comply->world;

    for (unsigned state = 0; state < COMPLY_STATES; state++) {
        if (!bring_to(comply, (enum comply_state)state, &comply->unreached))
            return;
        comply->reached[state] = true;
        world->save(world->owner, (enum comply_state)state);
    }
    probe_device(comply);
}

/* ---- One case -------------------------------------------------------------------------------- */

static void conclude(struct comply_result *result, enum comply_verdict verdict, const char *reason)
{
    result->verdict = verdict;
    result->reason = *reason ? heap_copy_string(reason) : NULL;
}

/* The device must be well afterwards; what else went wrong counts as well. */
static void ask_case(struct comply *comply, struct comply_result *result, struct writer *writer)
{
    const struct comply_world *world = &comply->world;
    struct text fault = {0};
    const char *complaint;
    sim_time start;
    bool good;

    writer_say(writer, "get descriptor device 18\n");
    writer_expect(writer, comply->device.device.bytes, comply->device.device.size);
    result->text = heap_copy_string(text_string(&writer->steps));
    world->restore(world->owner, result->subject->state);
    start = host_now(world->host);
    good = follow(comply, result->subject->name, result->text, &fault);
    result->duration = host_now(world->host) - start;
    complaint = world->complaint ? world->complaint(world->owner) : NULL;
    if (good && complaint) {
        text_printf(&fault, "%s", complaint);
        good = false;
    }
    conclude(result, good ? COMPLY_PASSED : COMPLY_FAILED, text_string(&fault));
    text_free(&fault);
}

static void do_case(struct comply *comply, struct comply_result *result)
{
    const struct comply_case *subject = result->subject;
    struct writer writer = {.device = &comply->device};
    enum comply_plan plan =
        subject->text ? writer_expand(&writer, subject->text) : subject->write(&writer);

    switch (plan) {
    case PLAN_ASK:
        ask_case(comply, result, &writer);
        break;
    case PLAN_PASSED:
        conclude(result, COMPLY_PASSED, "");
        break;
    case PLAN_FAILED:
        conclude(result, COMPLY_FAILED, text_string(&writer.reason));
        break;
    case PLAN_NOT_APPLICABLE:
        conclude(result, COMPLY_NOT_APPLICABLE, text_string(&writer.reason));
        break;
    }
    text_free(&writer.steps);
    text_free(&writer.reason);
}

/* Cases of states the device did not come to have no result. */
static void do_or_miss(struct comply *comply, struct comply_result *result)
{
    struct text why = {0};
    enum comply_state first = COMPLY_ATTACHED;

    /* All are written for its descriptors. */
    while (first <= COMPLY_ADDRESS && comply->reached[first])
        first++;
    if (first > COMPLY_ADDRESS && comply->reached[result->subject->state]) {
        do_case(comply, result);
        return;
    }
    while (first < COMPLY_STATES && comply->reached[first])
        first++;
    text_printf(&why, "the device did not come to state %s: %s", comply_state_name(first),
                text_string(&comply->unreached));
    conclude(result, COMPLY_MISSING, text_string(&why));
    text_free(&why);
}

/* ---- All of them ----------------------------------------------------------------------------- */

struct comply *comply_create(const struct comply_world *world)
{
    struct comply *comply = heap_allocate(1, sizeof *comply);

    comply->world = *world;
    while (comply_case_at(comply->count))
        comply->count++;
    comply->result = heap_allocate(comply->count, sizeof *comply->result);
    for (unsigned i = 0; i < comply->count; i++) {
        comply->result[i].subject = comply_case_at(i);
        comply->result[i].selected = true;
    }
    return comply;
}

static void forget_results(struct comply *comply)
{
    for (unsigned i = 0; i < comply->count; i++) {
        heap_release(comply->result[i].reason);
        heap_release(comply->result[i].text);
    }
}

void comply_destroy(struct comply *comply)
{
    if (!comply)
        return;
    forget_results(comply);
    heap_release(comply->result);
    device_free(&comply->device);
    text_free(&comply->unreached);
    heap_release(comply);
}

static bool nothing_chosen_yet(const struct comply *comply)
{
    for (unsigned i = 0; i < comply->count; i++)
        if (!comply->result[i].selected)
            return false;
    return true;
}

bool comply_select(struct comply *comply, const char *pattern)
{
    bool first = nothing_chosen_yet(comply);
    bool any = false;

    for (unsigned i = 0; i < comply->count; i++) {
        struct comply_result *result = &comply->result[i];
        bool fits = glob_matches(pattern, result->subject->name);

        result->selected = fits || (result->selected && !first);
        any |= fits;
    }
    return any;
}

bool comply_leave_out(struct comply *comply, const char *pattern)
{
    bool any = false;

    for (unsigned i = 0; i < comply->count; i++) {
        bool fits = glob_matches(pattern, comply->result[i].subject->name);

        comply->result[i].selected &= !fits;
        any |= fits;
    }
    return any;
}

bool comply_any_selected(const struct comply *comply)
{
    for (unsigned i = 0; i < comply->count; i++)
        if (comply->result[i].selected)
            return true;
    return false;
}

void comply_run(struct comply *comply,
                void (*progress)(void *owner, const struct comply_case *subject, unsigned done,
                                 unsigned all),
                void *owner)
{
    unsigned all = 0;
    unsigned done = 0;

    for (unsigned i = 0; i < comply->count; i++)
        all += comply->result[i].selected;
    bring_up(comply);
    for (unsigned i = 0; i < comply->count; i++) {
        if (!comply->result[i].selected)
            continue;
        if (progress)
            progress(owner, comply->result[i].subject, done, all);
        do_or_miss(comply, &comply->result[i]);
        done++;
    }
    if (progress)
        progress(owner, NULL, done, all);
}

void comply_print_conversation(struct text *text, const struct comply *comply,
                               const struct comply_result *result)
{
    enum comply_state state = result->subject->state;

    text_printf(text, "# %s (%s, from state %s)\n", result->subject->title, result->subject->clause,
                comply_state_name(state));
    text_printf(text, state == COMPLY_ATTACHED ? "attach\n" : "reset\nget descriptor device 64\n");
    if (state >= COMPLY_ADDRESS)
        text_printf(text, "reset\nset address 1\nwait 10 ms\n"
                          "get descriptor configuration 4096 expect any\n");
    if (state == COMPLY_CONFIGURED)
        text_printf(text, "set configuration %u\n", device_configuration_value(&comply->device));
    text_printf(text, "\n%s", result->text);
}

unsigned comply_count(const struct comply *comply)
{
    return comply->count;
}

const struct comply_result *comply_result(const struct comply *comply, unsigned index)
{
    assert(index < comply->count);
    return &comply->result[index];
}

unsigned comply_tally(const struct comply *comply, enum comply_verdict verdict)
{
    unsigned tally = 0;

    for (unsigned i = 0; i < comply->count; i++)
        tally += comply->result[i].selected && comply->result[i].verdict == verdict;
    return tally;
}

bool comply_passed(const struct comply *comply)
{
    return !comply_tally(comply, COMPLY_FAILED) && !comply_tally(comply, COMPLY_MISSING);
}
