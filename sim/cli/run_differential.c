/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/cli/run_differential.h"

#include "sim/cli/cli.h"
#include "sim/explore/differential.h"
#include "sim/report/place.h"

enum { SHOWN_BYTES = 16 };

/* ---- How a run ended ------------------------------------------------------------------------- */

static void print_end(struct text *text, const struct side *side)
{
    switch (side->stop) {
    case MACHINE_STOP_HOST_DONE:
    case MACHINE_STOP_CONDITION:
        text_printf(text, "all goes well");
        break;
    case MACHINE_STOP_HOST_FAILED:
        text_printf(text, "the host gives up (%s)", host_reason(machine_host(side->machine)));
        break;
    case MACHINE_STOP_EXIT:
        text_printf(text, "the firmware ends itself with exit code %d",
                    machine_exit_code(side->machine));
        break;
    case MACHINE_STOP_FAULT:
        text_printf(text, "the firmware ends in a fault");
        break;
    case MACHINE_STOP_TIME:
        text_printf(text, "neither host nor firmware comes to an end");
        break;
    case MACHINE_STOP_ASLEEP:
        text_printf(text, "the CPU falls asleep for good");
        break;
    case MACHINE_STOP_OFF:
        text_printf(text, "the firmware switches the chip off");
        break;
    }
}

/* ---- What differs ---------------------------------------------------------------------------- */

/* "nothing more", "an empty packet", "64 bytes 00 01 02 ..." */
static void print_packet(struct text *text, const struct wire_log *log, size_t index)
{
    const struct wire_packet *packet = index < log->usb.count ? &log->usb.packet[index] : NULL;

    if (!packet) {
        text_printf(text, "nothing more");
        return;
    }
    text_printf(text, "%u byte%s on endpoint %u", packet->size, packet->size == 1 ? "" : "s",
                packet->endpoint);
    for (unsigned i = 0; i < packet->size && i < SHOWN_BYTES; i++)
        text_printf(text, "%s%02x", i ? " " : ": ", wire_log_payload(log, packet)[i]);
    if (packet->size > SHOWN_BYTES)
        text_printf(text, " ...");
}

/* "ideal silicon", or "ideal silicon with erratum 154" for firmware that depends on one. */
static void print_ideal(struct text *text, const struct differential *differential)
{
    text_printf(text, "ideal silicon");
    for (unsigned i = 0; i < ERRATA; i++) {
        if (silicon_has(&differential->ideal, (enum erratum)i))
            text_printf(text, " with erratum %u", erratum_number((enum erratum)i));
    }
}

static void print_wire(struct text *text, const struct differential *differential)
{
    text_printf(text, "the device sends as its data packet %zu ", differential->packet + 1);
    print_packet(text, &differential->side[SIDE_REAL].log, differential->packet);
    text_printf(text, ", on ");
    print_ideal(text, differential);
    text_printf(text, " ");
    print_packet(text, &differential->side[SIDE_IDEAL].log, differential->packet);
}

static void print_finding(struct text *text, const struct differential *differential)
{
    const struct finding *finding = differential->finding;
    struct machine *machine = differential->side[differential->has].machine;
    const struct report_options report = {.trace = machine_trace(machine),
                                          .code = machine_peek,
                                          .code_owner = machine,
                                          .image = machine_image(machine)};
    const struct rule *rule = rule_describe((enum rule_id)finding->rule);

    text_printf(text, "%s %s (%s, ", rule->name,
                differential->has == SIDE_REAL ? "is found" : "is not found", rule->title);
    print_code(text, &report, finding->site.pc);
    text_printf(text, "), on ");
    print_ideal(text, differential);
    text_printf(text, " it is%s", differential->has == SIDE_REAL ? " not" : "");
}

static void print_difference(struct text *text, const struct differential *differential)
{
    switch (differential->kind) {
    case DIFFERENCE_NONE:
        break;
    case DIFFERENCE_END:
        print_end(text, &differential->side[SIDE_REAL]);
        text_printf(text, ", on ");
        print_ideal(text, differential);
        text_printf(text, " ");
        print_end(text, &differential->side[SIDE_IDEAL]);
        break;
    case DIFFERENCE_WIRE:
        print_wire(text, differential);
        break;
    case DIFFERENCE_FINDING:
        print_finding(text, differential);
        break;
    }
}

