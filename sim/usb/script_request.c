/* SPDX-License-Identifier: Apache-2.0 */
/* Requests in the words of USB 2.0, chapter 9.4. */
#include "sim/usb/script_parser.h"

enum { IN = 0x80, DEVICE = 0, INTERFACE = 1, ENDPOINT = 2, ENGLISH = 0x0409 };

static bool at_number(const struct parser *parser)
{
    uint32_t number;

    return token_number(&parser->token, &number);
}

/* ---- Whom it is for -------------------------------------------------------------------------- */

static bool take_index(struct parser *parser, const char *what, uint16_t *index)
{
    uint32_t number;

    if (!parser_number(parser, what, 0, 0xff, &number))
        return false;
    *index = (uint16_t)number;
    return true;
}

/* "device", "interface 0" or "endpoint 0x81" */
static bool recipient(struct parser *parser, struct usb_request *request)
{
    struct token token = parser->token;

    if (parser_accept(parser, "device"))
        return true;
    if (parser_accept(parser, "interface")) {
        request->type |= INTERFACE;
        return take_index(parser, "the number of the interface", &request->index);
    }
    if (parser_accept(parser, "endpoint")) {
        request->type |= ENDPOINT;
        return take_index(parser, "the address of the endpoint", &request->index);
    }
    return parser_fail_at(parser, &token,
                          "\"device\", \"interface\" or \"endpoint\" was expected, not %s",
                          parser_quote(&token).text);
}

/* ---- get descriptor -------------------------------------------------------------------------- */

static bool descriptor_type(struct parser *parser, uint32_t *type)
{
    static const struct {
        const char *word;
        uint8_t type;
    } types[] = {{"device", USB_DEVICE},
                 {"configuration", USB_CONFIGURATION},
                 {"string", USB_STRING},
                 {"interface", USB_INTERFACE},
                 {"endpoint", USB_ENDPOINT},
                 {"qualifier", USB_DEVICE_QUALIFIER},
                 {"other-speed", USB_OTHER_SPEED},
                 {"bos", USB_BOS},
                 {"hid", 0x21},
                 {"report", 0x22}};
    struct token token = parser->token;

    for (size_t i = 0; i < ARRAY_LENGTH(types); i++) {
        if (parser_accept(parser, types[i].word)) {
            *type = types[i].type;
            return true;
        }
    }
    if (at_number(parser))
        return parser_number(parser, "the type of the descriptor", 0, 0xff, type);
    return parser_fail_at(parser, &token, "%s is no type of a descriptor",
                          parser_quote(&token).text);
}

static bool take_length(struct parser *parser, struct usb_request *request)
{
    uint32_t length;

    if (!parser_number(parser, "the number of bytes wanted", 0, 0xffff, &length))
        return false;
    request->length = (uint16_t)length;
    (void)(parser_accept(parser, "bytes") || parser_accept(parser, "byte"));
    return true;
}

/* "9 language 0x0407 255" */
static bool string_arguments(struct parser *parser, struct usb_request *request)
{
    uint32_t index;
    uint32_t language;

    if (!parser_number(parser, "the index of the string", 0, 0xff, &index))
        return false;
    language = index ? ENGLISH : 0;
    if (parser_accept(parser, "language") &&
        !parser_number(parser, "the language", 0, 0xffff, &language))
        return false;
    request->value |= (uint16_t)index;
    request->index = (uint16_t)language;
    return take_length(parser, request);
}

/* "64" or "1 64": an index may stand before the length. */
static bool other_arguments(struct parser *parser, struct usb_request *request)
{
    struct token behind = parser_peek(parser);
    uint32_t number;

    if (parser_accept(parser, "interface")) {
        request->type |= INTERFACE;
        if (!take_index(parser, "the number of the interface", &request->index))
            return false;
        behind = parser_peek(parser);
    }
    if (at_number(parser) && token_number(&behind, &number)) {
        if (!parser_number(parser, "the index of the descriptor", 0, 0xff, &number))
            return false;
        request->value |= (uint16_t)number;
    }
    return take_length(parser, request);
}

static bool get_descriptor(struct parser *parser, struct usb_request *request)
{
    uint32_t type;

    if (!descriptor_type(parser, &type))
        return false;
    *request = (struct usb_request){IN, USB_GET_DESCRIPTOR, (uint16_t)(type << 8), 0, 0};
    if (type == USB_STRING)
        return string_arguments(parser, request);
    return other_arguments(parser, request);
}

/* ---- The other requests ---------------------------------------------------------------------- */

