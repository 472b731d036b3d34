/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/periph/radio_bench.h"

#include "tests/cmocka.h"

#include <string.h>

enum { LONG_TIME = 100000 * 64 };

struct serial_bench *bench;
struct radio radio;
unsigned radio_sent;
struct air_packet radio_last_sent;

static void see(void *owner, const struct observation *seen)
{
    (void)owner;
    radio_sent++;
    radio_last_sent = *seen->radio.packet;
}

int radio_set_up(void **state)
{
    (void)state;
    bench = serial_bench_new(NULL, 0x40001000);
    radio_sent = 0;
    radio_init(&radio, &bench->chip->fabric, &radio_spec);
    wire_set(&bench->chip->wires, WIRE_HFXO, true);
    trace_subscribe(&bench->chip->trace, TRACE_KIND(RADIO), see, NULL);
    write_at(PACKETPTR, PACKET);
    return 0;
}

int radio_tear_down(void **state)
{
    (void)state;
    serial_bench_free(bench);
    return 0;
}

void write_at(uint32_t offset, uint32_t value)
{
    serial_write(bench, offset, value);
}

uint32_t read_at(uint32_t offset)
{
    return serial_read(bench, offset);
}

sim_time until(uint32_t event)
{
    sim_time took = serial_pass_until(bench, event, LONG_TIME);

    write_at(event, 0);
    return took;
}

void air_has(const char *text)
{
    struct failure failure = {0};

    assert_int_equal(air_parse(&bench->board.air, "text", text, strlen(text), &failure), STATUS_OK);
}

void as_bluetooth(void)
{
    write_at(MODE, 3);
    write_at(FREQUENCY, 2);
    write_at(PCNF0, 0x00000108); /* S0, 8 bits of LENGTH */
    write_at(PCNF1, 0x02030025); /* whitening, 3 bytes of base, MAXLEN 37 */
    write_at(BASE0, 0x89bed600);
    write_at(PREFIX0, 0x8e);
    write_at(RXADDRESSES, 1);
    write_at(DATAWHITEIV, 37);
    write_at(CRCCNF, 0x103);
    write_at(CRCPOLY, 0x65b);
    write_at(CRCINIT, 0x555555);
}

void as_ieee802154(void)
{
    write_at(MODE, 15);
    write_at(FREQUENCY, 5);
    write_at(PCNF0, 0x06000008); /* CRCINC, preamble of 32 zeros */
    write_at(PCNF1, 127);
    write_at(CRCCNF, 0x202);
    write_at(CRCPOLY, 0x11021);
    write_at(CRCINIT, 0);
}

void put(guest_addr address, const uint8_t *bytes, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        *serial_ram(bench, address + i) = bytes[i];
}

uint8_t byte_at(guest_addr address)
{
    return *serial_ram(bench, address);
}
