/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hostile host: attacks on pairs of endpoints that send back what they get, in the middle of
 * streams, and on interrupt endpoints that send reports.
 */
#include "sim/hosts/hostile.h"

#include "sim/base/bits.h"

enum { VENDOR = 0xff, DATA = 10, DRAIN = 6, ISOCHRONOUS_PROBE = 4 };

/* ---- Pairs of endpoints ---------------------------------------------------------------------- */

/* Interfaces that may be an echo. */
static bool may_echo(const struct function *function)
{
    return function->class == VENDOR || function->class == DATA;
}

static bool is_pair(const struct function *function, enum endpoint_type type, struct pair *pair)
{
    *pair = (struct pair){.function = *function,
                          .type = type,
                          .out = function_endpoint(function, type, false),
                          .in = function_endpoint(function, type, true)};
    return pair->out.address && pair->in.address && pair->out.size && pair->in.size &&
           (type == ISOCHRONOUS || !function->alternate);
}

bool hostile_pair(const struct host *host, uint32_t n, struct pair *pair)
{
    static const enum endpoint_type types[] = {BULK, INTERRUPT, ISOCHRONOUS};
    struct function function = {0};

    while (function_next(host, &function))
        for (size_t i = 0; may_echo(&function) && i < ARRAY_LENGTH(types); i++)
            if (is_pair(&function, types[i], pair) && !n--)
                return true;
    return false;
}

static void set_interface(struct text *steps, const struct pair *pair, unsigned alternate)
{
    if (pair->function.alternate)
        text_printf(steps, "set interface %u alternate %u\n", pair->function.number, alternate);
}

/* ---- Is it an echo? -------------------------------------------------------------------------- */

static unsigned packet_of(const struct pair *pair)
{
    return pair->out.size < pair->in.size ? pair->out.size : pair->in.size;
}

static void write_isochronous(struct text *steps, const struct pair *pair, unsigned packets,
                              uint32_t seed)
{
    text_printf(
        steps, "stream %u bytes out endpoint %u in endpoint %u seed %u isochronous packets of %u",
        packets * packet_of(pair), pair->out.number, pair->in.number, seed, packet_of(pair));
}

/* What is still to come from before; then a few bytes of our own. */
void hostile_probe_pair(struct text *steps, const struct pair *pair)
{
    if (pair->type == ISOCHRONOUS) {
        text_printf(steps, "set interface %u alternate %u\n", pair->function.number,
                    pair->function.alternate);
        write_isochronous(steps, pair, ISOCHRONOUS_PROBE, 1);
        text_printf(steps, " expect any\n");
        return;
    }
    text_printf(steps, "loop %d {\nin on endpoint %u %u within 2 ms expect ok or nak\n}\n", DRAIN,
                pair->in.number, pair->in.size);
    text_printf(steps, "out on endpoint %u", pair->out.number);
    function_write_probe(steps);
    text_printf(steps, " within 100 ms expect ok or nak\n");
    text_printf(steps, "in on endpoint %u %d within 100 ms expect ok or nak\n", pair->in.number,
                PROBE_BYTES);
}

/* Isochronous packets may get lost: what counts is that nothing else comes. */
bool hostile_is_echo(const struct host *host, const struct pair *pair)
{
    if (pair->type == ISOCHRONOUS)
        return host_transfer(host) == TRANSFER_DONE;
    return function_sent_probe_back(host);
}

bool hostile_choose_echo(const struct attack *attack, struct pair *pair)
{
    uint32_t n = hostile_pick(attack, 0, HOSTILE_PAIRS - 1);

    for (uint32_t i = 0; i < HOSTILE_PAIRS; i++) {
        uint32_t index = (n + i) % HOSTILE_PAIRS;

        if (attack->hostile->echoes >> index & 1)
            return hostile_pair(attack->writing->host, index, pair);
    }
    return false;
}
/* ---- Attacks on streams ---------------------------------------------------------------------- */

static void write_stream(const struct attack *attack, const struct pair *pair, uint32_t size)
{
    text_printf(attack->steps, "stream %u bytes out endpoint %u in endpoint %u seed %u", size,
                pair->out.number, pair->in.number, hostile_pick(attack, 0, 0xffffff));
}

/* An interrupt endpoint has one packet a frame: the same number of bytes takes it ten times as
 * long.
 */
static uint32_t stream_size(const struct attack *attack, const struct pair *pair, uint32_t low,
                            uint32_t high)
{
    return hostile_pick(attack, low, pair->type == BULK ? high : low + (high - low) / 6);
}

/* Bad luck loses time, and no byte. */
static void attack_with_misfortunes(const struct attack *attack, const struct pair *pair)
{
    static const char *const misfortunes[] = {"lose ack", "spoil crc", "lose ack", "wait 2 ms"};
    uint32_t size = stream_size(attack, pair, 300, 1500);
    uint32_t packet = 0;

    write_stream(attack, pair, size);
    if (hostile_pick(attack, 0, 1))
        text_printf(attack->steps, " pausing %u us every %u bytes", hostile_pick(attack, 100, 3000),
                    hostile_pick(attack, 40, 500));
    for (unsigned i = 0; i < 4; i++) {
        packet += hostile_pick(attack, 3, 6); /* three in a row would be the end of the transfer */
        if (packet < 2 * size / 64)
            text_printf(attack->steps, " after %u packets %s", packet,
                        hostile_word(attack, misfortunes, ARRAY_LENGTH(misfortunes)));
    }
    text_printf(attack->steps, "\n");
}