/* ---- Why ------------------------------------------------------------------------------------- */

static unsigned count_bits(unsigned bits)
{
    unsigned count = 0;

    for (; bits; bits &= bits - 1)
        count++;
    return count;
}

/* Between the items of a list: ", " and " and ". */
static const char *joint(unsigned item, unsigned items)
{
    if (!item)
        return "";
    return item + 1 == items ? " and " : ", ";
}

static void print_workarounds(struct text *text, unsigned errata)
{
    unsigned items = count_bits(errata);
    unsigned item = 0;

    text_printf(text,
                items == 1 ? ": the workaround for erratum " : ": the workarounds for errata ");
    for (unsigned i = 0; i < ERRATA; i++) {
        if (errata & bit32(i))
            text_printf(text, "%s%u (%s)", joint(item++, items), erratum_number((enum erratum)i),
                        erratum_workaround((enum erratum)i));
    }
    text_printf(text, items == 1 ? " is missing" : " are missing");
}

static void print_answers(struct text *text, const struct differential *differential,
                          const struct silicon *real)
{
    unsigned items = count_bits(differential->answers);
    unsigned item = 0;

    text_printf(text, differential->errata ? "; it depends on " : ": it depends on ");
    for (unsigned i = 0; i < UNDOCUMENTED_COUNT; i++) {
        int length;
        const char *answer = undocumented_answer((enum undocumented)i, real->answer[i], &length);

        if (differential->answers & bit32(i))
            text_printf(text, "%s%s:%.*s", joint(item++, items),
                        undocumented_word((enum undocumented)i), length, answer);
    }
    text_printf(text, ", which no document settles");
}

static void print_cause(struct text *text, const struct differential *differential,
                        const struct silicon *real)
{
    if (differential->errata)
        print_workarounds(text, differential->errata);
    if (differential->answers)
        print_answers(text, differential, real);
    if (!differential->errata && !differential->answers)
        text_printf(text, ": no erratum does that alone");
}

/* ---- The sentence ---------------------------------------------------------------------------- */

static unsigned count_errors(const struct side *side)
{
    unsigned count = 0;

    for (unsigned i = 0; i < checker_finding_count(side->checker); i++)
        count += checker_finding(side->checker, i)->severity == SEVERITY_ERROR;
    return count;
}

static void print_same(struct text *text, const struct differential *differential)
{
    const struct side *side = &differential->side[SIDE_REAL];
    unsigned errors = count_errors(side);

    text_printf(text, "nothing differs from ");
    print_ideal(text, differential);
    text_printf(text, " in %zu data packets of the device, and ", side->log.usb.count);
    print_end(text, side);
    if (errors)
        text_printf(text, ", but for %u finding%s ('fencepost run' shows %s)", errors,
                    errors == 1 ? "" : "s", errors == 1 ? "it" : "them");
    text_printf(text, ": no workaround is missing, as far as this run goes");
}

static int tell(const struct differential *differential, const struct silicon *real)
{
    const struct side *side = &differential->side[SIDE_REAL];
    struct text text = {0};

    text_printf(&text, "on silicon ");
    silicon_print(&text, real);
    text_printf(&text, ": ");
    if (differential->kind == DIFFERENCE_NONE) {
        print_same(&text, differential);
    } else {
        print_difference(&text, differential);
        print_cause(&text, differential, real);
    }
    text_printf(&text, "\n");
    cli_print(text_string(&text));
    text_free(&text);
    return differential->kind == DIFFERENCE_NONE && side_ended_well(side) && !count_errors(side)
               ? EXIT_CLEAN
               : EXIT_FINDINGS;
}

int run_differential(const struct plan *plan, const struct run_options *options)
{
    struct plan own = *plan;
    struct differential differential;
    struct failure failure;
    int code;

    if (!own.machine.silicon.errata && own.machine.silicon.revision == SILICON_IDEAL)
        own.machine.silicon = silicon_of(SILICON_REV3);
    if (differential_run(&differential, &own, &options->checked, &failure) == STATUS_OK)
        code = tell(&differential, &own.machine.silicon);
    else
        code = cli_failure(&failure);
    differential_free(&differential);
    return code;
}
