/* SPDX-License-Identifier: Apache-2.0 */
/* What a host may do in place of its next token: legal all of it, and the transfer ends well. */
#include "sim/usb/request.h"
#include "tests/cmocka.h"
#include "tests/usb/bench.h"

#include <string.h>

static const uint8_t get_device[8] = {0x80, 6, 0, 1, 0, 0, 18, 0};

/* At the host's `at`th turn, from 1, it does `turn`, everywhere else the usual. */
struct whim {
    enum host_turn turn;
    unsigned at;
    unsigned turns;
    uint32_t possible; /* bit n: turn n was possible then */
};

static struct whim whim;

static uint32_t answer(void *owner, struct chooser *chooser, const struct choice *choice)
{
    struct whim *mine = owner;

    if (choice->point != CHOICE_HOST_TURN || ++mine->turns != mine->at)
        return chooser_follow(chooser, choice);
    mine->possible = choice->instance;
    return mine->turn;
}

/* A device with packets of 8 bytes: the data stage of get_device has three. */
static struct bench *bench_with(enum host_turn turn, unsigned at)
{
    struct bench *bench = bench_create(HOST_MANUAL);

    bench->device.packet_max = 8;
    bench->device.device[7] = 8;
    bench_power_on(bench);
    assert_int_equal(bench_run_until_settled(bench), HOST_IDLE);
    host_bus_reset(bench->host);
    assert_int_equal(bench_run_until_settled(bench), HOST_IDLE);
    /* Now the host knows the size of its packets. */
    assert_int_equal(bench_control(bench, get_device, NULL), TRANSFER_DONE);
    bench->packets = 0;
    whim = (struct whim){.turn = turn, .at = at};
    bench->chooser.oracle = answer;
    bench->chooser.oracle_owner = &whim;
    return bench;
}

static void ends_well(struct bench *bench, const char *packets)
{
    size_t size;

    assert_int_equal(bench_control(bench, get_device, NULL), TRANSFER_DONE);
    assert_true(whim.possible >> whim.turn & 1u);
    bench_assert_packets(bench, packets);
    assert_memory_equal(host_transfer_data(bench->host, &size), bench->device.device, 18);
    assert_int_equal(size, 18);
    bench_destroy(bench);
}

static void a_lost_acknowledgement_brings_the_packet_again(void **state)
{
    (void)state;
    ends_well(bench_with(TURN_LOSES_HANDSHAKE, 2),
              "SETUP DATA0:8 <ACK IN <DATA1:8 IN <DATA1:8 ACK "
              "IN <DATA0:8 ACK IN <DATA1:2 ACK OUT DATA1:0 <ACK");
}

static void a_setup_in_mid_transfer_begins_again(void **state)
{
    (void)state;
    ends_well(
        bench_with(TURN_SETUP_AGAIN, 3),
        "SETUP DATA0:8 <ACK IN <DATA1:8 ACK SETUP DATA0:8 <ACK IN <DATA1:8 ACK IN <DATA0:8 ACK IN "
        "<DATA1:2 ACK OUT DATA1:0 <ACK");
}

static void an_early_status_stage_ends_the_read_and_it_is_repeated(void **state)
{
    (void)state;
    ends_well(
        bench_with(TURN_STATUS_EARLY, 3),
        "SETUP DATA0:8 <ACK IN <DATA1:8 ACK OUT DATA1:0 <ACK SETUP DATA0:8 <ACK IN <DATA1:8 ACK IN "
        "<DATA0:8 ACK IN <DATA1:2 ACK OUT DATA1:0 <ACK");
}

/* Before SETUP was sent there is nothing to give up, and no data stage to end. */
static void what_makes_no_difference_is_not_offered(void **state)
{
    struct bench *bench = bench_with(TURN_USUAL, 1);

    (void)state;
    assert_int_equal(bench_control(bench, get_device, NULL), TRANSFER_DONE);
    assert_int_equal(whim.possible, 1u << TURN_USUAL | 1u << TURN_LOSES_HANDSHAKE);
    bench_destroy(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lost_acknowledgement_brings_the_packet_again),
        cmocka_unit_test(a_setup_in_mid_transfer_begins_again),
        cmocka_unit_test(an_early_status_stage_ends_the_read_and_it_is_repeated),
        cmocka_unit_test(what_makes_no_difference_is_not_offered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
