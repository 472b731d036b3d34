/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes JSON (RFC 8259), indented for people who look at differences.
 *
 *     struct json json = {.text = &text};
 *
 *     json_object(&json, NULL);
 *     json_string(&json, "name", "fencepost");
 *     json_array(&json, "numbers");
 *     json_number(&json, NULL, 1);
 *     json_end(&json);
 *     json_end(&json);
 *
 * `key` is NULL in arrays and for the outermost value, and a name in objects. Strings may be any
 * bytes: what is not UTF-8 is written as U+FFFD.
 */
#ifndef SIM_BASE_JSON_H
#define SIM_BASE_JSON_H

#include "sim/base/text.h"

#include <stdbool.h>
#include <stdint.h>

struct json {
    struct text *text; /* grows by what is written */
    uint32_t arrays;   /* bit n: level n is an array */
    unsigned depth;    /* at most 32 */
    bool filled;       /* the present level has a value already */
    bool one_line;     /* no line ends before the last, no indentation */
};

void json_object(struct json *json, const char *key);
void json_array(struct json *json, const char *key);

/* Ends the object or array begun last. The outermost one is followed by a line end. */
void json_end(struct json *json);

/* `value` NULL: null. */
void json_string(struct json *json, const char *key, const char *value);
void json_format(struct json *json, const char *key, const char *format, ...) PRINTF_LIKE(3, 4);
void json_number(struct json *json, const char *key, uint64_t value);
void json_real(struct json *json, const char *key, double value); /* finite */
void json_bool(struct json *json, const char *key, bool value);
void json_null(struct json *json, const char *key);

/* Bytes as a string of lower-case hexadecimal digits, two a byte. */
void json_hex(struct json *json, const char *key, const uint8_t *bytes, size_t size);

#endif
