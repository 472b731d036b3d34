/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/report/story.h"

#include "sim/report/style.h"

#include <stdio.h>
#include <string.h>

enum { ROW = 16 };

/*
 * Three pictures of the window. What comes of a byte lies between two extremes: EasyDMA gets to it
 * before the CPU, or behind.
 */
struct pictures {
    const char *real; /* what came of it in this run */
    const char *early;
    const char *late;
    uint8_t (*in_reality)(const struct finding *finding, uint32_t offset, bool *known);
    uint8_t (*if_early)(const struct finding *finding, uint32_t offset, bool *known);
    uint8_t (*if_late)(const struct finding *finding, uint32_t offset, bool *known);
    const char *race;      /* "depends on ..." */
    const char *no_effect; /* an access that made no difference */
};

static uint8_t at_start(const struct finding *finding, uint32_t offset, bool *known)
{
    *known = true;
    return finding->transfer.evidence.at_start[offset];
}

static uint8_t at_end(const struct finding *finding, uint32_t offset, bool *known)
{
    *known = true;
    return finding->transfer.evidence.now[offset];
}

static uint8_t moved(const struct finding *finding, uint32_t offset, bool *known)
{
    *known = transfer_moved_byte(&finding->transfer, offset);
    return finding->transfer.evidence.moved[offset];
}

static uint8_t by_cpu(const struct finding *finding, uint32_t offset, bool *known)
{
    *known = finding_touched(finding, offset);
    return finding->cpu[offset];
}

/* What the CPU left there, or what was there before. */
static uint8_t cpu_last(const struct finding *finding, uint32_t offset, bool *known)
{
    return finding_touched(finding, offset) ? by_cpu(finding, offset, known)
                                            : moved(finding, offset, known);
}

static const struct pictures host_received = {
    "host received",
    "if read early",
    "if read late",
    moved,
    at_start,
    at_end,
    "on when EasyDMA reads",
    "stored with the value that was there: no difference this time"};
static const struct pictures engine_read = {
    "EasyDMA read",
    "if read early",
    "if read late",
    moved,
    at_start,
    at_end,
    "on when EasyDMA reads",
    "stored with the value that was there: no difference this time"};
static const struct pictures cpu_read = {
    "CPU read",
    "if read early",
    "if read late",
    by_cpu,
    at_start,
    moved,
    "on when EasyDMA writes",
    "read, and the same before and after: no difference this time"};
static const struct pictures buffer_holds = {
    "buffer holds",
    "if CPU first",
    "if CPU last",
    at_end,
    moved,
    cpu_last,
    "on when EasyDMA writes",
    "stored with the value EasyDMA wrote: no difference this time"};

static const struct pictures *pictures_of(const struct finding *finding, bool usb)
{
    if (finding->transfer.direction == DMA_READS_RAM)
        return usb ? &host_received : &engine_read;
    return finding_is_load(finding) ? &cpu_read : &buffer_holds;
}

/* Whether one byte of the window could have come out another way. */
static bool differs(const struct finding *finding, const struct pictures *pictures, uint32_t offset)
{
    bool known[3];
    uint8_t real = pictures->in_reality(finding, offset, &known[0]);
    uint8_t early = pictures->if_early(finding, offset, &known[1]);
    uint8_t late = pictures->if_late(finding, offset, &known[2]);

    if (finding->transfer.direction == DMA_WRITES_RAM && !finding_touched(finding, offset))
        return false;
    return (known[1] && known[2] && early != late) || (known[0] && known[1] && real != early);
}

static bool is_of_interest(const struct finding *finding, const struct pictures *pictures,
                           uint32_t offset)
{
    return differs(finding, pictures, offset) || finding_touched(finding, offset);
}

static uint32_t row_end(const struct finding *finding, uint32_t row)
{
    uint32_t size = transfer_evidence_size(&finding->transfer);

    return row + ROW < size ? row + ROW : size;
}

static bool row_is_of_interest(const struct finding *finding, const struct pictures *pictures,
                               uint32_t row)
{
    for (uint32_t i = row; i < row_end(finding, row); i++) {
        if (is_of_interest(finding, pictures, i))
            return true;
    }
    return false;
}

static void gap(struct text *text, uint32_t offset)
{
    text_printf(text, offset % ROW == ROW / 2 ? "  " : " ");
}

static void
print_picture(struct text *text, const struct finding *finding, uint32_t row, const char *title,
              uint8_t (*byte_at)(const struct finding *finding, uint32_t offset, bool *known))
{
    text_printf(text, "    %-13s  +%-4u", title, row);
    for (uint32_t i = row; i < row_end(finding, row); i++) {
        bool known;
        uint8_t byte = byte_at(finding, i, &known);

        gap(text, i);
        if (known)
            text_printf(text, "%02x", byte);
        else
            text_printf(text, "..");
    }
    text_printf(text, "\n");
}

static void print_marks(struct text *text, const struct finding *finding,
                        const struct pictures *pictures, uint32_t row,
                        const struct report_options *options)
{
    text_printf(text, "%24s", "");
    for (uint32_t i = row; i < row_end(finding, row); i++) {
        gap(text, i);
        if (differs(finding, pictures, i))
            paint(text, options->colour, PAINT_ERROR, "^^");
        else
            text_printf(text, finding_touched(finding, i) ? "==" : "  ");
    }
    while (text->bytes[text->length - 1] == ' ')
        text->bytes[--text->length] = '\0';
    text_printf(text, "\n");
}

static void print_legend(struct text *text, const struct finding *finding,
                         const struct pictures *pictures)
{
    uint32_t size = transfer_evidence_size(&finding->transfer);
    unsigned differing = 0;
    bool same = false;

    for (uint32_t i = 0; i < size; i++) {
        differing += differs(finding, pictures, i);
        same |= !differs(finding, pictures, i) && finding_touched(finding, i);
    }
    if (differing)
        text_printf(text, "    ^^ %u byte%s depend%s %s\n", differing, plural(differing),
                    differing == 1 ? "s" : "", pictures->race);
    if (same)
        text_printf(text, "    == %s\n", pictures->no_effect);
}

void print_pictures(struct text *text, const struct finding *finding,
                    const struct report_options *options)
{
    const struct transfer *transfer = &finding->transfer;
    uint32_t size = transfer_evidence_size(transfer);
    bool usb = !strcmp(trace_channel(options->trace, transfer->channel)->block, "USBD");
    const struct pictures *pictures = pictures_of(finding, usb);
    uint32_t alike = 0;

    for (uint32_t row = 0; row < size; row += ROW) {
        if (!row_is_of_interest(finding, pictures, row)) {
            alike += row_end(finding, row) - row;
            continue;
        }
        print_picture(text, finding, row, pictures->real, pictures->in_reality);
        print_picture(text, finding, row, pictures->early, pictures->if_early);
        print_picture(text, finding, row, pictures->late, pictures->if_late);
        print_marks(text, finding, pictures, row, options);
    }
    print_legend(text, finding, pictures);
    if (alike)
        text_printf(text, "    %u other byte%s not touched\n", alike,
                    alike == 1 ? " was" : "s were");
    if (size < transfer->window.size)
        text_printf(text, "    (the first %u of %u bytes are shown)\n", size,
                    transfer->window.size);
}