/* Behind "set" or "clear". */
static bool feature(struct parser *parser, struct usb_request *request, uint8_t number)
{
    uint32_t selector;

    *request = (struct usb_request){0, number, 0, 0, 0};
    if (parser_accept(parser, "remote-wakeup")) {
        request->value = 1;
        return true;
    }
    if (parser_accept(parser, "halt"))
        return parser_need(parser, "endpoint") &&
               (request->type = ENDPOINT,
                take_index(parser, "the address of the endpoint", &request->index));
    if (!parser_number(parser, "\"halt\", \"remote-wakeup\" or a feature selector", 0, 0xffff,
                       &selector))
        return false;
    request->value = (uint16_t)selector;
    return recipient(parser, request);
}

static bool get_request(struct parser *parser, struct usb_request *request)
{
    struct token token = parser->token;

    if (parser_accept(parser, "descriptor"))
        return get_descriptor(parser, request);
    if (parser_accept(parser, "status")) {
        *request = (struct usb_request){IN, USB_GET_STATUS, 0, 0, 2};
        return recipient(parser, request);
    }
    if (parser_accept(parser, "configuration")) {
        *request = (struct usb_request){IN, USB_GET_CONFIGURATION, 0, 0, 1};
        return true;
    }
    if (parser_accept(parser, "interface")) {
        *request = (struct usb_request){IN | INTERFACE, USB_GET_INTERFACE, 0, 0, 1};
        return take_index(parser, "the number of the interface", &request->index);
    }
    return parser_fail_at(parser, &token,
                          "behind \"get\" stands descriptor, status, configuration, interface or "
                          "a class request, not %s",
                          parser_quote(&token).text);
}

static bool set_interface(struct parser *parser, struct usb_request *request)
{
    *request = (struct usb_request){INTERFACE, USB_SET_INTERFACE, 0, 0, 0};
    return take_index(parser, "the number of the interface", &request->index) &&
           parser_need(parser, "alternate") &&
           take_index(parser, "the number of the alternate setting", &request->value);
}

static bool set_address(struct parser *parser, struct usb_request *request)
{
    uint32_t address;

    if (!parser_number(parser, "an address", 0, 127, &address))
        return false;
    *request = (struct usb_request){0, USB_SET_ADDRESS, (uint16_t)address, 0, 0};
    return true;
}

static bool set_request(struct parser *parser, struct usb_request *request)
{
    struct token token = parser->token;

    if (parser_accept(parser, "address"))
        return set_address(parser, request);
    if (parser_accept(parser, "configuration")) {
        *request = (struct usb_request){0, USB_SET_CONFIGURATION, 0, 0, 0};
        return take_index(parser, "the value of the configuration", &request->value);
    }
    if (parser_accept(parser, "interface"))
        return set_interface(parser, request);
    if (parser_accept(parser, "feature"))
        return feature(parser, request, USB_SET_FEATURE);
    return parser_fail_at(parser, &token,
                          "behind \"set\" stands address, configuration, interface, feature or "
                          "a class request, not %s",
                          parser_quote(&token).text);
}

static bool synch_frame(struct parser *parser, struct usb_request *request)
{
    *request = (struct usb_request){IN | ENDPOINT, USB_SYNCH_FRAME, 0, 0, 2};
    return parser_need(parser, "frame") && parser_need(parser, "endpoint") &&
           take_index(parser, "the address of the endpoint", &request->index);
}

/* The eight bytes themselves. */
static bool raw_request(struct parser *parser, struct usb_request *request)
{
    uint8_t setup[8];

    for (unsigned i = 0; i < sizeof setup; i++) {
        struct token token = parser->token;

        if (!token_byte(&token, &setup[i]))
            return parser_fail_at(parser, &token,
                                  "a SETUP packet has 8 bytes of two hexadecimal digits, not %s",
                                  parser_quote(&token).text);
        parser_advance(parser);
    }
    *request = usb_request_parse(setup);
    return true;
}

static bool request_in_words(struct parser *parser, struct usb_request *request)
{
    struct token token = parser->token;

    if (parser_at_class_request(parser))
        return parse_class_request(parser, request);
    if (parser_accept(parser, "get"))
        return get_request(parser, request);
    if (parser_accept(parser, "set"))
        return set_request(parser, request);
    if (parser_accept(parser, "clear"))
        return parser_need(parser, "feature") && feature(parser, request, USB_CLEAR_FEATURE);
    if (parser_accept(parser, "synch"))
        return synch_frame(parser, request);
    return parser_fail_at(parser, &token,
                          "a request was expected, such as get descriptor device 18 or 8 bytes, "
                          "not %s",
                          parser_quote(&token).text);
}

bool parse_request(struct parser *parser, struct step *step)
{
    struct usb_request request = {0};
    uint8_t byte;
    bool raw = token_byte(&parser->token, &byte);

    step->kind = STEP_CONTROL;
    if (raw ? !raw_request(parser, &request) : !request_in_words(parser, &request))
        return false;
    usb_request_store(request, step->setup);
    return true;
}