/* A packet with the wrong toggle, or one that is too long, goes before the right one. */
static void attack_write(const struct attack *attack, const struct pair *pair)
{
    uint32_t size = hostile_pick(attack, 1, pair->out.size - 1u);

    text_printf(attack->steps, "out on endpoint %u %u bytes after 1 packet %s\n", pair->out.number,
                size, hostile_pick(attack, 0, 1) ? "wrong toggle" : "babble");
    text_printf(attack->steps, "in on endpoint %u %u expect echo\n", pair->in.number, size);
}

/* Between packets, in the middle of one, or of DMA; `packets` may be expected. */
static enum loss write_loss(const struct attack *attack, unsigned microseconds, unsigned packets)
{
    enum loss loss = hostile_loss(attack);

    if (hostile_pick(attack, 0, 1))
        text_printf(attack->steps, " after %u us", hostile_pick(attack, 1, microseconds));
    else
        text_printf(attack->steps, " after %u packets and %u us", hostile_pick(attack, 0, packets),
                    hostile_pick(attack, 1, 70));
    text_printf(attack->steps, " %s expect any\n", hostile_loss_word(loss));
    hostile_way_back(attack, loss);
    return loss;
}

/* Cut off in the middle: what was under way is gone, and nothing else may be. */
static void attack_with_loss(const struct attack *attack, const struct pair *pair)
{
    enum loss loss;

    write_stream(attack, pair, stream_size(attack, pair, 200, 3000));
    loss = write_loss(attack, pair->type == BULK ? 1500 : 8000, 5);
    if (loss == LOSS_STOP || loss == LOSS_SUSPEND)
        text_printf(attack->steps, "set configuration %u\n", hostile_configuration(attack));
    text_printf(attack->steps, "loop %d {\nin on endpoint %u %u within 2 ms expect ok or nak\n}\n",
                2 * DRAIN, pair->in.number, pair->in.size);
}

/* ---- Attacks on isochronous streams ---------------------------------------------------------- */

/* A damaged packet is lost, in either direction, and no other is. */
static void attack_isochronous_with_damage(const struct attack *attack, const struct pair *pair)
{
    uint32_t packet = 0;

    write_isochronous(attack->steps, pair, hostile_pick(attack, 8, 20),
                      hostile_pick(attack, 0, 0xffffff));
    for (unsigned i = 0; i < 3; i++) {
        packet += hostile_pick(attack, 1, 4);
        text_printf(attack->steps, " after %u packets %s", packet,
                    hostile_pick(attack, 0, 2) ? "spoil crc" : "wait 2 ms");
    }
    text_printf(attack->steps, "\n");
}

static void attack_isochronous(const struct attack *attack, const struct pair *pair)
{
    set_interface(attack->steps, pair, pair->function.alternate);
    if (hostile_pick(attack, 0, 1)) {
        attack_isochronous_with_damage(attack, pair);
    } else {
        write_isochronous(attack->steps, pair, hostile_pick(attack, 4, 20),
                          hostile_pick(attack, 0, 0xffffff));
        (void)write_loss(attack, 12000, 3);
    }
    set_interface(attack->steps, pair, 0);
}

void hostile_attack_stream(const struct attack *attack, const struct pair *pair)
{
    if (pair->type == ISOCHRONOUS) {
        attack_isochronous(attack, pair);
        return;
    }
    switch (hostile_pick(attack, 0, 3)) {
    case 0:
        attack_with_misfortunes(attack, pair);
        break;
    case 1:
        attack_write(attack, pair);
        break;
    default:
        attack_with_loss(attack, pair);
        break;
    }
}

void hostile_prove_stream(const struct attack *attack, const struct pair *pair)
{
    if (pair->type != ISOCHRONOUS) {
        write_stream(attack, pair, stream_size(attack, pair, 1, 400));
        text_printf(attack->steps, "\n");
        return;
    }
    set_interface(attack->steps, pair, pair->function.alternate);
    write_isochronous(attack->steps, pair, hostile_pick(attack, 3, 8),
                      hostile_pick(attack, 0, 0xffffff));
    text_printf(attack->steps, "\n");
    set_interface(attack->steps, pair, 0);
}

/* ---- Attacks on reports ---------------------------------------------------------------------- */

/* Setting the configuration makes a device say how things stand. */
bool hostile_attack_reports(const struct attack *attack)
{
    static const char *const misfortunes[] = {"after 1 packet lose ack", "after 1 packet spoil crc",
                                              "after 0 packets wait 9 ms"};
    struct function function = {0};
    struct function_endpoint in = {0};

    while (!in.address && function_next(attack->writing->host, &function))
        if (!may_echo(&function) && !function.alternate)
            in = function_endpoint(&function, INTERRUPT, true);
    if (!in.address)
        return false;
    text_printf(attack->steps, "set configuration %u\n", hostile_configuration(attack));
    for (uint32_t i = hostile_pick(attack, 1, 4); i; i--)
        text_printf(attack->steps, "in on endpoint %u %u within 12 ms %s expect any\n", in.number,
                    in.size, hostile_word(attack, misfortunes, ARRAY_LENGTH(misfortunes)));
    if (hostile_pick(attack, 0, 1)) {
        text_printf(attack->steps, "in on endpoint %u %u within 12 ms", in.number, in.size);
        (void)write_loss(attack, 12000, 0);
    }
    return true;
}
