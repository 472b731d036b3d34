/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/report/story.h"

#include "sim/report/style.h"

#include <stdio.h>
#include <string.h>

enum { ROW = 16 };

/* What one byte of the window could have been. */
static bool differs(const struct finding *finding, uint32_t offset)
{
    const struct transfer_evidence *evidence = &finding->transfer.evidence;
    uint8_t before = evidence->at_start[offset];

    return evidence->now[offset] != before ||
           (transfer_moved_byte(&finding->transfer, offset) && evidence->moved[offset] != before);
}

static bool is_of_interest(const struct finding *finding, uint32_t offset)
{
    return differs(finding, offset) || finding_touched(finding, offset);
}

static uint32_t row_end(const struct finding *finding, uint32_t row)
{
    uint32_t size = transfer_evidence_size(&finding->transfer);

    return row + ROW < size ? row + ROW : size;
}

static bool row_is_of_interest(const struct finding *finding, uint32_t row)
{
    for (uint32_t i = row; i < row_end(finding, row); i++) {
        if (is_of_interest(finding, i))
            return true;
    }
    return false;
}

static void gap(struct text *text, uint32_t offset)
{
    text_printf(text, offset % ROW == ROW / 2 ? "  " : " ");
}

static void print_known(struct text *text, const struct finding *finding, uint32_t row,
                        const char *title, const uint8_t *bytes)
{
    text_printf(text, "    %-13s  +%-4u", title, row);
    for (uint32_t i = row; i < row_end(finding, row); i++) {
        gap(text, i);
        text_printf(text, "%02x", bytes[i]);
    }
    text_printf(text, "\n");
}

static void print_moved(struct text *text, const struct finding *finding, uint32_t row,
                        const char *title)
{
    text_printf(text, "    %-13s  +%-4u", title, row);
    for (uint32_t i = row; i < row_end(finding, row); i++) {
        gap(text, i);
        if (transfer_moved_byte(&finding->transfer, i))
            text_printf(text, "%02x", finding->transfer.evidence.moved[i]);
        else
            text_printf(text, "..");
    }
    text_printf(text, "\n");
}

static void print_marks(struct text *text, const struct finding *finding, uint32_t row,
                        const struct report_options *options)
{
    text_printf(text, "%24s", "");
    for (uint32_t i = row; i < row_end(finding, row); i++) {
        gap(text, i);
        if (differs(finding, i))
            paint(text, options->colour, PAINT_ERROR, "^^");
        else
            text_printf(text, finding_touched(finding, i) ? "==" : "  ");
    }
    while (text->bytes[text->length - 1] == ' ')
        text->bytes[--text->length] = '\0';
    text_printf(text, "\n");
}

static void print_legend(struct text *text, const struct finding *finding)
{
    uint32_t size = transfer_evidence_size(&finding->transfer);
    unsigned differing = 0;
    bool same = false;

    for (uint32_t i = 0; i < size; i++) {
        differing += differs(finding, i);
        same |= !differs(finding, i) && finding_touched(finding, i);
    }
    if (differing)
        text_printf(text, "    ^^ %u byte%s depend%s on when EasyDMA reads\n", differing,
                    plural(differing), differing == 1 ? "s" : "");
    if (same)
        text_printf(text, "    == stored with the value that was there: no difference this time\n");
}

void print_pictures(struct text *text, const struct finding *finding,
                    const struct report_options *options)
{
    const struct transfer *transfer = &finding->transfer;
    uint32_t size = transfer_evidence_size(transfer);
    bool usb = !strcmp(trace_channel(options->trace, transfer->channel)->block, "USBD");
    uint32_t alike = 0;

    for (uint32_t row = 0; row < size; row += ROW) {
        if (!row_is_of_interest(finding, row)) {
            alike += row_end(finding, row) - row;
            continue;
        }
        print_moved(text, finding, row, usb ? "host received" : "EasyDMA read");
        print_known(text, finding, row, "if read early", transfer->evidence.at_start);
        print_known(text, finding, row, "if read late", transfer->evidence.now);
        print_marks(text, finding, row, options);
    }
    print_legend(text, finding);
    if (alike)
        text_printf(text, "    %u other byte%s not touched\n", alike,
                    alike == 1 ? " was" : "s were");
    if (size < transfer->window.size)
        text_printf(text, "    (the first %u of %u bytes are shown)\n", size,
                    transfer->window.size);
}
