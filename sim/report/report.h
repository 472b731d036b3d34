/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a person reads: findings, faults, the catalogue and the verdict, as plain text of at most
 * about 100 columns that can be pasted into a bug report.
 *
 * Everything works without symbols too: then addresses stand where names would.
 */
#ifndef SIM_REPORT_REPORT_H
#define SIM_REPORT_REPORT_H

#include "sim/base/json.h"
#include "sim/base/text.h"
#include "sim/check/checker.h"
#include "sim/core/trace.h"
#include "sim/image/image.h"

/* What leaves the chip of one transfer in a run of the same firmware with another timing. */
struct report_packet {
    const char *timing;                     /* "eager" */
    const char *replay;                     /* command line that shows it; NULL: there is none */
    const struct dma_channel_name *channel; /* NULL: the host receives it from `endpoint` */
    uint8_t endpoint;
    uint32_t size;
    const uint8_t *bytes;
};

/* Two such runs whose packets differ: `finding` matters. finding NULL: no witness. */
struct report_witness {
    const struct finding *finding;
    struct report_packet packet[2];
};

/* All pointers are borrowed for the time of the call (a transcript: for its life). */
struct report_options {
    const struct trace *trace; /* names channels and registers; never NULL */
    const struct image *image; /* names code and data; NULL: no symbols */
    const char *replay;        /* command line that shows a finding again; NULL leaves it out */
    bool colour;               /* ANSI colours */
    bool goes_on;              /* the run is not over: what did not happen may still happen */
    /* Reads the program's code, for what has no source; false: nothing is there. NULL: unknown. */
    bool (*code)(void *owner, guest_addr address, void *bytes, uint32_t size);
    void *code_owner;
    unsigned witness_count;
    const struct report_witness *witnesses;
};

/*
 * One finding in full: both sides with source, the buffer, the transfer, its time line, the bytes
 * the host received and could have received, and the repair. Source lines are quoted from the files
 * the debug information names, if they can be read from the current folder.
 */
void report_finding(struct text *text, const struct finding *finding,
                    const struct report_options *options);

/*
 * A fault exception or a lock-up: what the fault status registers say in words (Armv7-M B3.2.15),
 * registers and backtrace.
 *
 * fault  an OBS_FAULT.
 * site   captured when it was reported.
 */
void report_fault(struct text *text, const struct observation *fault, const struct site *site,
                  const struct report_options *options);

/* How a run came to its end. */
struct run_end {
    const char *name;   /* stable, for programs: "host-done", "time-out" */
    const char *reason; /* for people, one line without full stop: "the host gave up: ..."; NULL:
                           nothing to say */
    bool failed;        /* the firmware failed, findings or not */
    sim_time when;
    const char *details; /* a plain paragraph for people: where the firmware was; NULL: none */
};

/* One thing the run was asked to do, e.g. "dma", "lazy". */
struct run_setting {
    const char *name;
    const char *value;
};

struct suppressions;
struct suppression;

/* A run that is over, as all reports tell it. All pointers are borrowed. */
struct report_run {
    const struct checker *checker;
    const struct suppressions *suppressions; /* NULL: none were given */
    /* By finding: the line that suppresses it, NULL for a finding that counts. NULL: all count. */
    const struct suppression *const *suppressed;
    struct run_end end;
    const char *version;                /* of the program */
    const char *engine;                 /* of the CPU */
    const struct run_setting *settings; /* ended by a NULL name */
    const char *note; /* whole lines for people, what else there is to say; NULL: nothing */
    /* What several runs have shown, in place of the findings of `checker`; NULL: those of
     * `checker`. Each with the command line that shows it again, or NULL. */
    const struct finding *const *findings;
    const char *const *replays;
    unsigned finding_count;
    const char *words; /* in place of findings and verdict, for people; NULL: those */
    /* Adds a member to the JSON report; NULL: none. */
    void (*more)(void *owner, struct json *json);
    void *more_owner;
};

/* The findings that are told of. */
unsigned run_finding_count(const struct report_run *run);
const struct finding *run_finding(const struct report_run *run, unsigned index);

/* `options`, with the command line that shows finding `index`. */
struct report_options run_options_for(const struct report_run *run, unsigned index,
                                      const struct report_options *options);

/* The line that suppresses finding `index`, or NULL. */
const struct suppression *report_suppression(const struct report_run *run, unsigned index);

/* How many findings of this severity count. */
unsigned report_count(const struct report_run *run, enum severity severity);

/*
 * The closing lines: how many findings, what was looked at, and what could not be checked. Says
 * "clean" only when there is no finding and the run did not fail otherwise.
 */
void report_verdict(struct text *text, const struct report_run *run,
                    const struct report_options *options);

/* The catalogue: one line a rule, and one rule in full. */
void report_rules(struct text *text, const struct report_options *options);
void report_rule(struct text *text, const struct rule *rule, const struct report_options *options);

#endif
