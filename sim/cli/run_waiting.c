/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/cli/run_waiting.h"

#include "sim/report/place.h"
#include "sim/report/style.h"
#include "sim/soc/nrf52840.h"

enum { INDENT = 2, FURTHER = 6 };

static void print_what(struct text *text, const struct report_options *options,
                       const struct waiting_read *read)
{
    char name[80];

    if (read->is_register) {
        trace_register_name(options->trace, read->address, name, sizeof name);
        text_printf(text, "%s", name);
    } else if (!print_data(text, options, read->address)) {
        text_printf(text, "0x%08x", read->address);
    }
}

static void print_prospect(struct text *text, const struct waiting_read *read)
{
    if (!read->is_register)
        return;
    if (!read->is_modelled)
        text_printf(text, ": it is not modelled and always reads as 0");
    else if (!read->is_coming && !read->value)
        text_printf(text, ": nothing of %s is scheduled that could raise it",
                    read->block ? read->block : "it");
}

static void print_read(struct text *text, const struct report_options *options,
                       const struct waiting_read *read)
{
    struct text words = {0};

    text_printf(&words, "reads ");
    print_what(&words, options, read);
    text_printf(&words, " as 0x%x at ", read->value);
    print_code(&words, options, read->pc);
    print_prospect(&words, read);
    text_printf(text, "%*s", INDENT, "");
    wrap(text, INDENT, FURTHER, text_string(&words));
    text_printf(text, "\n");
    text_free(&words);
}

static void print_lines(struct text *words, const struct waiting *waiting)
{
    for (unsigned i = 0; i < waiting->lines; i++) {
        const char *name = nrf52840_irq_name(waiting->line[i]);

        text_printf(words, "%s %s (IRQ %u)", i ? "," : "", name ? name : "nobody",
                    waiting->line[i]);
    }
}

static void print_interrupts(struct text *text, const struct waiting *waiting)
{
    struct text words = {0};

    if (!waiting->lines)
        text_printf(&words, "no interrupt is enabled in the NVIC");
    else if (waiting->masked)
        text_printf(&words, "interrupts are masked (PRIMASK or FAULTMASK); enabled are");
    else
        text_printf(&words, "interrupts enabled in the NVIC:");
    print_lines(&words, waiting);
    text_printf(text, "%*s", INDENT, "");
    wrap(text, INDENT, FURTHER, text_string(&words));
    text_printf(text, "\n");
    text_free(&words);
}

void print_waiting(struct text *text, const struct report_options *options,
                   const struct waiting *waiting)
{
    for (unsigned i = 0; i < waiting->reads; i++)
        print_read(text, options, &waiting->read[i]);
    print_interrupts(text, waiting);
}
