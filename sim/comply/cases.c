/* SPDX-License-Identifier: Apache-2.0 */
/* The list of cases, as data. */
#include "sim/comply/writer.h"

/* Groups become rows without a name, and are passed over. */
static const struct comply_case rows[] = {
#define GROUP(title_) {.group = title_},
#define TEXT(name_, state_, clause_, usbtest_, title_, steps_)                                     \
    {.name = name_,                                                                                \
     .state = COMPLY_##state_,                                                                     \
     .clause = clause_,                                                                            \
     .usbtest = usbtest_,                                                                          \
     .title = title_,                                                                              \
     .text = steps_},
#define CASE(name_, state_, clause_, usbtest_, title_, function_)                                  \
    {.name = name_,                                                                                \
     .state = COMPLY_##state_,                                                                     \
     .clause = clause_,                                                                            \
     .usbtest = usbtest_,                                                                          \
     .title = title_,                                                                              \
     .write = function_},
#include "sim/comply/cases.def"
};

const struct comply_case *comply_case_at(unsigned index)
{
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
        if (rows[i].name && !index--)
            return &rows[i];
    return NULL;
}

const char *comply_case_group(const struct comply_case *subject)
{
    const struct comply_case *row = subject;

    while (row->name)
        row--; /* the first row is a group */
    return row->group;
}

const char *comply_case_name(const struct comply_case *subject)
{
    return subject->name;
}

const char *comply_case_clause(const struct comply_case *subject)
{
    return subject->clause;
}

const char *comply_case_title(const struct comply_case *subject)
{
    return subject->title;
}

const char *comply_case_usbtest(const struct comply_case *subject)
{
    return subject->usbtest;
}

enum comply_state comply_case_state(const struct comply_case *subject)
{
    return subject->state;
}

const char *comply_state_name(enum comply_state state)
{
    static const char *const names[] = {"Attached", "Default", "Address", "Configured"};

    return state < COMPLY_STATES ? names[state] : "?";
}

const char *comply_verdict_name(enum comply_verdict verdict)
{
    static const char *const names[] = {"missing", "pass", "FAIL", "n/a"};

    return verdict < COMPLY_VERDICTS ? names[verdict] : "?";
}
