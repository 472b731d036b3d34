/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A serial port (CDC 1.2, PSTN 1.2): line coding, DTR, and data both ways.
 *
 * A device that sends back what it gets is tested with data of all sizes, at full speed and with a
 * host that stops reading. Of another one no more is known than that it takes data.
 */
#include "sim/hosts/function.h"
#include "sim/hosts/programs.h"

enum { COMMUNICATION = 2, DATA = 10, ABSTRACT_CONTROL = 2, CS_INTERFACE = 0x24 };
enum { HEADER_UNION = 6, HEADER_ACM = 2, CAN_LINE_CODING = 2 };
enum { DRAIN_ROUNDS = 40 };

enum cdc_chapter { LINE_CODING, DRAIN, ECHO, CDC_END };

struct cdc {
    uint32_t chapter; /* enum cdc_chapter, the next one */
    uint32_t drained; /* reads of what the device sent by itself */
};

struct port {
    struct function control;
    struct function_endpoint out;
    struct function_endpoint in;
};

/* The data interface is the one the union names, else the next one of its class. */
static bool find_data(const struct host *host, const struct function *control,
                      struct function *data)
{
    const uint8_t *its = function_part(control, CS_INTERFACE, HEADER_UNION);

    if (its && its[0] >= 5 && function_numbered(host, its[4], data) && data->class == DATA)
        return true;
    *data = (struct function){0};
    return function_of_class(host, DATA, data);
}

static bool find_port(const struct host *host, struct port *port)
{
    struct function data;

    *port = (struct port){0};
    while (function_of_class(host, COMMUNICATION, &port->control)) {
        if (port->control.subclass != ABSTRACT_CONTROL || !find_data(host, &port->control, &data))
            continue;
        port->out = function_endpoint(&data, BULK, false);
        port->in = function_endpoint(&data, BULK, true);
        if (port->out.address && port->in.address)
            return true;
    }
    return false;
}

bool cdc_fits(const struct host *host)
{
    struct port port;

    return find_port(host, &port);
}

/* ---- Chapters -------------------------------------------------------------------------------- */

/* 9600 8N1, 115200 8N1, 921600 7E2; then DTR and RTS. */
static void write_line_coding(struct text *steps, const struct port *port)
{
    static const char *const codings[] = {"80 25 00 00 00 00 08", "00 10 0e 00 02 02 07",
                                          "00 c2 01 00 00 00 08"};
    const uint8_t *model = function_part(&port->control, CS_INTERFACE, HEADER_ACM);
    unsigned number = port->control.number;

    if (!model || model[0] < 4 || !(model[3] & CAN_LINE_CODING)) {
        text_printf(steps, "say \"no line coding\"\n");
        return;
    }
    for (size_t i = 0; i < ARRAY_LENGTH(codings); i++)
        text_printf(steps,
                    "set line-coding interface %u data %s\n"
                    "get line-coding interface %u expect echo\n",
                    number, codings[i], number);
    text_printf(steps, "set control-line-state 3 interface %u\n", number);
}

static void write_drain(struct text *steps, const struct port *port)
{
    text_printf(steps, "in on endpoint %u %u within 20 ms expect ok or nak\n", port->in.number,
                port->in.size);
}

static void write_probe(struct text *steps, const struct port *port)
{
    text_printf(steps, "out on endpoint %u", port->out.number);
    function_write_probe(steps);
    /* Room for a whole packet: another device may say something of its own. */
    text_printf(steps, " within 2 s\nin on endpoint %u %u within 300 ms expect ok or nak\n",
                port->in.number, port->in.size);
}

/* Around the size of a packet; then as fast as it goes; then with a reader that stops. */
static void write_echo(struct text *steps, const struct port *port)
{
    static const unsigned sizes[] = {1, 2, 63, 64, 65, 127, 128, 129, 511, 512, 513};
    unsigned out = port->out.number;
    unsigned in = port->in.number;

    for (size_t i = 0; i < ARRAY_LENGTH(sizes); i++)
        text_printf(steps, "stream %u bytes out endpoint %u in endpoint %u seed %zu\n", sizes[i],
                    out, in, i);
    text_printf(steps, "pace back-to-back\nstream 65536 bytes out endpoint %u in endpoint %u\n",
                out, in);
    text_printf(steps,
                "pace normal\nstream 16384 bytes out endpoint %u in endpoint %u pausing 5 ms every "
                "1024 bytes\n",
                out, in);
}

static enum program_turn end(const struct host_writing *writing, const char *words)
{
    text_printf(writing->reason, "%s", words);
    return PROGRAM_DONE;
}

/* As long as something comes, more may come. */
static bool is_drained(const struct host_writing *writing, const struct cdc *cdc)
{
    return host_transfer(writing->host) != TRANSFER_DONE || cdc->drained >= DRAIN_ROUNDS;
}

static enum program_turn write(const struct host_writing *writing)
{
    struct cdc *cdc = writing->memory;
    struct port port;

    if (!find_port(writing->host, &port)) {
        text_printf(writing->reason, "the device has no communication interface of the abstract "
                                     "control model with bulk IN and OUT");
        return PROGRAM_FAILED;
    }
    switch ((enum cdc_chapter)cdc->chapter) {
    case LINE_CODING:
        cdc->chapter = DRAIN;
        write_line_coding(writing->steps, &port);
        return PROGRAM_GOES_ON;
    case DRAIN:
        if (cdc->drained++ && is_drained(writing, cdc)) {
            cdc->chapter = ECHO;
            write_probe(writing->steps, &port);
        } else {
            write_drain(writing->steps, &port);
        }
        return PROGRAM_GOES_ON;
    case ECHO:
        if (!function_sent_probe_back(writing->host))
            return end(writing, "line coding done; the device is no echo, so its data are not "
                                "tested");
        cdc->chapter = CDC_END;
        write_echo(writing->steps, &port);
        return PROGRAM_GOES_ON;
    case CDC_END:
        break;
    }
    return end(writing, "line coding and echo done");
}

const struct host_program cdc_program = {"cdc", sizeof(struct cdc), write};
