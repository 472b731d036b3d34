/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A serial NOR flash of 8 MiB, as a development board has beside the chip (commands and times of
 * MX25R6435F). It knows no time of its own: who drives it says when it is done.
 */
#ifndef SIM_BOARD_NOR_FLASH_H
#define SIM_BOARD_NOR_FLASH_H

#include "sim/core/state.h"
#include "sim/core/time.h"

#include <stdbool.h>

enum {
    NOR_SIZE = 0x800000,
    NOR_SECTOR = STATE_PAGE, /* 4 KiB, the smallest erase */
    NOR_SECTORS = NOR_SIZE / NOR_SECTOR,
    NOR_BLOCK = 0x10000,
    NOR_KEPT = 32, /* sectors that hold something at one time, at most */
};

struct nor_flash {
    /* Plain state, one registered region. */
    struct nor_flash_state {
        uint32_t position;         /* bytes exchanged since select */
        uint32_t address;          /* of the command under way, where it has one */
        uint16_t sector[NOR_KEPT]; /* which sector is kept in a place, plus 1; 0: none */
        uint8_t opcode;            /* of the command under way */
        uint8_t status;            /* status register, without WIP */
        uint8_t configuration[2];  /* configuration registers */
        uint8_t busy;              /* WIP: it programs or erases */
        uint8_t asleep;            /* deep power-down */
        uint8_t reset_enabled;     /* RSTEN was the command before */
        uint8_t lost;              /* something was programmed that found no place */
    } state;
    /* Plain state, one paged region: what differs from erased, that is with ones for zeros. */
    uint8_t cells[NOR_KEPT][NOR_SECTOR];
    uint32_t changed[(NOR_KEPT + 31) / 32];
};

/* An erased flash. `flash` must stay in place. */
void nor_flash_init(struct nor_flash *flash, struct state *state);

/* Power was off: registers reset, cells as they were. */
void nor_flash_power_on(struct nor_flash *flash);

/* The byte at `address`, which wraps at the end of the flash. */
uint8_t nor_flash_read(const struct nor_flash *flash, uint32_t address);

/* Turns ones of the byte into zeros, whatever the state of WEL. */
void nor_flash_program(struct nor_flash *flash, uint32_t address, uint8_t byte);

/* Erases the block of `size` bytes, a power of two from NOR_SECTOR to NOR_SIZE, around `address`,
 * whatever the state of WEL. It is busy then, for as many cycles as is returned. */
sim_time nor_flash_erase(struct nor_flash *flash, uint32_t address, uint32_t size);

/* It is busy with a page that was programmed, for as many cycles as is returned. */
sim_time nor_flash_end_page(struct nor_flash *flash);

/* It is not busy any more. */
void nor_flash_done(struct nor_flash *flash);

/* The status register, with WIP. */
uint8_t nor_flash_status(const struct nor_flash *flash);

/* A command: select, bytes, deselect. Returns what comes back with a byte. Deselect carries the
 * command out, and returns for how many cycles the flash is busy with it; 0: it is not. */
void nor_flash_select(struct nor_flash *flash);
uint8_t nor_flash_exchange(struct nor_flash *flash, uint8_t sent);
sim_time nor_flash_deselect(struct nor_flash *flash);

#endif
