/* SPDX-License-Identifier: Apache-2.0 */
/* Captures of the air, as the real tshark reads them; without it the tests are skipped. */
#include "sim/base/save.h"
#include "sim/board/air.h"
#include "tests/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[64];
static char output[8192];

/* Captures the packets of `lines`, and keeps what tshark says of them with `options`. */
static void dissect(const char *lines, const char *options)
{
    struct air air = {0};
    struct text capture = {0};
    struct failure failure;
    char command[512];
    FILE *pipe;
    size_t size;

    if (system("command -v tshark >/dev/null 2>&1") != 0)
        skip();
    (void)snprintf(path, sizeof path, "/tmp/fencepost-air-%ld.pcapng", (long)getpid());
    assert_int_equal(air_parse(&air, "text", lines, strlen(lines), &failure), STATUS_OK);
    air_begin_capture(&capture);
    for (size_t i = 0; i < air.count; i++)
        air_capture(&capture, &air.packet[i]);
    assert_int_equal(save_file(path, text_string(&capture), capture.length, &failure), STATUS_OK);
    (void)snprintf(command, sizeof command, "tshark -r %s %s 2>/dev/null", path, options);
    pipe = popen(command, "r");
    assert_non_null(pipe);
    size = fread(output, 1, sizeof output - 1, pipe);
    output[size] = '\0';
    assert_int_equal(pclose(pipe), 0);
    (void)unlink(path);
    text_free(&capture);
    air_finish(&air);
}

static void bluetooth_packets_are_dissected(void **state)
{
    (void)state;
    dissect("1.5ms ble1m 2480 -40 : d6 be 89 8e : 42 09 06 05 04 03 02 c1 02 01 06 crc\n",
            "-T fields -e frame.time_epoch -e btle.advertising_address -e btle_rf.channel "
            "-e btle_rf.signal_dbm -E separator=/s");
    assert_string_equal(output, "0.001500000 c1:02:03:04:05:06 39 -40\n");
}

static void their_crc_is_right_or_wrong(void **state)
{
    (void)state;
    dissect("1ms ble1m 2402 : d6 be 89 8e : 42 06 06 05 04 03 02 c1 crc\n"
            "2ms ble1m 2402 : d6 be 89 8e : 42 06 06 05 04 03 02 c1 00 00 00\n",
            "-Y btle.crc.incorrect -T fields -e frame.number");
    assert_string_equal(output, "2\n");
}

static void long_range_packets_have_their_coding_indicator(void **state)
{
    (void)state;
    dissect("1ms ble125k 2402 : d6 be 89 8e : 42 06 06 05 04 03 02 c1 crc\n"
            "9ms ble500k 2402 : d6 be 89 8e : 42 06 06 05 04 03 02 c1 crc\n"
            "20ms ble2m 2402 : d6 be 89 8e : 42 06 06 05 04 03 02 c1 crc\n",
            "-Y 'btle.coding_indicator == 1' -T fields -e frame.number "
            "-e btle.advertising_address -E separator=/s");
    assert_string_equal(output, "2 c1:02:03:04:05:06\n");
}

static void frames_of_802154_are_dissected_with_their_fcs(void **state)
{
    (void)state;
    dissect("1ms ieee802154 2425 : a7 : 05 02 00 07 crc\n"
            "2ms ieee802154 2425 : a7 : 05 02 00 08 00 00\n",
            "-Y 'wpan.fcs_ok == 1' -T fields -e wpan-tap.ch_num -e wpan.seq_no -E separator=/s");
    assert_string_equal(output, "15 7\n");
}

static void other_modulations_are_bytes(void **state)
{
    (void)state;
    dissect("1ms nrf2m 2407 : e7 e7 : 01 42\n", "-T fields -e frame.len -e frame.interface_name");
    assert_string_equal(output, "4\tnrf\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bluetooth_packets_are_dissected),
        cmocka_unit_test(their_crc_is_right_or_wrong),
        cmocka_unit_test(long_range_packets_have_their_coding_indicator),
        cmocka_unit_test(frames_of_802154_are_dissected_with_their_fcs),
        cmocka_unit_test(other_modulations_are_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
