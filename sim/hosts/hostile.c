/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A host that misbehaves: attacks picked by a seed, one after the other, and behind each the proof
 * that the device is alive and has lost no byte (USB 2.0, 5.3.1.1, 8.5.3, 8.6, 9.2.6, 10.2.6).
 *
 * Everything it does is something that hosts, cables and hubs do in earnest. What a device must not
 * do is fall silent, send bytes nobody sent, or break a rule of the detectors. Pairs of endpoints
 * that send back what they get are attacked in the middle of streams, disks in the middle of
 * commands, others by their control endpoint and their reports.
 */
#include "sim/hosts/hostile.h"

#include "sim/hosts/programs.h"

#include "sim/base/bits.h"

enum { CHAPTERS = 3, ATTACKS = 4 }; /* in a conversation; in a chapter */

uint32_t hostile_pick(const struct attack *attack, uint32_t low, uint32_t high)
{
    return rng_between(&attack->hostile->rng, low, high);
}

const char *hostile_word(const struct attack *attack, const char *const *words, size_t count)
{
    return words[hostile_pick(attack, 0, (uint32_t)count - 1)];
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

uint8_t hostile_configuration(const struct attack *attack)
{
    size_t size;
    const uint8_t *bytes = host_configuration_descriptor(attack->writing->host, &size);

    return bytes[5];
}

/* The shortest enumeration there is: the device's address changes now and then. */
static void write_enumeration(const struct attack *attack)
{
    text_printf(attack->steps,
                "get descriptor device 64\nset address %u\nwait 2 ms\nset configuration %u\n",
                hostile_pick(attack, 1, 127), hostile_configuration(attack));
}

enum loss hostile_loss(const struct attack *attack)
{
    return (enum loss)hostile_pick(attack, 0, LOSS_STOP);
}

const char *hostile_loss_word(enum loss loss)
{
    static const char *const words[] = {"reset", "suspend", "detach", "stop"};

    return words[loss];
}

void hostile_way_back(const struct attack *attack, enum loss loss)
{
    switch (loss) {
    case LOSS_RESET:
        write_enumeration(attack);
        break;
    case LOSS_SUSPEND:
        text_printf(attack->steps, "wait %u us\n", hostile_pick(attack, 100, 9000));
        if (hostile_pick(attack, 0, 3)) {
            text_printf(attack->steps, "resume\n");
            break;
        }
        text_printf(attack->steps, "reset 10 ms\n");
        write_enumeration(attack);
        break;
    case LOSS_DETACH:
        text_printf(attack->steps, "wait %u us\nreset 10 ms\n", hostile_pick(attack, 50, 20000));
        write_enumeration(attack);
        break;
    case LOSS_STOP:
        break;
    }
}

/* ---- What the device has --------------------------------------------------------------------- */

/* Each asks for something; the next one looks at what came. */
enum probing { PROBE_PAIRS, PROBE_CAPACITY, PROBE_WRITING, PROBE_RESULT, PROBED };

/* The pair asked for last is an echo? The next one is asked for; false when there is none. */
static bool probe_pairs(const struct attack *attack)
{
    struct hostile *hostile = attack->hostile;
    const struct host *host = attack->writing->host;
    struct pair pair;

    if (hostile->pair && hostile_pair(host, hostile->pair - 1, &pair)) {
        if (hostile_is_echo(host, &pair))
            hostile->echoes |= 1u << (hostile->pair - 1);
        if (pair.type == ISOCHRONOUS)
            text_printf(attack->steps, "set interface %u alternate 0\n", pair.function.number);
    }
    if (hostile->pair == HOSTILE_PAIRS || !hostile_pair(host, hostile->pair, &pair))
        return false;
    hostile->pair++;
    hostile_probe_pair(attack->steps, &pair);
    return true;
}

static void probe_vendor(const struct attack *attack)
{
    text_printf(attack->steps, "setup 40 5b 00 00 00 00 02 00 data 00 01 expect any\n");
}

static void leave_disk(const struct attack *attack)
{
    attack->hostile->blocks = 0;
    text_printf(attack->steps, "set configuration %u\n", hostile_configuration(attack));
}

/* False when everything is known, and the attacks may begin. */
static bool probe(const struct attack *attack)
{
    struct hostile *hostile = attack->hostile;
    const struct host *host = attack->writing->host;

    switch ((enum probing)hostile->probing) {
    case PROBE_PAIRS:
        if (probe_pairs(attack))
            return true;
        probe_vendor(attack);
        hostile->probing = PROBE_CAPACITY;
        return true;
    case PROBE_CAPACITY:
        hostile->writes = host_transfer(host) == TRANSFER_DONE;
        hostile->probing = hostile_probe_capacity(attack) ? PROBE_WRITING : PROBED;
        return hostile->probing != PROBED;
    case PROBE_WRITING:
        hostile->probing = hostile_probe_writing(attack) ? PROBE_RESULT : PROBED;
        return true;
    case PROBE_RESULT:
        if (!hostile_is_writable(host))
            leave_disk(attack);
        hostile->probing = PROBED;
        return false;
    case PROBED:
        break;
    }
    return false;
}

/* ---- The conversation ------------------------------------------------------------------------ */

static void write_attack(const struct attack *attack)
{
    struct pair pair;
    bool echo = hostile_choose_echo(attack, &pair);
    uint32_t what = hostile_pick(attack, 0, 8);

    if (echo && what >= 5)
        hostile_attack_stream(attack, &pair);
    else if (attack->hostile->blocks && what >= 4)
        hostile_attack_storage(attack);
    else if (what != 3 || !hostile_attack_reports(attack))
        hostile_attack_control(attack);
    attack->hostile->attacks++;
    write_device(attack);
    if (echo)
        hostile_prove_stream(attack, &pair);
}

static void begin(struct hostile *hostile, uint64_t seed)
{
    rng_seed(&hostile->rng, seed);
    hostile->begun = true;
}

static enum program_turn write(const struct host_writing *writing)
{
    struct hostile *hostile = writing->memory;
    const struct attack attack = {writing, hostile, writing->steps};

    if (!hostile->begun)
        begin(hostile, writing->seed);
    if (probe(&attack))
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
