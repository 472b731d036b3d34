/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/cli/board_files.h"

#include "sim/base/heap.h"
#include "sim/base/save.h"
#include "sim/cli/cli.h"
#include "sim/core/time_text.h"

#include <string.h>

enum { FILES = BOARD_UARTS + 1, PS_A_CYCLE = 15625, FIRST_CODE = '!' };

static enum board_port port_of(unsigned file)
{
    return file < BOARD_UARTS ? (enum board_port)(PORT_UART0 + file) : PORT_I2S;
}

/* One line for each change of a duty cycle. */
static void collect_pwm(struct board_files *files, const struct observation *seen)
{
    const struct obs_pwm *pwm = &seen->pwm;
    bool connected = !(pwm->pin >> 31);
    uint32_t compare = pwm->compare < pwm->top ? pwm->compare : pwm->top;
    uint32_t high = pwm->falling ? compare : pwm->top - compare;

    time_print_us(&files->pwm, seen->when);
    text_printf(&files->pwm, ",%s,%u,", pwm->block, (unsigned)pwm->output);
    if (connected)
        text_printf(&files->pwm, "P%u.%02u", (unsigned)(pwm->pin >> 5 & 1),
                    (unsigned)(pwm->pin & 31));
    text_printf(&files->pwm, ",%u,%u\n", (unsigned)high, (unsigned)pwm->top);
}

static void collect_packet(struct board_files *files, const struct observation *seen)
{
    if (files->air_is_capture)
        air_capture(&files->air, seen->radio.packet);
    else
        air_print(&files->air, seen->radio.packet);
}

static void collect_serial(struct board_files *files, const struct observation *seen)
{
    const char byte = (char)seen->serial.byte;

    if (!seen->serial.from_chip)
        return;
    for (unsigned i = 0; i < FILES; i++) {
        if (files->file[i].port && !strcmp(files->file[i].port, seen->serial.port))
            text_append(&files->file[i].bytes, &byte, 1);
    }
}

static void collect(void *owner, const struct observation *seen)
{
    if (seen->kind == OBS_PWM)
        collect_pwm(owner, seen);
    else if (seen->kind == OBS_RADIO)
        collect_packet(owner, seen);
    else
        collect_serial(owner, seen);
}

/* ---- Levels of pins, as a value change dump (IEEE 1364, 18) -----------------------------------
 */

static void print_level(struct text *text, unsigned pin, bool level)
{
    text_printf(text, "%d%c\n", level, (char)(FIRST_CODE + pin));
}

static void pin_changed(void *owner, enum wire_id wire, bool level)
{
    struct board_files *files = owner;
    sim_time now = *files->trace->now;

    if (now != files->lines_time || !files->lines.length)
        text_printf(&files->lines, "#%llu\n", (unsigned long long)now * PS_A_CYCLE);
    files->lines_time = now;
    print_level(&files->lines, (unsigned)wire - WIRE_PIN, level);
}

static void attach_lines(struct board_files *files, struct wires *wires)
{
    for (unsigned pin = 0; pin < PIN_LINES; pin++)
        wire_connect(wires, (enum wire_id)(WIRE_PIN + pin), pin_changed, files);
}

/* All pins are low at power-on. */
static void print_head(struct text *text)
{
    text_printf(text, "$timescale 1 ps $end\n$scope module pins $end\n");
    for (unsigned pin = 0; pin < PIN_LINES; pin++)
        text_printf(text, "$var wire 1 %c P%u.%02u $end\n", (char)(FIRST_CODE + pin), pin / 32,
                    pin % 32);
    text_printf(text, "$upscope $end\n$enddefinitions $end\n$dumpvars\n");
    for (unsigned pin = 0; pin < PIN_LINES; pin++)
        print_level(text, pin, false);
    text_printf(text, "$end\n");
}

/* A copy of FILE in the word "out:FILE" of `list`, `prefix` being "out:"; NULL: there is none. */
static char *output_of(const char *list, const char *prefix)
{
    size_t skip = strlen(prefix);

    while (list) {
        size_t length = strcspn(list, ",");

        if (!strncmp(list, prefix, skip)) {
            char *path = heap_allocate(length - skip + 1, 1);

            memcpy(path, list + skip, length - skip);
            return path;
        }
        list = list[length] ? list + length + 1 : NULL;
    }
    return NULL;
}

static void attach_air(struct board_files *files, const char *list)
{
    files->air_path = output_of(list, "record:");
    files->air_is_capture = files->air_path && text_ends_with(files->air_path, ".pcapng");
    if (files->air_is_capture)
        air_begin_capture(&files->air);
}

void board_files_attach(struct board_files *files, const struct board_options *options,
                        struct trace *trace, struct wires *wires)
{
    bool any = false;

    files->trace = trace;
    if (options->port[PORT_LINES]) {
        files->lines_path = heap_copy_string(options->port[PORT_LINES]);
        attach_lines(files, wires);
    }

    for (unsigned i = 0; i < FILES; i++) {
        files->file[i].path = output_of(options->port[port_of(i)], "out:");
        if (files->file[i].path)
            files->file[i].port = board_port_name(port_of(i));
        any |= files->file[i].path != NULL;
    }
    if (options->port[PORT_PWM]) {
        files->pwm_path = heap_copy_string(options->port[PORT_PWM]);
        text_printf(&files->pwm, "us,block,output,pin,high,period\n");
    }
    attach_air(files, options->port[PORT_RADIO]);
    if (any || files->pwm_path || files->air_path)
        trace_subscribe(trace,
                        (any ? TRACE_KIND(SERIAL) : 0) | (files->pwm_path ? TRACE_KIND(PWM) : 0) |
                            (files->air_path ? TRACE_KIND(RADIO) : 0),
                        collect, files);
}

static int save(const char *path, const struct text *text, int code)
{
    struct failure failure;

    if (path && save_file(path, text_string(text), text->length, &failure) != STATUS_OK)
        code = cli_failure(&failure);
    return code;
}

/* The changes, and behind them when the run ended. */
static int save_lines(const struct board_files *files, int code)
{
    struct text whole = {0};

    if (!files->lines_path)
        return code;
    print_head(&whole);
    text_printf(&whole, "%s#%llu\n", text_string(&files->lines),
                (unsigned long long)*files->trace->now * PS_A_CYCLE);
    code = save(files->lines_path, &whole, code);
    text_free(&whole);
    return code;
}

int board_files_save(const struct board_files *files, int code)
{
    for (unsigned i = 0; i < FILES; i++)
        code = save(files->file[i].path, &files->file[i].bytes, code);
    code = save(files->pwm_path, &files->pwm, code);
    code = save(files->air_path, &files->air, code);
    return save_lines(files, code);
}

void board_files_free(struct board_files *files)
{
    for (unsigned i = 0; i < FILES; i++) {
        heap_release(files->file[i].path);
        text_free(&files->file[i].bytes);
    }
    heap_release(files->lines_path);
    text_free(&files->lines);
    heap_release(files->pwm_path);
    text_free(&files->pwm);
    heap_release(files->air_path);
    text_free(&files->air);
}
