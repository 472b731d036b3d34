/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A host that misbehaves: attacks at random, from the seed of the run, and behind each of them the
 * question whether the device is well and has lost no byte.
 *
 * What an attack does to a device is always something that hosts, cables and hubs do in earnest.
 * What it must not do is make the device fall silent, send bytes nobody sent, or break a rule of
 * the detectors. Pairs of endpoints that send back what they get are attacked in the middle of
 * streams, others by their control endpoint only.
 */
#include "sim/hosts/function.h"
#include "sim/hosts/programs.h"

#include "sim/base/bits.h"
#include "sim/base/rng.h"

#include <string.h>

enum { VENDOR = 0xff, DATA = 10, PAIRS = 4, PROBE_BYTES = 9, DRAIN = 6 };
enum { CHAPTERS = 3, ATTACKS = 4 }; /* in a conversation; in a chapter */

struct hostile {
    struct rng rng;
    uint32_t begun;
    uint32_t probed; /* pairs that were looked at */
    uint32_t echoes; /* bit n: pair n sends back what it gets */
    uint32_t chapters;
    uint32_t attacks;
};

/* What an attack is made with. */
struct attack {
    const struct host_writing *writing;
    struct hostile *hostile;
    struct text *steps;
};

static uint32_t pick(const struct attack *attack, uint32_t low, uint32_t high)
{
    return rng_between(&attack->hostile->rng, low, high);
}

/* ---- Pairs of endpoints ---------------------------------------------------------------------- */

struct pair {
    struct function_endpoint out;
    struct function_endpoint in;
};

/* Bulk pairs of interfaces that may be an echo, in setting 0. */
static bool nth_pair(const struct host *host, uint32_t n, struct pair *pair)
{
    struct function function = {0};

    while (function_next(host, &function)) {
        if ((function.class != VENDOR && function.class != DATA) || function.alternate)
            continue;
        pair->out = function_endpoint(&function, BULK, false);
        pair->in = function_endpoint(&function, BULK, true);
        if (pair->out.address && pair->in.address && !n--)
            return true;
    }
    return false;
}

/* What is still to come from before; then a few bytes of our own. */
static void write_probe(struct text *steps, const struct pair *pair)
{
    text_printf(steps, "loop %d {\nin on endpoint %u %u within 2 ms expect ok or nak\n}\n", DRAIN,
                pair->in.number, pair->in.size);
    text_printf(steps, "out on endpoint %u %d bytes within 100 ms expect ok or nak\n",
                pair->out.number, PROBE_BYTES);
    text_printf(steps, "in on endpoint %u %d within 100 ms expect ok or nak\n", pair->in.number,
                PROBE_BYTES);
}

static bool is_echo(const struct host *host)
{
    size_t size;
    const uint8_t *bytes = host_transfer_data(host, &size);

    if (host_transfer(host) != TRANSFER_DONE || size != PROBE_BYTES)
        return false;
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != i)
            return false;
    return true;
}

/* ---- Coming back ----------------------------------------------------------------------------- */

static void write_device(const struct attack *attack)
{
    size_t size;
    const uint8_t *bytes = host_device_descriptor(attack->writing->host, &size);

    text_printf(attack->steps, "get descriptor device 18 expect");
    for (size_t i = 0; i < size; i++)
        text_printf(attack->steps, " %02x", bytes[i]);
    text_printf(attack->steps, "\n");
}

static uint8_t configuration_value(const struct host *host)
{
    size_t size;
    const uint8_t *bytes = host_configuration_descriptor(host, &size);

    return bytes[5];
}

/* The shortest enumeration there is: the device's address changes now and then. */
static void write_enumeration(const struct attack *attack)
{
    text_printf(attack->steps,
                "get descriptor device 64\nset address %u\nwait 2 ms\nset configuration %u\n",
                pick(attack, 1, 127), configuration_value(attack->writing->host));
}

