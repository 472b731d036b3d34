/* SPDX-License-Identifier: Apache-2.0 */
/* Files that keep what the chip sends to the ports of the board: --uart0=out:FILE,
 * --pwm=FILE, --radio=record:FILE. */
#ifndef SIM_CLI_BOARD_FILES_H
#define SIM_CLI_BOARD_FILES_H

#include "sim/base/text.h"
#include "sim/board/board.h"
#include "sim/core/wire.h"

struct board_files {
    char *pwm_path; /* NULL: nobody wants the table of duty cycles */
    struct text pwm;
    char *lines_path;    /* NULL: nobody wants the levels of the pins */
    struct text lines;   /* the changes, as VCD has them */
    sim_time lines_time; /* of the last of them */
    struct trace *trace;
    char *air_path; /* NULL: nobody wants the packets of the radio */
    bool air_is_capture;
    struct text air;
    struct {
        const char *port; /* its name; NULL: the slot is unused */
        char *path;
        struct text bytes;
    } file[BOARD_UARTS + 1]; /* UARTs and I2S */
};

/* Collects for all ports of `options` that name a file. Released with board_files_free. */
void board_files_attach(struct board_files *files, const struct board_options *options,
                        struct trace *trace, struct wires *wires);

/* Writes them. Returns `code`, or the exit code of wrong usage after having said why. */
int board_files_save(const struct board_files *files, int code);
void board_files_free(struct board_files *files);

#endif
