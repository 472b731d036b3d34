/* SPDX-License-Identifier: Apache-2.0 */
/* "expect": was the transfer as it must be? */
#include "sim/usb/script.h"

#include "sim/base/bits.h"
#include "sim/usb/host_state.h"

static const char *outcome_word(enum transfer_outcome outcome)
{
    switch (outcome) {
    case TRANSFER_DONE:
        return "success";
    case TRANSFER_STALLED:
        return "STALL";
    case TRANSFER_TIMED_OUT:
        return "nothing but NAK";
    case TRANSFER_SILENT:
        return "no answer at all";
    case TRANSFER_BABBLE:
        return "a broken protocol";
    case TRANSFER_BUSY:
        break;
    }
    return "";
}

/* "; success or STALL was expected" */
static void print_outcomes(struct text *text, uint32_t wanted)
{
    const char *before = "; ";

    for (unsigned outcome = TRANSFER_DONE; outcome <= TRANSFER_BABBLE; outcome++) {
        if (!(wanted & bit32(outcome)))
            continue;
        text_printf(text, "%s%s", before, outcome_word((enum transfer_outcome)outcome));
        before = " or ";
    }
    text_printf(text, " was expected");
}

static bool fits_outcome(struct text *text, const struct host *host,
                         const struct expectation *expect)
{
    uint32_t wanted = expect->outcomes ? expect->outcomes : bit32(TRANSFER_DONE);

    if (wanted & bit32(host_transfer(host)))
        return true;
    if (!expect->outcomes && host_transfer(host) == TRANSFER_STALLED)
        text_printf(text, "the device answered ");
    host_print_result(text, host);
    if (expect->outcomes)
        print_outcomes(text, wanted);
    return false;
}

/* "2 bytes came, exactly 4 were expected" */
static bool size_is_wrong(struct text *text, size_t size, const char *how, size_t expected)
{
    text_printf(text, "%zu byte%s came, %s %zu %s expected", size, size == 1 ? "" : "s", how,
                expected, expected == 1 ? "was" : "were");
    return false;
}

static bool fits_size(struct text *text, size_t size, const struct expectation *expect)
{
    bool exactly = expect->least == expect->most;

    if (!expect->size_given)
        return true;
    if (size < expect->least)
        return size_is_wrong(text, size, exactly ? "exactly" : "at least", expect->least);
    if (size > expect->most)
        return size_is_wrong(text, size, exactly ? "exactly" : "at most", expect->most);
    return true;
}

/* `mask` NULL: all bits count. */
static bool fits_bytes(struct text *text, const uint8_t *bytes, const uint8_t *value,
                       const uint8_t *mask, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        uint8_t care = mask ? mask[i] : 0xff;

        if ((bytes[i] ^ value[i]) & care) {
            text_printf(text, "byte %zu is %02x, %02x was expected", i, bytes[i], value[i]);
            if (care != 0xff)
                text_printf(text, " in the bits %02x", care);
            return false;
        }
    }
    return true;
}

static bool fits_pattern(struct text *text, const struct host *host, const uint8_t *bytes,
                         size_t size, const struct expectation *expect)
{
    const uint8_t *value = script_of(host)->pool + expect->bytes.at;
    size_t wanted = expect->bytes.size;
    size_t common = size < wanted ? size : wanted;

    if (!expect->bytes_given)
        return true;
    if (wanted && !fits_bytes(text, bytes, value, value + wanted, common))
        return false;
    if (size < wanted)
        return size_is_wrong(text, size, expect->open ? "at least" : "exactly", wanted);
    if (size > wanted && !expect->open)
        return size_is_wrong(text, size, "exactly", wanted);
    return true;
}

static bool fits_echo(struct text *text, const struct host *host, const uint8_t *bytes, size_t size,
                      const struct expectation *expect)
{
    const struct conversation *script = script_of(host);
    uint32_t echo = host->state.script.echo;
    struct script_data sent = echo ? script->step[echo - 1].data : (struct script_data){0, 0};

    if (!expect->echo)
        return true;
    if (size != sent.size)
        return size_is_wrong(text, size, "exactly", sent.size);
    return !size || fits_bytes(text, bytes, script->pool + sent.at, NULL, size);
}

/* "expect ok or stall": what else is expected is meant for the case that it succeeds. */
static bool refused_as_allowed(const struct host *host, const struct expectation *expect)
{
    return expect->outcomes & bit32(TRANSFER_DONE) && host_transfer(host) != TRANSFER_DONE;
}

bool script_judge(struct text *text, const struct host *host, bool cut)
{
    const struct expectation *expect = &script_step(host)->expect;
    size_t size;
    const uint8_t *bytes = host_transfer_data(host, &size);
    bool fits;

    host_print_request(text, host);
    text_printf(text, ": ");
    fits = (cut || fits_outcome(text, host, expect));
    if (fits && (cut || !refused_as_allowed(host, expect)))
        fits = fits_size(text, size, expect) && fits_pattern(text, host, bytes, size, expect) &&
               fits_echo(text, host, bytes, size, expect);
    if (fits)
        text_clear(text);
    return fits;
}
