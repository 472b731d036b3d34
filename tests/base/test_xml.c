/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/utf8.h"
#include "sim/base/xml.h"
#include "tests/cmocka.h"

static void assert_element(const char *words, const char *expected)
{
    struct text text = {0};

    xml_element_text(&text, words);
    assert_string_equal(text_string(&text), expected);
    text_free(&text);
}

static void assert_attribute(const char *words, const char *expected)
{
    struct text text = {0};

    xml_attribute_text(&text, words);
    assert_string_equal(text_string(&text), expected);
    text_free(&text);
}

static void markup_is_escaped(void **state)
{
    (void)state;
    assert_element("a < b && c[d[0]]> \"e\"", "a &lt; b &amp;&amp; c[d[0]]&gt; &quot;e&quot;");
    assert_attribute("\"<&", "&quot;&lt;&amp;");
}

static void what_xml_cannot_hold_is_shown_in_another_way(void **state)
{
    (void)state;
    assert_element("\x1b[31m\x7f\x01", "\\x1b[31m\\x7f\\x01");
    assert_element("\xff", UTF8_REPLACEMENT);
    assert_element("\xef\xbf\xbe\xef\xbf\xbf", UTF8_REPLACEMENT UTF8_REPLACEMENT);
    assert_element("\xc3\xa9", "\xc3\xa9");
}

static void line_ends_survive(void **state)
{
    (void)state;
    assert_element("a\n\tb\r", "a\n\tb&#13;");
    assert_attribute("a\n\tb\r", "a&#10;&#9;b&#13;");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markup_is_escaped),
        cmocka_unit_test(what_xml_cannot_hold_is_shown_in_another_way),
        cmocka_unit_test(line_ends_survive),
    };

    return cmocka_run_group_tests_name("xml", tests, NULL, NULL);
}
