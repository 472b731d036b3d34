/* SPDX-License-Identifier: Apache-2.0 */
/* Requests in the words of the class specifications (class_request.def). */
#include "sim/usb/script_parser.h"

enum value_kind { NOTHING, NUMBER, DURATION, PROTOCOL, REPORT, ID };
enum { GIVEN = 0x10000 }; /* wLength stands in the text */

struct class_request {
    const char *verb;
    const char *name;
    uint8_t type;
    uint8_t request;
    enum value_kind value;
    uint32_t length;
};

static const struct class_request class_requests[] = {
#define CLASS_REQUEST(verb, name, type, request, value, length)                                    \
    {verb, name, type, request, value, length},
#include "sim/usb/class_request.def"
};

static const struct class_request *find_request(const struct parser *parser)
{
    struct token behind = parser_peek(parser);

    for (size_t i = 0; i < ARRAY_LENGTH(class_requests); i++)
        if (token_is(&parser->token, class_requests[i].verb) &&
            token_is(&behind, class_requests[i].name))
            return &class_requests[i];
    return NULL;
}

static bool number(struct parser *parser, const char *what, uint32_t high, unsigned shift,
                   struct usb_request *request)
{
    uint32_t value;

    if (!parser_number(parser, what, 0, high, &value))
        return false;
    request->value |= (uint16_t)(value << shift);
    return true;
}

/* One of `words`, which is `first` and so on. */
static bool one_of(struct parser *parser, const char *const *words, unsigned count,
                   const char *expected, unsigned first, unsigned shift,
                   struct usb_request *request)
{
    struct token token = parser->token;

    for (unsigned i = 0; i < count; i++) {
        if (parser_accept(parser, words[i])) {
            request->value = (uint16_t)((first + i) << shift);
            return true;
        }
    }
    return parser_fail_at(parser, &token, "%s was expected, not %s", expected,
                          parser_quote(&token).text);
}

/* A report's ID may be left out. */
static bool report_id(struct parser *parser, struct usb_request *request)
{
    if (token_is(&parser->token, "interface"))
        return true;
    return number(parser, "the ID of the report", 0xff, 0, request);
}

static bool value(struct parser *parser, enum value_kind kind, struct usb_request *request)
{
    static const char *const protocols[] = {"boot", "report"};
    static const char *const reports[] = {"input", "output", "feature"};

    switch (kind) {
    case NOTHING:
        return true;
    case NUMBER:
        return number(parser, "wValue", 0xffff, 0, request);
    case DURATION:
        return number(parser, "the idle time in units of 4 ms", 0xff, 8, request) &&
               report_id(parser, request);
    case PROTOCOL:
        return one_of(parser, protocols, 2, "\"boot\" or \"report\"", 0, 0, request);
    case REPORT:
        return one_of(parser, reports, 3, "\"input\", \"output\" or \"feature\"", 1, 8, request) &&
               report_id(parser, request);
    case ID:
        return report_id(parser, request);
    }
    return false;
}

static bool arguments(struct parser *parser, const struct class_request *known,
                      struct usb_request *request)
{
    uint32_t length = known->length;
    uint32_t interface;

    if (!value(parser, known->value, request) || !parser_need(parser, "interface") ||
        !parser_number(parser, "the number of the interface", 0, 0xff, &interface))
        return false;
    request->index = (uint16_t)interface;
    if (length != GIVEN) {
        request->length = (uint16_t)length;
        return true;
    }
    if (!parser_number(parser, "the number of bytes", 0, 0xffff, &length))
        return false;
    (void)(parser_accept(parser, "bytes") || parser_accept(parser, "byte"));
    request->length = (uint16_t)length;
    return true;
}

bool parser_at_class_request(const struct parser *parser)
{
    return find_request(parser) != NULL;
}

bool parse_class_request(struct parser *parser, struct usb_request *request)
{
    const struct class_request *known = find_request(parser);

    *request = (struct usb_request){known->type, known->request, 0, 0, 0};
    parser_advance(parser);
    parser_advance(parser);
    return arguments(parser, known, request);
}
