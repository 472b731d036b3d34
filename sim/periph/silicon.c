/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/periph/silicon.h"

#include "sim/base/compiler.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(ERRATA <= 16, "struct silicon has a bit for each");

static const struct {
    const char *word;
    uint32_t variant;
    uint32_t byte;
    const char *brief;
} revisions[] = {
#define REVISION(name_, word_, variant_, byte_, brief_) {word_, variant_, byte_, brief_},
#include "sim/periph/silicon.def"
};

static const struct {
    unsigned number;
    uint8_t has[SILICON_REVISIONS];
    const char *workaround;
    const char *brief;
} errata[] = {
#define ERRATUM(number_, engA, rev1, rev2, rev3, workaround_, brief_)                              \
    {number_, {0, engA, rev1, rev2, rev3}, workaround_, brief_},
#include "sim/periph/silicon.def"
};

static const struct {
    const char *word;
    uint8_t on_silicon;
    const char *brief;
    const char *answers;
} questions[] = {
#define UNDOCUMENTED(name_, word_, on_silicon_, brief_, answers_)                                  \
    {word_, on_silicon_, brief_, answers_},
#include "sim/periph/silicon.def"
};

struct silicon silicon_of(enum silicon_revision revision)
{
    struct silicon silicon = {.revision = (uint8_t)revision};

    assert(revision < SILICON_REVISIONS);
    for (unsigned i = 0; i < ERRATA; i++)
        silicon_set_erratum(&silicon, (enum erratum)i, errata[i].has[revision]);
    for (unsigned i = 0; revision != SILICON_IDEAL && i < UNDOCUMENTED_COUNT; i++)
        silicon.answer[i] = questions[i].on_silicon;
    return silicon;
}

void silicon_set_erratum(struct silicon *silicon, enum erratum erratum, bool on)
{
    uint32_t bit = bit32(erratum);

    silicon->errata = (uint16_t)(on ? silicon->errata | bit : silicon->errata & ~bit);
}

uint32_t silicon_variant(enum silicon_revision revision)
{
    return revisions[revision].variant;
}

uint32_t silicon_errata_byte(enum silicon_revision revision)
{
    return revisions[revision].byte;
}

/* ---- For people ------------------------------------------------------------------------------ */

const char *silicon_revision_word(enum silicon_revision revision)
{
    return revisions[revision].word;
}

const char *silicon_revision_brief(enum silicon_revision revision)
{
    return revisions[revision].brief;
}

unsigned erratum_number(enum erratum erratum)
{
    return errata[erratum].number;
}

const char *erratum_brief(enum erratum erratum)
{
    return errata[erratum].brief;
}

const char *erratum_workaround(enum erratum erratum)
{
    return errata[erratum].workaround;
}

const char *undocumented_word(enum undocumented question)
{
    return questions[question].word;
}

const char *undocumented_brief(enum undocumented question)
{
    return questions[question].brief;
}

unsigned undocumented_answers(enum undocumented question)
{
    unsigned count = 1;

    for (const char *at = questions[question].answers; *at; at++)
        count += *at == ' ';
    return count;
}

const char *undocumented_answer(enum undocumented question, unsigned answer, int *length)
{
    const char *at = questions[question].answers;

    assert(answer < undocumented_answers(question));
    while (answer--)
        at = strchr(at, ' ') + 1;
    *length = (int)strcspn(at, " ");
    return at;
}

void silicon_print(struct text *text, const struct silicon *silicon)
{
    enum silicon_revision revision = (enum silicon_revision)silicon->revision;
    struct silicon usual = silicon_of(revision);

    text_printf(text, "%s", silicon_revision_word(revision));
    for (unsigned i = 0; i < ERRATA; i++) {
        bool on = silicon_has(silicon, (enum erratum)i);

        if (on != silicon_has(&usual, (enum erratum)i))
            text_printf(text, ", erratum %u %s", errata[i].number, on ? "on" : "off");
    }
    for (unsigned i = 0; i < UNDOCUMENTED_COUNT; i++) {
        enum undocumented question = (enum undocumented)i;
        int length;
        const char *answer = undocumented_answer(question, silicon->answer[i], &length);

        if (silicon->answer[i] != usual.answer[i])
            text_printf(text, ", %s %.*s", undocumented_word(question), length, answer);
    }
}

/* ---- Reading --------------------------------------------------------------------------------- */

bool silicon_read_revision(struct silicon *silicon, const char *text)
{
    for (unsigned i = 0; i < SILICON_REVISIONS; i++) {
        if (!strcmp(text, revisions[i].word)) {
            *silicon = silicon_of((enum silicon_revision)i);
            return true;
        }
    }
    return false;
}

bool silicon_read_erratum(struct silicon *silicon, const char *text)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    bool on = !strcmp(end, ":on");

    if (end == text || !(on || !strcmp(end, ":off")))
        return false;
    for (unsigned i = 0; i < ERRATA; i++) {
        if (errata[i].number == number) {
            silicon_set_erratum(silicon, (enum erratum)i, on);
            return true;
        }
    }
    return false;
}

static bool read_answer(struct silicon *silicon, enum undocumented question, const char *text)
{
    for (unsigned i = 0; i < undocumented_answers(question); i++) {
        int length;
        const char *answer = undocumented_answer(question, i, &length);

        if (strlen(text) == (size_t)length && !strncmp(text, answer, (size_t)length)) {
            silicon->answer[question] = (uint8_t)i;
            return true;
        }
    }
    return false;
}

bool silicon_read_undocumented(struct silicon *silicon, const char *text)
{
    size_t length = strcspn(text, ":");

    for (unsigned i = 0; text[length] && i < UNDOCUMENTED_COUNT; i++) {
        if (strlen(questions[i].word) == length && !strncmp(text, questions[i].word, length))
            return read_answer(silicon, (enum undocumented)i, text + length + 1);
    }
    return false;
}
