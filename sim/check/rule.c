/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/check/rule.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct rule catalogue[] = {
#define RULE(id_, severity_, title_, explanation_, example_, repair_, seen_in_)                    \
    [RULE_##id_] = {.name = #id_,                                                                  \
                    .severity = SEVERITY_##severity_,                                              \
                    .title = title_,                                                               \
                    .explanation = explanation_,                                                   \
                    .example = example_,                                                           \
                    .repair = repair_,                                                             \
                    .seen_in = seen_in_},
#include "sim/check/rules.def"
#undef RULE
};

const struct rule *rule_describe(enum rule_id id)
{
    assert(id < RULE_COUNT);
    return &catalogue[id];
}

const struct rule *rule_named(const char *name)
{
    for (unsigned i = 0; i < RULE_COUNT; i++) {
        if (!strcasecmp(catalogue[i].name, name))
            return &catalogue[i];
    }
    return NULL;
}

/* ---- Choosing -------------------------------------------------------------------------------- */

/* Whether `word` is the name of the rule, or of its family: the letters it begins with. */
static bool is_named(const struct rule *rule, const char *word, size_t length)
{
    size_t family = strcspn(rule->name, "0123456789");

    return (length == strlen(rule->name) || length == family) &&
           !strncasecmp(rule->name, word, length);
}

static bool is_word(const char *word, size_t length, const char *other)
{
    return length == strlen(other) && !strncasecmp(word, other, length);
}

/* The rules that `word` stands for; false when it stands for nothing. */
static bool rules_of(const char *word, size_t length, rule_set *rules)
{
    *rules = 0;
    for (unsigned id = 0; id < RULE_COUNT; id++) {
        if (is_word(word, length, "all") || is_named(&catalogue[id], word, length))
            *rules |= rule_bit((enum rule_id)id);
    }
    return *rules != 0;
}

bool rules_read(rule_set *off, const char *text, char *wrong, size_t room)
{
    rule_set on = *text == '-' || *text == '+' ? ~(rule_set)0 : 0;

    for (;;) {
        size_t length = strcspn(text, ",");
        bool takes_away = *text == '-';
        size_t sign = takes_away || *text == '+' ? 1 : 0;
        rule_set rules;

        if (is_word(text, length, "none")) {
            on = 0;
        } else if (!rules_of(text + sign, length - sign, &rules)) {
            (void)snprintf(wrong, room, "%.*s", (int)length, text);
            return false;
        } else {
            on = takes_away ? on & ~rules : on | rules;
        }
        if (!text[length])
            break;
        text += length + 1;
    }
    *off = ~on & (rule_bit(RULE_COUNT) - 1);
    return true;
}

const char *severity_name(enum severity severity)
{
    return severity == SEVERITY_ERROR ? "error" : "warning";
}
