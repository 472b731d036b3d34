/* SPDX-License-Identifier: Apache-2.0 */
/* Places without source are shown as instructions. */
#include "sim/report/place.h"
#include "tests/cmocka.h"

#include <string.h>

enum { CODE = 0x1000 };

/* movs r3, #1; add.w r0, r0, #0x27000; str r3, [r0]; isb sy; nop ... */
static const uint8_t code[] = {0x01, 0x23, 0x00, 0xf5, 0x1c, 0x30, 0x03, 0x60,
                               0xbf, 0xf3, 0x6f, 0x8f, 0x00, 0xbf, 0x00, 0xbf,
                               0x00, 0xbf, 0x00, 0xbf, 0x00, 0xbf, 0x00, 0xbf};

static bool read_code(void *owner, guest_addr address, void *bytes, uint32_t size)
{
    uint32_t offset = address - (CODE - 8);
    static uint8_t padded[8 + sizeof code];

    (void)owner;
    memcpy(padded + 8, code, sizeof code);
    if (offset > sizeof padded || size > sizeof padded - offset)
        return false;
    memcpy(bytes, padded + offset, size);
    return true;
}

static void assert_shown(guest_addr pc, const char *expected)
{
    struct text text = {0};
    const struct report_options options = {.code = read_code};

    print_instructions(&text, &options, pc);
    assert_string_equal(text_string(&text), expected);
    text_free(&text);
}

static void two_instructions_before_and_one_behind_are_shown(void **state)
{
    (void)state;
    assert_shown(CODE + 6, "    0x00001000 | movs r3, #1\n"
                           "    0x00001002 | add.w r0, r0, #0x27000\n"
                           "  > 0x00001006 | str r3, [r0]\n"
                           "    0x00001008 | isb sy\n");
}

static void what_is_not_known_is_left_out(void **state)
{
    (void)state;
    assert_shown(0x30000, "");
    assert_shown(2, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_instructions_before_and_one_behind_are_shown),
        cmocka_unit_test(what_is_not_known_is_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
