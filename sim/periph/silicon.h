/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which silicon is simulated: a revision of the chip, its errata, and answers to what no document
 * settles (silicon.def lists them all).
 *
 * An erratum that is on bites whenever its condition is met, also where silicon would only
 * sometimes: the missing workaround is to show. All zero is the default, silicon without errata.
 */
#ifndef SIM_PERIPH_SILICON_H
#define SIM_PERIPH_SILICON_H

#include "sim/base/bits.h"
#include "sim/base/text.h"

#include <stdbool.h>
#include <stdint.h>

enum silicon_revision {
#define REVISION(name, word, variant, byte, brief) SILICON_##name,
#include "sim/periph/silicon.def"
    SILICON_REVISIONS,
};

enum erratum {
#define ERRATUM(number, engA, rev1, rev2, rev3, workaround, brief) ERRATUM_##number,
#include "sim/periph/silicon.def"
    ERRATA,
};

enum undocumented {
#define UNDOCUMENTED(name, word, on_silicon, brief, answers) UNDOCUMENTED_##name,
#include "sim/periph/silicon.def"
    UNDOCUMENTED_COUNT,
};

/* Numbers of the answers, as they stand in silicon.def. */
enum {
    SECOND_START_LOST = 0,
    SECOND_START_QUEUED = 1,
    SECOND_START_CORRUPTS = 2,
    SIZE_IN_DMA_WRONG = 1,
    EP0_IN_DMA_WAITS = 0,
    EP0_IN_DMA_LOST = 1,
    EP0_IN_DMA_WORKS = 2,
    ERRATUM_199_TASKS = 0,
    ERRATUM_199_TOKENS = 1,
    ODD_BYTES_SPOIL = 1,
    AMOUNT_LATE = 1,
    OWN_RESUME_TOLD = 1,
    LOW_POWER_END_NOTHING = 1,
    IDLE_ATTACH_TOLD = 1,
    USBPWRRDY_PATIENCE = 0,
    USBPWRRDY_ENABLE = 1,
    USBPWRRDY_NOTHING = 2,
    LOST_ACK_NOTHING = 1,
    RESET_ENDPOINTS_DISABLED = 1,
    LATE_PACKET_SENT = 1,
    TOGGLE_SELECT_BEFORE = 1,
    HALT_ACCEPTS_FORGOTTEN = 1,
};

/* Plain data; constant while a machine lives. */
struct silicon {
    uint8_t revision;                   /* enum silicon_revision */
    uint16_t errata;                    /* bit n: enum erratum n bites */
    uint8_t answer[UNDOCUMENTED_COUNT]; /* by enum undocumented */
};

/* The revision with its errata and the answers it has on silicon. */
struct silicon silicon_of(enum silicon_revision revision);

static inline bool silicon_has(const struct silicon *silicon, enum erratum erratum)
{
    return silicon->errata & bit32(erratum);
}

void silicon_set_erratum(struct silicon *silicon, enum erratum erratum, bool on);

/* What start-up code and drivers read in FICR. */
uint32_t silicon_variant(enum silicon_revision revision);
uint32_t silicon_errata_byte(enum silicon_revision revision);

/* Words and numbers for people. */
const char *silicon_revision_word(enum silicon_revision revision);
const char *silicon_revision_brief(enum silicon_revision revision);
unsigned erratum_number(enum erratum erratum); /* e.g. 199 */
const char *erratum_brief(enum erratum erratum);
const char *erratum_workaround(enum erratum erratum);
const char *undocumented_word(enum undocumented question);
const char *undocumented_brief(enum undocumented question);

/* How many answers a question has; one of them, and its length (it is not NUL-terminated). */
unsigned undocumented_answers(enum undocumented question);
const char *undocumented_answer(enum undocumented question, unsigned answer, int *length);

/* Appends e.g. "rev3, erratum 199 off, second-start queued". */
void silicon_print(struct text *text, const struct silicon *silicon);

/*
 * Read "rev2", "199:on", "second-start:queued". False: there is no such thing, and nothing is
 * changed. A revision brings its own errata and answers: read it first.
 */
bool silicon_read_revision(struct silicon *silicon, const char *text);
bool silicon_read_erratum(struct silicon *silicon, const char *text);
bool silicon_read_undocumented(struct silicon *silicon, const char *text);

#endif
