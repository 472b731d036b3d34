/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/json.h"
#include "sim/base/utf8.h"
#include "tests/cmocka.h"

static const char *written(struct text *text, const char *value)
{
    struct json json = {.text = text};

    text_clear(text);
    json_string(&json, NULL, value);
    return text_string(text);
}

static void values_are_written_in_their_places(void **state)
{
    struct text text = {0};
    struct json json = {.text = &text};
    const uint8_t bytes[] = {0x00, 0xff};

    (void)state;
    json_object(&json, NULL);
    json_string(&json, "a", "b");
    json_array(&json, "list");
    json_number(&json, NULL, UINT64_MAX);
    json_bool(&json, NULL, true);
    json_null(&json, NULL);
    json_object(&json, NULL);
    json_end(&json);
    json_end(&json);
    json_array(&json, "none");
    json_end(&json);
    json_hex(&json, "hex", bytes, sizeof bytes);
    json_format(&json, "format", "0x%x", 16u);
    json_end(&json);

    assert_string_equal(text_string(&text), "{\n"
                                            "  \"a\": \"b\",\n"
                                            "  \"list\": [\n"
                                            "    18446744073709551615,\n"
                                            "    true,\n"
                                            "    null,\n"
                                            "    {}\n"
                                            "  ],\n"
                                            "  \"none\": [],\n"
                                            "  \"hex\": \"00ff\",\n"
                                            "  \"format\": \"0x10\"\n"
                                            "}\n");
    text_free(&text);
}

static void what_would_end_a_string_is_escaped(void **state)
{
    struct text text = {0};

    (void)state;
    assert_string_equal(written(&text, "a\"b\\c\n\t\x1b\x7f"),
                        "\"a\\\"b\\\\c\\n\\t\\u001b\\u007f\"");
    assert_string_equal(written(&text, NULL), "null");
    text_free(&text);
}

static void bytes_that_are_no_utf8_are_replaced(void **state)
{
    struct text text = {0};

    (void)state;
    assert_string_equal(written(&text, "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"),
                        "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"");
    assert_string_equal(written(&text, "\xff-\xc3"),
                        "\"" UTF8_REPLACEMENT "-" UTF8_REPLACEMENT "\"");
    text_free(&text);
}

static void only_well_formed_characters_have_a_length(void **state)
{
    (void)state;
    assert_int_equal(utf8_length("a"), 1);
    assert_int_equal(utf8_length(""), 0);
    assert_int_equal(utf8_length("\xdf\xbf"), 2);
    assert_int_equal(utf8_length("\xed\x9f\xbf"), 3);
    assert_int_equal(utf8_length("\xf4\x8f\xbf\xbf"), 4);

    assert_int_equal(utf8_length("\x80"), 0);             /* a continuation alone */
    assert_int_equal(utf8_length("\xc1\xbf"), 0);         /* overlong */
    assert_int_equal(utf8_length("\xe0\x9f\xbf"), 0);     /* overlong */
    assert_int_equal(utf8_length("\xf0\x8f\xbf\xbf"), 0); /* overlong */
    assert_int_equal(utf8_length("\xed\xa0\x80"), 0);     /* a surrogate */
    assert_int_equal(utf8_length("\xf4\x90\x80\x80"), 0); /* beyond U+10FFFF */
    assert_int_equal(utf8_length("\xe2\x82"), 0);         /* cut short */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_written_in_their_places),
        cmocka_unit_test(what_would_end_a_string_is_escaped),
        cmocka_unit_test(bytes_that_are_no_utf8_are_replaced),
        cmocka_unit_test(only_well_formed_characters_have_a_length),
    };

    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
