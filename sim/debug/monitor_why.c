/* SPDX-License-Identifier: Apache-2.0 */
/* Monitor commands that ask the past who wrote what. The machine stays where it is. */
#include "sim/debug/monitor_state.h"

#include "sim/base/heap.h"
#include "sim/report/place.h"
#include "sim/report/style.h"
#include "sim/usb/port.h"

#include <string.h>

/* "by memcpy, called by ep0in_start at driver/ep0in.c:38 (pc 0x00000296)" */
static void print_writer(struct request *request, const struct writer *writer)
{
    const struct report_options *report = target_report(request->target);

    switch (writer->kind) {
    case WRITER_NOBODY:
        text_printf(request->out, "by nobody, as far back as is known");
        return;
    case WRITER_HAND:
        text_printf(request->out, "by hand, from the debugger");
        return;
    case WRITER_ENGINE:
        text_printf(request->out, "by EasyDMA while the CPU was at ");
        break;
    case WRITER_CPU:
        text_printf(request->out, "by ");
        break;
    }
    print_site_briefly(request->out, report, &writer->site);
    text_printf(request->out, " (pc 0x%08x)", writer->site.pc);
}

/* ---- One place in memory --------------------------------------------------------------------- */

static void show_last_writer(struct request *request)
{
    const struct report_options *report = target_report(request->target);
    struct writer writer;
    uint64_t address;

    if (!monitor_number(request, 0, &address))
        return;
    target_last_writers(request->target, (struct byte_range){(guest_addr)address, 1}, &writer);
    text_printf(request->out, "0x%08x", (unsigned)address);
    text_printf(request->out, " (");
    if (!print_data(request->out, report, (guest_addr)address))
        text_printf(request->out, "no known object");
    text_printf(request->out, ") was written last ");
    if (writer.kind != WRITER_NOBODY) {
        text_printf(request->out, "at ");
        monitor_print_time(request->out, writer.when);
        text_printf(request->out, " ");
    }
    print_writer(request, &writer);
    text_printf(request->out, "\n");
}

/* ---- The last packet ------------------------------------------------------------------------- */

static void print_packet(struct request *request, const struct target_packet *packet,
                         enum usb_sender sender)
{
    text_printf(request->out, "%s sent DATA%u %s endpoint %u at ",
                sender == USB_FROM_DEVICE ? "the device" : "the host", packet->pid == PID_DATA1,
                sender == USB_FROM_DEVICE ? "from" : "to", packet->endpoint);
    monitor_print_time(request->out, packet->when);
    text_printf(request->out, ": %u byte%s", packet->size, plural(packet->size));
    if (packet->transfer)
        text_printf(request->out, ", of transfer %u", packet->transfer);
    text_printf(request->out, "\n");
}

/* Bytes that one instruction wrote, and neighbours: told together. */
static bool are_alike(const struct byte_origin *a, const struct byte_origin *b)
{
    return a->carried == b->carried && a->writer.kind == b->writer.kind &&
           a->writer.site.pc == b->writer.site.pc &&
           a->writer.site.r[CPU_LR] == b->writer.site.r[CPU_LR];
}

static void print_bytes(struct request *request, const struct target_packet *packet, unsigned from,
                        unsigned to)
{
    for (unsigned i = from; i < to; i++) {
        if (i > from && (i - from) % 16 == 0)
            text_printf(request->out, "\n         ");
        text_printf(request->out, " %02x", packet->bytes[i]);
    }
    text_printf(request->out, "\n");
}

static void print_span(struct request *request, sim_time first, sim_time last)
{
    monitor_print_time(request->out, first);
    if (last != first) {
        text_printf(request->out, " to ");
        monitor_print_time(request->out, last);
    }
}

/* In which order they were written is the compiler's business. */
static void print_writing(struct request *request, const struct byte_origin *origins, unsigned from,
                          unsigned to)
{
    sim_time first = SIM_TIME_NEVER;
    sim_time last = 0;

    for (unsigned i = from; i < to; i++) {
        sim_time when = origins[i].writer.when;

        first = when < first ? when : first;
        last = when > last ? when : last;
    }
    text_printf(request->out, "          written ");
    if (origins[from].writer.kind != WRITER_NOBODY) {
        text_printf(request->out, "at ");
        print_span(request, first, last);
        text_printf(request->out, " ");
    }
    print_writer(request, &origins[from].writer);
    text_printf(request->out, "\n");
}

static void print_group(struct request *request, const struct target_packet *packet,
                        const struct byte_origin *origins, unsigned from, unsigned to,
                        enum usb_sender sender)
{
    text_printf(request->out, "  +%-6u", from);
    print_bytes(request, packet, from, to);
    if (!origins[from].carried) {
        text_printf(request->out,
                    sender == USB_FROM_DEVICE
                        ? "          not brought by EasyDMA, as far back as is known\n"
                        : "          not fetched by EasyDMA yet\n");
        return;
    }
    if (sender == USB_FROM_DEVICE)
        print_writing(request, origins, from, to);
    text_printf(request->out, "          carried at ");
    print_span(request, origins[from].carried_at, origins[to - 1].carried_at);
    text_printf(request->out, sender == USB_FROM_DEVICE ? " from 0x%08x (" : " to 0x%08x (",
                origins[from].address);
    if (!print_data(request->out, target_report(request->target), origins[from].address))
        text_printf(request->out, "no known object");
    text_printf(request->out, ")\n");
}

static void print_origins(struct request *request, const struct target_packet *packet,
                          const struct byte_origin *origins, enum usb_sender sender, bool each)
{
    unsigned from = 0;

    for (unsigned i = 1; i <= packet->size; i++) {
        if (i < packet->size && !each && are_alike(&origins[i], &origins[from]))
            continue;
        print_group(request, packet, origins, from, i, sender);
        from = i;
    }
}

static void show_why(struct request *request)
{
    bool by_host = monitor_word_is(request, 0, "out");
    bool each = monitor_word_is(request, request->count - 1, "each");
    enum usb_sender sender = by_host ? USB_FROM_HOST : USB_FROM_DEVICE;
    const struct target_packet *packet = target_last_packet(request->target, sender);
    struct target_packet kept = *packet; /* the past runs over it */
    struct byte_origin *origins;

    if (!packet->size) {
        text_printf(request->out, "%s has not sent a packet with content yet\n",
                    by_host ? "the host" : "the device");
        return;
    }
    origins = heap_allocate(kept.size, sizeof *origins);
    target_packet_origins(request->target, &kept, origins);
    print_packet(request, &kept, sender);
    print_origins(request, &kept, origins, sender, each);
    heap_release(origins);
}

const struct monitor_command monitor_writers[] = {
    {"last-writer", "ADDRESS",
     "who wrote this byte last: code, time\n"
     "Looks through the whole known past; the machine stays where it is.",
     show_last_writer},
    {"why", "[out] [each]",
     "where each byte of the last packet came from\n"
     "Of the last packet that the device sent: which store put the byte where EasyDMA found it, "
     "and\n"
     "when EasyDMA carried it. With out: of the last that the host sent, where it was carried to.\n"
     "Bytes of one origin are told together; with each, one by one.",
     show_why},
    {NULL, NULL, NULL, NULL},
};
