/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/report/detail.h"

#include "sim/report/place.h"
#include "sim/report/style.h"

/* The PID's low four bits (USB 2.0, table 8-1). */
enum {
    PID_MASK = 0x0f,
    PID_SOF = 0x5,
    PID_NAK = 0xa,
    PID_CLASS = 0x3,
    PID_TOKEN = 0x1,
    PID_DATA = 0x3
};

static const char *const pid_names[16] = {
    [0x1] = "OUT",   [0x9] = "IN",    [0x5] = "SOF",   [0xd] = "SETUP",
    [0x3] = "DATA0", [0xb] = "DATA1", [0x7] = "DATA2", [0xf] = "MDATA",
    [0x2] = "ACK",   [0xa] = "NAK",   [0xe] = "STALL", [0x6] = "NYET",
};

static const char *print_packet(struct text *text, const struct obs_usb_packet *packet)
{
    unsigned pid = packet->pid & PID_MASK;
    const char *name = pid_names[pid] ? pid_names[pid] : "reserved PID";

    /* One SOF each millisecond and a NAK for each poll would drown the rest. */
    if (pid == PID_SOF || pid == PID_NAK)
        return NULL;
    text_printf(text, "%s %s", packet->sender == USB_FROM_HOST ? "host   ->" : "device <-", name);
    if ((pid & PID_CLASS) == PID_TOKEN)
        text_printf(text, " address %u endpoint %u", packet->address, packet->endpoint);
    if ((pid & PID_CLASS) == PID_DATA)
        text_printf(text, " %u byte%s", packet->size, plural(packet->size));
    for (unsigned i = 0; i < packet->size && packet->payload; i++)
        text_printf(text, "%s%02x", i ? " " : ": ", packet->payload[i]);
    if (packet->damaged)
        text_printf(text, ", damaged on the way");
    if (packet->transfer)
        text_printf(text, " (transfer %u)", packet->transfer);
    return "packet";
}

static void print_channel(struct text *text, uint32_t transfer, uint16_t channel,
                          const struct report_options *options)
{
    const struct dma_channel_name *name = trace_channel(options->trace, channel);

    text_printf(text, "transfer %u, %s.%s, ", transfer, name->block, name->name);
}

static const char *print_open(struct text *text, const struct obs_dma_open *open,
                              const struct report_options *options)
{
    print_channel(text, open->transfer, open->channel, options);
    text_printf(text, "is started: %u byte%s %s 0x%08x", open->window.size,
                plural(open->window.size), open->direction == DMA_READS_RAM ? "from" : "to",
                open->window.start);
    if (open->trigger == DMA_BY_SHORTCUT)
        text_printf(text, " by a shortcut");
    else if (open->trigger == DMA_BY_PPI)
        text_printf(text, " by the PPI");
    else
        text_printf(text, " by ");
    if (open->trigger == DMA_BY_CPU)
        print_code(text, options, open->pc);
    return "dma";
}

static const char *print_capture(struct text *text, const struct obs_dma_open *capture,
                                 const struct report_options *options)
{
    print_channel(text, capture->transfer, capture->channel, options);
    text_printf(text, "has captured PTR and MAXCNT");
    return "dma";
}

static const char *print_close(struct text *text, const struct obs_dma_close *close,
                               const struct report_options *options)
{
    char event[64];

    print_channel(text, close->transfer, close->channel, options);
    switch (close->how) {
    case DMA_ENDED:
        text_printf(text, "has moved %u byte%s", close->amount, plural(close->amount));
        break;
    case DMA_DROPPED:
        text_printf(text, "was dropped after %u byte%s", close->amount, plural(close->amount));
        break;
    case DMA_OBSERVED:
        trace_register_name(options->trace, close->event, event, sizeof event);
        text_printf(text, "was observed complete in %s", event);
        break;
    }
    return "dma";
}

static const char *print_irq(struct text *text, const struct obs_exception *exception, bool enters,
                             const struct report_options *options)
{
    print_exception(text, exception->number);
    text_printf(text, enters ? " interrupts " : " returns to ");
    print_exception(text, exception->from);
    text_printf(text, enters ? ", handled by " : ", ");
    print_code(text, options, exception->pc);
    return "irq";
}

static const char *print_pwm(struct text *text, const struct obs_pwm *pwm)
{
    text_printf(text, "%s output %u: %s for %u of %u ticks", pwm->block, pwm->output,
                pwm->falling ? "high" : "low", pwm->compare < pwm->top ? pwm->compare : pwm->top,
                pwm->top);
    if (!(pwm->pin >> 31))
        text_printf(text, ", at P%u.%02u", pwm->pin >> 5 & 1, pwm->pin & 31);
    return "pwm";
}

const char *print_detail(struct text *text, const struct observation *seen,
                         const struct report_options *options)
{
    if (seen->kind == OBS_USB_PACKET)
        return print_packet(text, &seen->usb_packet);
    if (seen->kind == OBS_DMA_OPEN)
        return print_open(text, &seen->dma_open, options);
    if (seen->kind == OBS_DMA_CAPTURE)
        return print_capture(text, &seen->dma_open, options);
    if (seen->kind == OBS_DMA_CLOSE || seen->kind == OBS_DMA_OBSERVED)
        return print_close(text, &seen->dma_close, options);
    if (seen->kind == OBS_IRQ_ENTER || seen->kind == OBS_IRQ_EXIT)
        return print_irq(text, &seen->exception, seen->kind == OBS_IRQ_ENTER, options);
    if (seen->kind == OBS_PWM)
        return print_pwm(text, &seen->pwm);
    return NULL;
}
