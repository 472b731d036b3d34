/* SPDX-License-Identifier: Apache-2.0 */
/* Two packets that could leave the chip in the same place. */
#include "sim/report/story.h"

#include "sim/report/json_witness.h"
#include "sim/report/style.h"

enum { ROW = 16 };

static void gap(struct text *text, uint32_t offset)
{
    text_printf(text, offset % ROW == ROW / 2 ? "  " : " ");
}

static bool differs(const struct report_witness *witness, uint32_t offset)
{
    const struct report_packet *one = &witness->packet[0];
    const struct report_packet *two = &witness->packet[1];

    if (offset >= one->size || offset >= two->size)
        return true;
    return one->bytes[offset] != two->bytes[offset];
}

static void print_row(struct text *text, const struct report_packet *packet, uint32_t row,
                      uint32_t end)
{
    text_printf(text, "    %-13s  +%-4u", packet->timing, row);
    for (uint32_t i = row; i < end; i++) {
        gap(text, i);
        if (i < packet->size)
            text_printf(text, "%02x", packet->bytes[i]);
        else
            text_printf(text, "..");
    }
    text_printf(text, "\n");
}

static void print_marks(struct text *text, const struct report_witness *witness, uint32_t row,
                        uint32_t end, bool colour)
{
    uint32_t last = row;

    for (uint32_t i = row; i < end; i++)
        last = differs(witness, i) ? i : last;
    text_printf(text, "%24s", "");
    for (uint32_t i = row; i <= last; i++) {
        gap(text, i);
        if (differs(witness, i))
            paint(text, colour, PAINT_ERROR, "^^");
        else
            text_printf(text, "  ");
    }
    text_printf(text, "\n");
}

static bool row_differs(const struct report_witness *witness, uint32_t row, uint32_t end)
{
    for (uint32_t i = row; i < end; i++) {
        if (differs(witness, i))
            return true;
    }
    return false;
}

static void print_packets(struct text *text, const struct report_witness *witness, bool colour)
{
    const struct report_packet *one = &witness->packet[0];
    const struct report_packet *two = &witness->packet[1];
    uint32_t size = one->size > two->size ? one->size : two->size;

    for (uint32_t row = 0; row < size; row += ROW) {
        uint32_t end = row + ROW < size ? row + ROW : size;

        if (!row_differs(witness, row, end))
            continue;
        print_row(text, one, row, end);
        print_row(text, two, row, end);
        print_marks(text, witness, row, end, colour);
    }
}

static void print_replay(struct text *text, const struct report_packet *packet)
{
    if (packet->replay)
        text_printf(text, "    %-13s  %s\n", packet->timing, packet->replay);
}

void print_witness(struct text *text, const struct finding *finding,
                   const struct report_options *options)
{
    const struct report_witness *witness = witness_of(options, finding);

    if (!witness)
        return;
    text_printf(text, "\n");
    if (witness->packet[0].channel)
        paint(text, options->colour, PAINT_STRONG,
              "Witness: %s.%s sends this when EasyDMA is fast, and that when it is slow\n",
              witness->packet[0].channel->block, witness->packet[0].channel->name);
    else
        paint(text, options->colour, PAINT_STRONG,
              "Witness: endpoint %u sends this when EasyDMA is fast, and that when it is slow\n",
              witness->packet[0].endpoint);
    print_packets(text, witness, options->colour);
    for (unsigned side = 0; side < 2; side++)
        print_replay(text, &witness->packet[side]);
}
