/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Human interface devices (HID 1.11): descriptors, SET_IDLE, protocols, LEDs, reports, remote
 * wake-up.
 *
 * Whether reports come depends on somebody pressing keys; none within 300 ms is not wrong.
 */
#include "sim/hosts/function.h"
#include "sim/hosts/programs.h"

#include "sim/base/bits.h"

enum { HID = 3, BOOT = 1, KEYBOARD = 1, HID_DESCRIPTOR = 0x21, REMOTE_WAKEUP = 0x20 };
enum { ITEM_INPUT = 0x80, ITEM_OUTPUT = 0x90, ITEM_REPORT_ID = 0x84, ITEM_LONG = 0xfe };

struct hid {
    uint32_t interfaces; /* that were spoken to */
    uint32_t described;  /* of the next one the report descriptor was read */
    uint32_t input;      /* the first report ID of each kind of the latest one; 0: it has none */
    uint32_t output;
    uint32_t power; /* remote wake-up was tried */
};

bool hid_fits(const struct host *host)
{
    struct function function = {0};

    return function_of_class(host, HID, &function);
}

/* The ID of the first report with such an item (HID 1.11, 6.2.2): 0 where reports have no IDs. */
static uint8_t first_report(const uint8_t *bytes, size_t size, uint8_t item)
{
    static const uint8_t data_sizes[] = {0, 1, 2, 4};
    uint8_t id = 0;

    for (size_t at = 0; at < size && bytes[at] != ITEM_LONG;) {
        size_t data = data_sizes[bytes[at] & 3];

        if ((bytes[at] & 0xfc) == item)
            return id;
        if ((bytes[at] & 0xfc) == ITEM_REPORT_ID && data && at + 1 < size)
            id = bytes[at + 1];
        at += 1 + data;
    }
    return 0;
}

static void read_descriptor(struct hid *hid, const struct host *host)
{
    size_t size;
    const uint8_t *bytes = host_transfer_data(host, &size);

    hid->input = first_report(bytes, size, ITEM_INPUT);
    hid->output = first_report(bytes, size, ITEM_OUTPUT);
}

/* Returns whether there is one to read. */
static bool write_descriptors(struct text *steps, const struct function *function)
{
    const uint8_t *hid = function_part(function, HID_DESCRIPTOR, 0);

    if (!hid || hid[0] < 9)
        return false;
    text_printf(steps, "get descriptor report interface %u %u expect %u bytes\n", function->number,
                load_le16(hid + 7), load_le16(hid + 7));
    return true;
}

/* Protocol 1 is Report, which a device has after SET_CONFIGURATION; 0 is Boot (7.2.5, 7.2.6). */
static void write_protocols(struct text *steps, const struct function *function)
{
    unsigned number = function->number;

    text_printf(steps, "get protocol interface %u expect 01\n", number);
    text_printf(steps, "set protocol boot interface %u\n", number);
    text_printf(steps, "get protocol interface %u expect 00\n", number);
    text_printf(steps, "set protocol report interface %u\n", number);
    text_printf(steps, "get protocol interface %u expect 01\n", number);
}

/* SET_REPORT(Output): Num Lock, Caps Lock and so on, one bit each (HID 1.11, appendix B.1). */
static void write_leds(struct text *steps, unsigned number, unsigned id)
{
    static const uint8_t leds[] = {0x01, 0x02, 0x07, 0x00};

    for (size_t i = 0; i < ARRAY_LENGTH(leds); i++) {
        if (id)
            text_printf(steps, "set report output %u interface %u 2 bytes data %02x %02x\n", id,
                        number, id, leds[i]);
        else
            text_printf(steps, "set report output interface %u 1 byte data %02x\n", number,
                        leds[i]);
    }
}

static void write_reports(struct text *steps, const struct function *function, unsigned id)
{
    struct function_endpoint in = function_endpoint(function, INTERRUPT, true);

    text_printf(steps, "get report input %u interface %u %u bytes expect ok or stall\n", id,
                function->number, in.size);
    if (in.address)
        text_printf(steps, "loop 4 {\nin on endpoint %u %u within 300 ms expect ok or nak\n}\n",
                    in.number, in.size);
}

static void write_function(struct text *steps, const struct function *function,
                           const struct hid *hid)
{
    bool boot = function->subclass == BOOT;

    text_printf(steps, "set idle 0 interface %u expect ok or stall\n", function->number);
    if (boot)
        write_protocols(steps, function);
    if (boot && function->protocol == KEYBOARD)
        write_leds(steps, function->number, hid->output);
    write_reports(steps, function, hid->input);
}

static bool nth_function(const struct host *host, uint32_t n, struct function *function)
{
    *function = (struct function){0};
    do
        if (!function_of_class(host, HID, function))
            return false;
    while (n--);
    return true;
}

/* The host resumes by itself where nobody presses a key. */
static void write_wake_up(struct text *steps, const struct host *host, const struct hid *hid)
{
    struct function function = {0};

    text_printf(steps,
                "set feature remote-wakeup\nsuspend\nwait for wake-up within 3 s or resume\n"
                "get status device expect 02/02 00\nclear feature remote-wakeup\n"
                "get configuration expect %02x\n",
                host_configuration(host));
    if (nth_function(host, hid->interfaces - 1, &function))
        write_reports(steps, &function, hid->input);
}

/* First its reports are looked at, as their IDs are needed to ask for them. */
static void write_interface(const struct host_writing *writing, struct hid *hid,
                            const struct function *function)
{
    if (!hid->described) {
        hid->input = 0;
        hid->output = 0;
        hid->described = true;
        if (write_descriptors(writing->steps, function))
            return;
    } else {
        read_descriptor(hid, writing->host);
    }
    write_function(writing->steps, function, hid);
    hid->described = false;
    hid->interfaces++;
}

static enum program_turn write(const struct host_writing *writing)
{
    struct hid *hid = writing->memory;
    struct function function;

    if (nth_function(writing->host, hid->interfaces, &function)) {
        write_interface(writing, hid, &function);
        return PROGRAM_GOES_ON;
    }
    if (!hid->interfaces) {
        text_printf(writing->reason, "the device has no HID interface");
        return PROGRAM_FAILED;
    }
    if (!hid->power++ && function_attributes(writing->host) & REMOTE_WAKEUP) {
        write_wake_up(writing->steps, writing->host, hid);
        return PROGRAM_GOES_ON;
    }
    text_printf(writing->reason, "%u interface%s done", hid->interfaces,
                hid->interfaces == 1 ? "" : "s");
    return PROGRAM_DONE;
}

const struct host_program hid_program = {"hid", sizeof(struct hid), write};