/* Ways to lose the bus, and the way back. */
enum loss { LOSS_RESET, LOSS_SUSPEND, LOSS_DETACH, LOSS_STOP };

static const char *loss_word(enum loss loss)
{
    static const char *const words[] = {"reset", "suspend", "detach", "stop"};

    return words[loss];
}

static void write_way_back(const struct attack *attack, enum loss loss)
{
    switch (loss) {
    case LOSS_RESET:
        write_enumeration(attack);
        break;
    case LOSS_SUSPEND:
        text_printf(attack->steps, "wait %u us\n", pick(attack, 100, 9000));
        if (pick(attack, 0, 3)) {
            text_printf(attack->steps, "resume\n");
            break;
        }
        text_printf(attack->steps, "reset 10 ms\n");
        write_enumeration(attack);
        break;
    case LOSS_DETACH:
        text_printf(attack->steps, "wait %u us\nreset 10 ms\n", pick(attack, 50, 20000));
        write_enumeration(attack);
        break;
    case LOSS_STOP:
        break;
    }
}

/* ---- Attacks on control transfers ------------------------------------------------------------ */

static void write_request(const struct attack *attack)
{
    static const char *const requests[] = {
        "get descriptor device 64",
        "get descriptor configuration 4096",
        "get descriptor configuration 9",
        "get descriptor string 2 255",
        "get descriptor 0x7f 18",
        "get status device",
        "get configuration",
        "get descriptor qualifier 10",
        "setup 40 5b 00 00 00 00 64 00 data 100 bytes",
        "setup c0 5c 00 00 00 00 ff 00",
        "setup 21 20 00 00 00 00 07 00 data 00 c2 01 00 00 00 08",
        "setup a1 21 00 00 00 00 07 00",
        "get interface 0",
    };

    text_printf(attack->steps, "%s", requests[pick(attack, 0, ARRAY_LENGTH(requests) - 1)]);
}

/* A loss at any moment: between packets, or in the middle of one, or of DMA. */
static void write_moment(const struct attack *attack)
{
    if (pick(attack, 0, 2))
        text_printf(attack->steps, " after %u us", pick(attack, 1, 260));
    else
        text_printf(attack->steps, " after 0 packets and %u us", pick(attack, 1, 60));
}

static void attack_control_with_loss(const struct attack *attack)
{
    enum loss loss = (enum loss)pick(attack, 0, LOSS_STOP);

    write_request(attack);
    write_moment(attack);
    text_printf(attack->steps, " %s within 20 ms expect any\n", loss_word(loss));
    write_way_back(attack, loss);
}

/* An unfinished transfer, and a SETUP in its place. */
static void attack_with_setup_in_data_stage(const struct attack *attack)
{
    for (uint32_t i = pick(attack, 1, 3); i; i--) {
        write_request(attack);
        text_printf(attack->steps, " after 0 packets stop expect any\n");
    }
}

static void attack_with_lost_packets(const struct attack *attack)
{
    static const char *const misfortunes[] = {
        "after 0 packets lose ack",  "after 1 packet lose ack",   "after status lose ack",
        "after 0 packets spoil crc", "after 1 packet spoil crc",  "after status spoil crc",
        "after 0 packets wait 4 ms", "after 0 packets wait 9 ms",
    };

    /* Both points are reached by all of these, or the request is refused before. */
    text_printf(attack->steps, "get descriptor device 18 %s\n",
                misfortunes[pick(attack, 0, ARRAY_LENGTH(misfortunes) - 1)]);
    text_printf(attack->steps, "set configuration %u %s\n",
                configuration_value(attack->writing->host),
                pick(attack, 0, 1) ? "after status lose ack" : "after 0 packets spoil crc");
}

/* Too few and too many: a status stage early, a packet nobody announced, one with the wrong toggle,
 * and one no endpoint could take. Requests that a device refuses end before; that is right as well.
 */
