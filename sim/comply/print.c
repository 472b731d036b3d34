/* SPDX-License-Identifier: Apache-2.0 */
/* The table, for people: 100 columns at most where reasons are short. */
#include "sim/comply/comply.h"

#include <string.h>

static const char *colour_of(enum comply_verdict verdict, bool colour)
{
    static const char *const codes[] = {"\033[1;31m", "\033[32m", "\033[1;31m", "\033[2m"};

    return colour ? codes[verdict] : "";
}

/* "9.4.5, usbtest 13" */
static void print_clause(struct text *text, const struct comply_case *subject)
{
    const char *usbtest = comply_case_usbtest(subject);
    const char *clause = comply_case_clause(subject);

    text_printf(text, "%s", clause);
    if (*usbtest)
        text_printf(text, "%*s usbtest %s", (int)(strlen(clause) < 8 ? 8 - strlen(clause) : 0), "",
                    usbtest);
}

static void print_reason(struct text *text, const struct comply_result *result)
{
    const char *reason = result->reason;

    while (reason && *reason) {
        size_t length = strcspn(reason, "\n");

        text_printf(text, "         %.*s\n", (int)length, reason);
        reason += length + (reason[length] == '\n');
    }
}

static void print_result(struct text *text, const struct comply_result *result, bool colour)
{
    const struct comply_case *subject = result->subject;

    text_printf(text, "%s%-7s%s  %-62s ", colour_of(result->verdict, colour),
                comply_verdict_name(result->verdict), colour ? "\033[0m" : "",
                comply_case_title(subject));
    print_clause(text, subject);
    text_printf(text, "\n");
    if (result->verdict == COMPLY_FAILED || result->verdict == COMPLY_MISSING)
        text_printf(text, "         case %s\n", comply_case_name(subject));
    print_reason(text, result);
}

static void print_group(struct text *text, const struct comply_case *subject, const char **group)
{
    if (*group == comply_case_group(subject))
        return;
    text_printf(text, "%s%s\n", *group ? "\n" : "", comply_case_group(subject));
    *group = comply_case_group(subject);
}

static void print_tally(struct text *text, const struct comply *comply)
{
    unsigned failed = comply_tally(comply, COMPLY_FAILED);
    unsigned missing = comply_tally(comply, COMPLY_MISSING);

    text_printf(text, "\n%s: %u passed, %u failed, ",
                comply_passed(comply) ? "compliant" : "not compliant",
                comply_tally(comply, COMPLY_PASSED), failed);
    if (missing)
        text_printf(text, "%u without a result, ", missing);
    text_printf(text, "%u not applicable\n", comply_tally(comply, COMPLY_NOT_APPLICABLE));
}

void comply_print(struct text *text, const struct comply *comply, bool colour)
{
    const char *group = NULL;

    for (unsigned i = 0; i < comply_count(comply); i++) {
        const struct comply_result *result = comply_result(comply, i);

        if (!result->selected)
            continue;
        print_group(text, result->subject, &group);
        print_result(text, result, colour);
    }
    print_tally(text, comply);
}

void comply_print_cases(struct text *text)
{
    const char *group = NULL;
    const struct comply_case *subject;

    for (unsigned i = 0; (subject = comply_case_at(i)) != NULL; i++) {
        print_group(text, subject, &group);
        text_printf(text, "  %-33s %-62s ", comply_case_name(subject), comply_case_title(subject));
        print_clause(text, subject);
        text_printf(text, "\n");
    }
}
