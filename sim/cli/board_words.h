/* SPDX-License-Identifier: Apache-2.0 */
/* --uart0 and its like, and --board: what is plugged in. Shared by the commands that run firmware.
 */
#ifndef SIM_CLI_BOARD_WORDS_H
#define SIM_CLI_BOARD_WORDS_H

#include "sim/board/options.h"

#include <getopt.h>
#include <stdbool.h>

/* The ids of a list for getopt_long: OPTION_BOARD, and OPTION_PORT + enum board_port, the highest.
 */
enum { OPTION_BOARD = 768, OPTION_PORT_FIRST = 1024 };

/*
 * Rows of such a list come from ports.def:
 *
 *     #define PORT BOARD_LONG_OPTION
 *     #include "sim/board/ports.def"
 *     #undef PORT
 */
#define BOARD_LONG_OPTION(id, name, words)                                                         \
    {name, required_argument, NULL, OPTION_PORT_FIRST + PORT_##id},
#define BOARD_FILE_OPTION                                                                          \
    {                                                                                              \
        "board", required_argument, NULL, OPTION_BOARD                                             \
    }

/* Lines of a command's help. */
#define BOARD_HELP                                                                                 \
    "  --uart0=LIST, --uart1=LIST  what is at the other end of a UART: console (usual), off,\n"    \
    "                              loopback, uart0, uart1, in:FILE, gap:TIME,\n"                   \
    "                              out:FILE, with commas\n"                                        \
    "  --spi0=loopback|FILE|master:FILE\n"                                                         \
    "                              what answers an SPI master, 0 to 3, or asks an SPI slave\n"     \
    "  --twi0=ADDRESS:FILE,...|master:FILE\n"                                                      \
    "                              devices on the bus of a TWI master, 0 or 1, or a master "       \
    "there\n"                                                                                      \
    "  --adc=INPUT:VOLTS,...       voltages at AIN0 to AIN7; a file instead: one a sample\n"       \
    "  --pdm=tone:HZ|FILE          what the microphone hears; FILE is WAVE, or raw samples\n"      \
    "  --i2s=loopback|tone:HZ|FILE,out:FILE\n"                                                     \
    "                              what a codec sends, and where to keep what it gets\n"           \
    "  --nfc=FILE                  what a reader at the antenna does, as text\n"                   \
    "  --pins=P0.11=low@10ms,...   what happens to pins: low, high or float; AIN3=1200mV@5ms "     \
    "for\n"                                                                                        \
    "                              the comparators; or FILE\n"                                     \
    "  --radio=FILE,record:FILE    packets that others send, a text; a file for what the chip\n"   \
    "                              sends, text again, or a capture if it is named *.pcapng\n"      \
    "  --pwm=FILE                  write a table of the duty cycles of PWM outputs\n"              \
    "  --lines=FILE                write the levels of all pins, as VCD\n"                         \
    "  --board=FILE                the same for all ports, a line \"uart0 = loopback\" each:\n"    \
    "                              docs/board.md\n"

struct board_words {
    const char *path;       /* --board; NULL: none */
    struct board_file file; /* its content, released with board_file_free */
};

/* Is `id` one of these options? */
bool board_words_know(int id);

/* Keeps an option of this file. */
void board_words_read(struct board_words *words, struct board_options *options, int id,
                      const char *argument);

/* Behind all options: what they say of a port wins over the file. -1, or the exit code after having
 * said why not. */
int board_words_settle(struct board_words *words, struct board_options *options);

#endif