static void attack_with_wrong_amount(const struct attack *attack)
{
    static const char *const amounts[] = {
        "after 1 packet status", "after 2 packets excess", "after 2 packets wrong toggle",
        "after 1 packet babble", "after 2 packets babble", "after 1 packet spoil crc"};

    static const char *const firsts[] = {"after 1 packet excess", "after 1 packet wrong toggle",
                                         "after 1 packet babble", "after 1 packet spoil crc",
                                         "after 0 packets status"};
    const char *first = firsts[pick(attack, 0, ARRAY_LENGTH(firsts) - 1)];

    if (attack->hostile->echoes >> 31) /* it takes vendor writes */
        text_printf(attack->steps,
                    "setup 40 5b 00 00 00 00 64 00 data 100 bytes %s within 10 ms expect any\n",
                    amounts[pick(attack, 0, ARRAY_LENGTH(amounts) - 1)]);
    text_printf(attack->steps,
                "setup 21 20 00 00 00 00 07 00 data 00 c2 01 00 00 00 08 %s within 10 ms expect "
                "any\n",
                first);
    text_printf(attack->steps,
                "get descriptor device 64 after 1 packet status within 10 ms expect any\n");
}

static void attack_with_storm(const struct attack *attack)
{
    text_printf(attack->steps, "pace back-to-back\nloop %u {\n", pick(attack, 2, 12));
    text_printf(attack->steps, "get descriptor device 18\nset configuration %u\n}\npace normal\n",
                configuration_value(attack->writing->host));
}

/* ---- Attacks on streams ---------------------------------------------------------------------- */

static bool choose_echo(const struct attack *attack, struct pair *pair)
{
    uint32_t n = pick(attack, 0, PAIRS - 1);

    for (uint32_t i = 0; i < PAIRS; i++) {
        uint32_t index = (n + i) % PAIRS;

        if (attack->hostile->echoes >> index & 1)
            return nth_pair(attack->writing->host, index, pair);
    }
    return false;
}

static void write_stream(const struct attack *attack, const struct pair *pair, uint32_t size)
{
    text_printf(attack->steps, "stream %u bytes out endpoint %u in endpoint %u seed %u", size,
                pair->out.number, pair->in.number, pick(attack, 0, 0xffffff));
}

/* Bad luck loses time, and no byte. */
static void attack_stream_with_misfortunes(const struct attack *attack, const struct pair *pair)
{
    static const char *const misfortunes[] = {"lose ack", "spoil crc", "lose ack", "wait 2 ms"};
    uint32_t size = pick(attack, 300, 1500);
    uint32_t packet = 0;

    write_stream(attack, pair, size);
    if (pick(attack, 0, 1))
        text_printf(attack->steps, " pausing %u us every %u bytes", pick(attack, 100, 3000),
                    pick(attack, 40, 500));
    for (unsigned i = 0; i < 4; i++) {
        packet += pick(attack, 3, 6); /* three in a row would be the end of the transfer */
        if (packet < 2 * size / 64)
            text_printf(attack->steps, " after %u packets %s", packet,
                        misfortunes[pick(attack, 0, ARRAY_LENGTH(misfortunes) - 1)]);
    }
    text_printf(attack->steps, "\n");
}

/* A packet with the wrong toggle, or one that is too long, goes before the right one. */
static void attack_write(const struct attack *attack, const struct pair *pair)
{
    uint32_t size = pick(attack, 1, pair->out.size - 1u);

    text_printf(attack->steps, "out on endpoint %u %u bytes after 1 packet %s\n", pair->out.number,
                size, pick(attack, 0, 1) ? "wrong toggle" : "babble");
    text_printf(attack->steps, "in on endpoint %u %u expect echo\n", pair->in.number, size);
}

