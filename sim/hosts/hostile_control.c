/* SPDX-License-Identifier: Apache-2.0 */
/* The hostile host: attacks on control transfers. */
#include "sim/hosts/hostile.h"

#include "sim/base/bits.h"

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
        "set line-coding interface 0 data 00 c2 01 00 00 00 08",
        "get line-coding interface 0",
        "get interface 0",
    };

    text_printf(attack->steps, "%s", requests[hostile_pick(attack, 0, ARRAY_LENGTH(requests) - 1)]);
}

/* A loss at any moment: between packets, or in the middle of one, or of DMA. */
static void write_moment(const struct attack *attack)
{
    if (hostile_pick(attack, 0, 2))
        text_printf(attack->steps, " after %u us", hostile_pick(attack, 1, 260));
    else
        text_printf(attack->steps, " after 0 packets and %u us", hostile_pick(attack, 1, 60));
}

static void attack_control_with_loss(const struct attack *attack)
{
    enum loss loss = hostile_loss(attack);

    write_request(attack);
    write_moment(attack);
    text_printf(attack->steps, " %s within 20 ms expect any\n", hostile_loss_word(loss));
    hostile_way_back(attack, loss);
}

/* An unfinished transfer, and a SETUP in its place. */
static void attack_with_setup_in_data_stage(const struct attack *attack)
{
    for (uint32_t i = hostile_pick(attack, 1, 3); i; i--) {
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
                misfortunes[hostile_pick(attack, 0, ARRAY_LENGTH(misfortunes) - 1)]);
    text_printf(attack->steps, "set configuration %u %s\n", hostile_configuration(attack),
                hostile_pick(attack, 0, 1) ? "after status lose ack" : "after 0 packets spoil crc");
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
    const char *first = firsts[hostile_pick(attack, 0, ARRAY_LENGTH(firsts) - 1)];

    if (attack->hostile->writes)
        text_printf(attack->steps,
                    "setup 40 5b 00 00 00 00 64 00 data 100 bytes %s within 10 ms expect any\n",
                    amounts[hostile_pick(attack, 0, ARRAY_LENGTH(amounts) - 1)]);
    text_printf(attack->steps,
                "set line-coding interface 0 data 00 c2 01 00 00 00 08 %s within 10 ms expect "
                "any\n",
                first);
    text_printf(attack->steps,
                "get descriptor device 64 after 1 packet status within 10 ms expect any\n");
}

static void attack_with_storm(const struct attack *attack)
{
    text_printf(attack->steps, "pace back-to-back\nloop %u {\n", hostile_pick(attack, 2, 12));
    text_printf(attack->steps, "get descriptor device 18\nset configuration %u\n}\npace normal\n",
                hostile_configuration(attack));
}

void hostile_attack_control(const struct attack *attack)
{
    switch (hostile_pick(attack, 0, 4)) {
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
    default:
        attack_with_storm(attack);
        break;
    }
}
