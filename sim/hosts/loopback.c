/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A vendor-specific interface whose endpoints send back what they get: each pair of OUT and IN, of
 * each type, in each alternate setting.
 *
 * Bulk and interrupt pairs are tried with transfers of many sizes, also those that end with a full
 * packet and need an empty one behind it; packets must come back as they went out.
 */
#include "sim/hosts/function.h"
#include "sim/hosts/programs.h"

enum { VENDOR = 0xff };

struct loopback {
    uint32_t settings; /* that were spoken to */
    uint32_t pairs;
};

struct pair {
    struct function_endpoint out;
    struct function_endpoint in;
};

static struct pair pair_of(const struct function *function, enum endpoint_type type)
{
    return (struct pair){function_endpoint(function, type, false),
                         function_endpoint(function, type, true)};
}

static bool is_there(struct pair pair)
{
    return pair.out.address && pair.in.address && pair.out.size && pair.in.size;
}

/* Interfaces of the vendor's class with a pair, setting by setting. */
static bool nth_setting(const struct host *host, uint32_t n, struct function *function)
{
    *function = (struct function){0};
    while (function_next(host, function)) {
        if (function->class != VENDOR ||
            !(is_there(pair_of(function, BULK)) || is_there(pair_of(function, INTERRUPT)) ||
              is_there(pair_of(function, ISOCHRONOUS))))
            continue;
        if (!n--)
            return true;
    }
    return false;
}

/* ---- One pair -------------------------------------------------------------------------------- */

/* `length`: bytes of the longest transfers. */
static void write_transfers(struct text *steps, struct pair pair, unsigned length)
{
    unsigned size = pair.out.size;
    const unsigned transfers[] = {
        1, 2, size - 1, size, size + 1, 2 * size - 1, 2 * size, 2 * size + 1, 5 * size, 1000, 4096};

    for (size_t i = 0; i < ARRAY_LENGTH(transfers); i++)
        if (transfers[i] && transfers[i] <= length)
            text_printf(steps,
                        "stream %u bytes out endpoint %u in endpoint %u in transfers of %u seed "
                        "%zu\n",
                        3 * transfers[i], pair.out.number, pair.in.number, transfers[i], i);
}

static void write_bulk(struct text *steps, struct pair pair)
{
    write_transfers(steps, pair, 4096);
    text_printf(steps,
                "pace back-to-back\nstream 65536 bytes out endpoint %u in endpoint %u\n"
                "pace normal\n",
                pair.out.number, pair.in.number);
    text_printf(steps,
                "stream 8192 bytes out endpoint %u in endpoint %u pausing 4 ms every 512 "
                "bytes\n",
                pair.out.number, pair.in.number);
}

static void write_isochronous(struct text *steps, struct pair pair)
{
    unsigned size = pair.out.size < pair.in.size ? pair.out.size : pair.in.size;

    text_printf(steps, "stream %u bytes out endpoint %u in endpoint %u isochronous packets of %u\n",
                100 * size, pair.out.number, pair.in.number, size);
    if (size > 8)
        text_printf(steps,
                    "stream %u bytes out endpoint %u in endpoint %u isochronous packets of %u\n",
                    20 * (size - 3), pair.out.number, pair.in.number, size - 3);
}

static void write_setting(const struct host_writing *writing, const struct function *function)
{
    struct loopback *loopback = writing->memory;
    struct pair bulk = pair_of(function, BULK);
    struct pair interrupt = pair_of(function, INTERRUPT);
    struct pair isochronous = pair_of(function, ISOCHRONOUS);

    text_printf(writing->steps, "set interface %u alternate %u%s\n", function->number,
                function->alternate, function->alternate ? "" : " expect ok or stall");
    if (is_there(bulk))
        write_bulk(writing->steps, bulk);
    if (is_there(interrupt))
        write_transfers(writing->steps, interrupt, 4 * interrupt.out.size);
    if (is_there(isochronous))
        write_isochronous(writing->steps, isochronous);
    loopback->pairs += (uint32_t)is_there(bulk) + is_there(interrupt) + is_there(isochronous);
}

static enum program_turn write(const struct host_writing *writing)
{
    struct loopback *loopback = writing->memory;
    struct function function;

    if (nth_setting(writing->host, loopback->settings, &function)) {
        loopback->settings++;
        write_setting(writing, &function);
        return PROGRAM_GOES_ON;
    }
    if (!loopback->settings) {
        text_printf(writing->reason, "the device has no vendor-specific interface with an OUT and "
                                     "an IN endpoint of the same type");
        return PROGRAM_FAILED;
    }
    text_printf(writing->reason, "%u pair%s of endpoints done", loopback->pairs,
                loopback->pairs == 1 ? "" : "s");
    return PROGRAM_DONE;
}

const struct host_program loopback_program = {"loopback", sizeof(struct loopback), write};
