/* SPDX-License-Identifier: Apache-2.0 */
/* How far a stream is, and how it ended, in figures and in words. */
#include "sim/usb/host_state.h"

uint32_t stream_packets(const struct host *host)
{
    return host->state.stream.side[0].packets + host->state.stream.side[1].packets;
}

uint32_t stream_bytes(const struct host *host)
{
    return host->state.stream.side[0].done + host->state.stream.side[1].done;
}

struct host_stream_figures host_stream_figures(const struct host *host)
{
    const struct stream_state *stream = &host->state.stream;

    return (struct host_stream_figures){
        .out = stream->side[0].done,
        .in = stream->side[1].done,
        .packets_out = stream->side[0].packets,
        .packets_in = stream->side[1].packets,
        .lost = stream->side[1].lost,
        .duration =
            (stream->active ? host->wiring.scheduler->state.now : stream->ended) - stream->started,
    };
}

void stream_print_request(struct text *text, const struct host *host)
{
    const struct stream_state *stream = &host->state.stream;

    text_printf(text, "stream of %u byte%s", stream->size, stream->size == 1 ? "" : "s");
    if (stream->side[0].used)
        text_printf(text, ", out on endpoint %u", stream->side[0].endpoint);
    if (stream->side[1].used)
        text_printf(text, ", in on endpoint %u", stream->side[1].endpoint);
}

static void print_progress(struct text *text, const struct stream_state *stream)
{
    const struct stream_side *out = &stream->side[0];
    const struct stream_side *in = &stream->side[1];

    if (out->used)
        text_printf(text, "%u byte%s out", out->done, out->done == 1 ? "" : "s");
    if (in->used)
        text_printf(text, "%s%u byte%s in", out->used ? ", " : "", in->done,
                    in->done == 1 ? "" : "s");
}

static void print_success(struct text *text, const struct host *host)
{
    struct host_stream_figures figures = host_stream_figures(host);
    double ms = (double)figures.duration / (double)CYCLES_PER_MS;

    print_progress(text, &host->state.stream);
    text_printf(text, ", took %.3f ms", ms);
    if (figures.duration >= CYCLES_PER_MS)
        text_printf(text, ", %.1f packets a frame",
                    (figures.packets_out + figures.packets_in) / ms);
    if (figures.lost)
        text_printf(text, "; %u isochronous packet%s did not come back", figures.lost,
                    figures.lost == 1 ? "" : "s");
}

static void print_fault(struct text *text, const struct stream_state *stream)
{
    enum transfer_fault fault = (enum transfer_fault)stream->fault;
    const struct stream_side *side = &stream->side[1];

    if (fault == FAULT_DATA)
        text_printf(text, "byte %u came back as %02x, %02x was sent", stream->wrong_at,
                    stream->wrong, stream->right);
    else if (fault == FAULT_BOUNDARY)
        text_printf(text, "a packet of %u bytes came where one of %zu was sent", stream->culprit,
                    stream_packet_size(stream, side));
    else if (fault == FAULT_TOO_MUCH_DATA)
        text_printf(text, "the device sent a packet of %u bytes, but only %u were still to come",
                    stream->culprit, stream_bytes_due(stream));
    else
        transfer_print_fault(text, fault, stream->culprit, side->packet_max, side->endpoint);
    text_printf(text, ", after ");
    print_progress(text, stream);
}

void stream_print_result(struct text *text, const struct host *host)
{
    const struct stream_state *stream = &host->state.stream;

    switch ((enum transfer_outcome)stream->outcome) {
    case TRANSFER_BUSY:
        text_printf(text, "still going on");
        break;
    case TRANSFER_DONE:
        print_success(text, host);
        break;
    case TRANSFER_STALLED:
        text_printf(text, "STALL after ");
        print_progress(text, stream);
        break;
    case TRANSFER_TIMED_OUT:
        text_printf(text, "nothing but NAK for %.6g s, after ",
                    (double)stream->patience / (double)CYCLES_PER_SECOND);
        print_progress(text, stream);
        break;
    case TRANSFER_SILENT:
        text_printf(text, "no answer, after ");
        print_progress(text, stream);
        break;
    case TRANSFER_BABBLE:
        print_fault(text, stream);
        break;
    }
}
