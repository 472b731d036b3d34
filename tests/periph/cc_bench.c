/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/periph/cc_bench.h"

#include "sim/base/bits.h"
#include "tests/cmocka.h"

#include <string.h>

enum { SRC_ADDR = 0xc28, SRC_SIZE = 0xc2c, DST_ADDR = 0xd28, DST_SIZE = 0xd2c };

struct serial_bench *cc_bench;
static struct cryptocell cryptocell;

int cc_set_up(void **state)
{
    (void)state;
    cc_bench = serial_bench_new(NULL, 0x5002b000);
    cryptocell_init(&cryptocell, &cc_bench->chip->fabric, &cryptocell_spec);
    chip_write(cc_bench->chip, 0x5002a500, 1); /* ENABLE */
    return 0;
}

int cc_tear_down(void **state)
{
    (void)state;
    serial_bench_free(cc_bench);
    return 0;
}

void cc_write(uint32_t offset, uint32_t value)
{
    serial_write(cc_bench, offset, value);
}

uint32_t cc_read(uint32_t offset)
{
    return serial_read(cc_bench, offset);
}

void cc_write_bytes(uint32_t offset, const uint8_t *bytes, uint32_t size)
{
    for (uint32_t i = 0; i < size; i += 4)
        cc_write(offset + i, load_le32(bytes + i));
}

void cc_assert_bytes(uint32_t offset, const uint8_t *bytes, uint32_t size)
{
    for (uint32_t i = 0; i < size; i += 4)
        assert_int_equal(cc_read(offset + i), load_le32(bytes + i));
}

void cc_put(const void *bytes, uint32_t size)
{
    memcpy(serial_ram(cc_bench, CC_IN), bytes, size);
}

void cc_move(guest_addr to, uint32_t size)
{
    if (to) {
        cc_write(DST_ADDR, to);
        cc_write(DST_SIZE, size);
    }
    cc_write(SRC_ADDR, CC_IN);
    cc_write(SRC_SIZE, size);
    assert_int_equal(cc_read(CC_CRYPTO_BUSY), 1);
    serial_pass(cc_bench, 100 * CYCLES_PER_US);
    assert_int_equal(cc_read(CC_CRYPTO_BUSY), 0);
}

static unsigned digit(char c)
{
    return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

uint32_t cc_bytes(const char *text, uint8_t *bytes)
{
    uint32_t size = (uint32_t)strlen(text) / 2;

    for (uint32_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(digit(text[2 * i]) << 4 | digit(text[2 * i + 1]));
    return size;
}