/* Cut off in the middle: what was under way is gone, and nothing else may be. */
static void attack_stream_with_loss(const struct attack *attack, const struct pair *pair)
{
    enum loss loss = (enum loss)pick(attack, 0, LOSS_STOP);

    write_stream(attack, pair, pick(attack, 200, 3000));
    if (pick(attack, 0, 1))
        text_printf(attack->steps, " after %u us", pick(attack, 1, 1500));
    else
        text_printf(attack->steps, " after %u packets and %u us", pick(attack, 0, 5),
                    pick(attack, 1, 70));
    text_printf(attack->steps, " %s expect any\n", loss_word(loss));
    write_way_back(attack, loss);
    if (loss == LOSS_STOP || loss == LOSS_SUSPEND)
        text_printf(attack->steps, "set configuration %u\n",
                    configuration_value(attack->writing->host));
    text_printf(attack->steps, "loop %d {\nin on endpoint %u %u within 2 ms expect ok or nak\n}\n",
                2 * DRAIN, pair->in.number, pair->in.size);
}

static void write_proof(const struct attack *attack, const struct pair *pair)
{
    write_stream(attack, pair, pick(attack, 1, 400));
    text_printf(attack->steps, "\n");
}

/* ---- The conversation ------------------------------------------------------------------------ */

static void write_attack(const struct attack *attack)
{
    struct pair pair = {0};
    bool echo = choose_echo(attack, &pair);

    switch (pick(attack, 0, echo ? 8 : 4)) {
    case 0:
        attack_control_with_loss(attack);
        break;
    case 1:
        attack_with_setup_in_data_stage(attack);
        break;
    case 2:
        attack_with_lost_packets(attack);
        break;
    case 3:
        attack_with_wrong_amount(attack);
        break;
    case 4:
        attack_with_storm(attack);
        break;
    case 5:
        attack_stream_with_misfortunes(attack, &pair);
        break;
    case 6:
        attack_write(attack, &pair);
        break;
    default:
        attack_stream_with_loss(attack, &pair);
        break;
    }
    attack->hostile->attacks++;
    write_device(attack);
    if (echo)
        write_proof(attack, &pair);
}

static void begin(struct hostile *hostile, uint64_t seed)
{
    rng_seed(&hostile->rng, seed);
    hostile->begun = true;
}

/* Vendor request 0x5b; bit 31 of `echoes` remembers that it is there. */
enum { PROBED_VENDOR = 100, PROBED = 101 };

static bool probe(const struct host_writing *writing)
{
    struct hostile *hostile = writing->memory;
    struct pair pair = {0};

    if (hostile->probed == PROBED)
        return false;
    if (hostile->probed == PROBED_VENDOR) {
        hostile->probed = PROBED;
        if (host_transfer(writing->host) == TRANSFER_DONE)
            hostile->echoes |= 1u << 31;
        return false;
    }
    if (hostile->probed && is_echo(writing->host))
        hostile->echoes |= 1u << (hostile->probed - 1);
    if (hostile->probed < PAIRS && nth_pair(writing->host, hostile->probed, &pair)) {
        hostile->probed++;
        write_probe(writing->steps, &pair);
    } else {
        hostile->probed = PROBED_VENDOR;
        text_printf(writing->steps, "setup 40 5b 00 00 00 00 02 00 data 00 01 expect any\n");
    }
    return true;
}

static enum program_turn write(const struct host_writing *writing)
{
    struct hostile *hostile = writing->memory;
    const struct attack attack = {writing, hostile, writing->steps};

    if (!hostile->begun)
        begin(hostile, writing->seed);
    if (probe(writing))
        return PROGRAM_GOES_ON;
    if (hostile->chapters++ == CHAPTERS) {
        text_printf(writing->reason, "%u attacks survived", hostile->attacks);
        return PROGRAM_DONE;
    }
    for (unsigned i = 0; i < ATTACKS; i++)
        write_attack(&attack);
    return PROGRAM_GOES_ON;
}

const struct host_program hostile_program = {"hostile", sizeof(struct hostile), write};
