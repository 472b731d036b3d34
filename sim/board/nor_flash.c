/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Serial NOR flash (MX25R6435F).
 *
 * Deviations:
 *   1. 32 sectors of 4 KiB can hold something at one time, anywhere in the 8 MiB; what is
 *      programmed beyond that is lost, and who drives the flash says so. Erased sectors take none.
 *   2. Times are typical ones, whatever the supply and the mode of power.
 *   3. Block protection, the security register, suspend and resume are missing.
 *   4. Cells change when a byte arrives, and all at the start of an erase.
 *   5. 0x35 answers as 0x15, with the configuration, as parts with a second status register do.
 *   6. The parameter table (SFDP) is that of the basic flash parameters, nine words.
 */
#include "sim/board/nor_flash.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"

#include <string.h>

enum { WIP = 1 << 0, WEL = 1 << 1, WRITABLE = 0xfc, PAGE = 256, BLOCK_32K = 0x8000 };

enum opcode {
    WRITE_STATUS = 0x01,
    PAGE_PROGRAM = 0x02,
    READ = 0x03,
    WRITE_DISABLE = 0x04,
    READ_STATUS = 0x05,
    WRITE_ENABLE = 0x06,
    FAST_READ = 0x0b,
    READ_CONFIGURATION = 0x15,
    ERASE_SECTOR = 0x20,
    READ_STATUS_2 = 0x35,
    ERASE_32K = 0x52,
    READ_PARAMETERS = 0x5a,
    ERASE_CHIP_TOO = 0x60,
    RESET_ENABLE = 0x66,
    RESET = 0x99,
    READ_ID = 0x9f,
    WAKE_UP = 0xab,
    POWER_DOWN = 0xb9,
    ERASE_CHIP = 0xc7,
    ERASE_BLOCK = 0xd8,
};

/* Typical times of the data sheet (deviation 2). */
#define PAGE_TIME (850 * CYCLES_PER_US)
#define SECTOR_TIME (40 * CYCLES_PER_MS)
#define BLOCK_32K_TIME (240 * CYCLES_PER_MS)
#define BLOCK_TIME (480 * CYCLES_PER_MS)
#define CHIP_TIME (50 * CYCLES_PER_SECOND)
#define STATUS_TIME (5 * CYCLES_PER_MS)

static const uint8_t identity[] = {0xc2, 0x28, 0x17};
enum { ELECTRONIC_ID = 0x17, PARAMETERS_AT = 0x30 };

/* JESD216: header, one parameter header, and the basic table at PARAMETERS_AT. */
static const uint8_t header[] = {'S',  'F',  'D',  'P',  0x00,          0x01, 0x00, 0xff,
                                 0x00, 0x00, 0x01, 0x09, PARAMETERS_AT, 0x00, 0x00, 0xff};
static const uint8_t parameters[] = {0xe5, 0x20, 0xf1, 0xff, 0xff, 0xff, 0xff, 0x03, 0x44,
                                     0xeb, 0x08, 0x6b, 0x08, 0x3b, 0x04, 0xbb, 0xee, 0xff,
                                     0xff, 0xff, 0xff, 0xff, 0x00, 0xff, 0xff, 0xff, 0x00,
                                     0xff, 0x0c, 0x20, 0x0f, 0x52, 0x10, 0xd8, 0x00, 0xff};

static const uint8_t erased[NOR_KEPT][NOR_SECTOR];

void nor_flash_init(struct nor_flash *flash, struct state *state)
{
    memset(flash, 0, sizeof *flash);
    state_register(state, "external flash", &flash->state, sizeof flash->state);
    state_register_paged(state, "external flash cells", flash->cells, sizeof flash->cells, erased,
                         flash->changed);
}

static void reset_registers(struct nor_flash_state *state)
{
    state->position = 0;
    state->address = 0;
    state->opcode = 0;
    state->asleep = false;
    state->reset_enabled = false;
    state->status &= (uint8_t)~WEL;
}

void nor_flash_power_on(struct nor_flash *flash)
{
    reset_registers(&flash->state);
    flash->state.busy = false;
}

/* ---- Cells ----------------------------------------------------------------------------------- */

/* The place that keeps sector `value` - 1; 0: a free one. NOR_KEPT: there is none. */
static unsigned find_place(const struct nor_flash *flash, uint32_t value)
{
    unsigned place = 0;

    while (place < NOR_KEPT && flash->state.sector[place] != value)
        place++;
    return place;
}

uint8_t nor_flash_read(const struct nor_flash *flash, uint32_t address)
{
    unsigned place = find_place(flash, address % NOR_SIZE / NOR_SECTOR + 1);

    return place < NOR_KEPT ? (uint8_t)~flash->cells[place][address % NOR_SECTOR] : 0xff;
}

void nor_flash_program(struct nor_flash *flash, uint32_t address, uint8_t byte)
{
    uint32_t sector = address % NOR_SIZE / NOR_SECTOR + 1;
    unsigned place = find_place(flash, sector);

    if (byte == 0xff)
        return;
    if (place == NOR_KEPT)
        place = find_place(flash, 0);
    if (place == NOR_KEPT) {
        flash->state.lost = true; /* deviation 1 */
        return;
    }
    flash->state.sector[place] = (uint16_t)sector;
    flash->changed[place / 32] |= bit32(place % 32);
    flash->cells[place][address % NOR_SECTOR] |= (uint8_t)~byte;
}

static sim_time erase_time(uint32_t size)
{
    switch (size) {
    case NOR_SECTOR:
        return SECTOR_TIME;
    case BLOCK_32K:
        return BLOCK_32K_TIME;
    case NOR_BLOCK:
        return BLOCK_TIME;
    default:
        return CHIP_TIME;
    }
}

sim_time nor_flash_erase(struct nor_flash *flash, uint32_t address, uint32_t size)
{
    uint32_t first = (address % NOR_SIZE & ~(size - 1)) / NOR_SECTOR;

    for (unsigned place = 0; place < NOR_KEPT; place++) {
        uint32_t sector = flash->state.sector[place];

        if (sector <= first || sector > first + size / NOR_SECTOR)
            continue;
        flash->changed[place / 32] |= bit32(place % 32);
        memset(flash->cells[place], 0, NOR_SECTOR);
        flash->state.sector[place] = 0;
    }
    flash->state.busy = true;
    return erase_time(size);
}

sim_time nor_flash_end_page(struct nor_flash *flash)
{
    flash->state.busy = true;
    return PAGE_TIME;
}

void nor_flash_done(struct nor_flash *flash)
{
    flash->state.busy = false;
    flash->state.status &= (uint8_t)~WEL;
}

uint8_t nor_flash_status(const struct nor_flash *flash)
{
    return (uint8_t)(flash->state.status | (flash->state.busy ? WIP : 0));
}

/* ---- Commands -------------------------------------------------------------------------------- */

void nor_flash_select(struct nor_flash *flash)
{
    flash->state.position = 0;
    flash->state.address = 0;
    flash->state.opcode = 0;
}

static uint8_t parameter_at(uint32_t address)
{
    if (address < sizeof header)
        return header[address];
    if (address >= PARAMETERS_AT && address - PARAMETERS_AT < sizeof parameters)
        return parameters[address - PARAMETERS_AT];
    return 0xff;
}

static bool has_address(uint8_t opcode)
{
    switch (opcode) {
    case PAGE_PROGRAM:
    case READ:
    case FAST_READ:
    case ERASE_SECTOR:
    case ERASE_32K:
    case READ_PARAMETERS:
    case ERASE_BLOCK:
        return true;
    default:
        return false;
    }
}

/* Asleep it hears nothing but the way out, and busy nothing but the question whether it is. */
static bool hears(const struct nor_flash_state *state)
{
    if (state->asleep)
        return state->opcode == WAKE_UP;
    return !state->busy || state->opcode == READ_STATUS;
}

/* The page wraps: the lower 8 bits of the address count. */
static void program_next(struct nor_flash *flash, uint32_t index, uint8_t byte)
{
    uint32_t address = flash->state.address;

    if (flash->state.status & WEL)
        nor_flash_program(flash, (address & ~(uint32_t)(PAGE - 1)) | (address + index) % PAGE,
                          byte);
}

/* Byte `index` behind opcode and address. */
static uint8_t exchange_data(struct nor_flash *flash, uint32_t index, uint8_t sent)
{
    struct nor_flash_state *state = &flash->state;

    switch (state->opcode) {
    case PAGE_PROGRAM:
        program_next(flash, index, sent);
        return 0;
    case READ:
        return nor_flash_read(flash, state->address + index);
    case FAST_READ: /* a byte of nothing goes first */
        return index ? nor_flash_read(flash, state->address + index - 1) : 0;
    case READ_PARAMETERS:
        return index ? parameter_at(state->address + index - 1) : 0;
    case READ_STATUS:
        return nor_flash_status(flash);
    case READ_CONFIGURATION:
    case READ_STATUS_2:
        return state->configuration[index % 2];
    case READ_ID:
        return identity[index % sizeof identity];
    case WAKE_UP:
        return index < 3 ? 0 : ELECTRONIC_ID;
    case WRITE_STATUS:
        if (state->status & WEL && !index)
            state->status = (uint8_t)((sent & WRITABLE) | WEL);
        else if (state->status & WEL && index <= sizeof state->configuration)
            state->configuration[index - 1] = sent;
        return 0;
    default:
        return 0;
    }
}

uint8_t nor_flash_exchange(struct nor_flash *flash, uint8_t sent)
{
    struct nor_flash_state *state = &flash->state;
    uint32_t position = state->position++;
    uint32_t before;

    if (!position) {
        state->opcode = sent;
        return 0;
    }
    if (!hears(state))
        return 0;
    before = has_address(state->opcode) ? 4 : 1;
    if (position < before) {
        state->address = state->address << 8 | sent;
        return 0;
    }
    return exchange_data(flash, position - before, sent);
}

/* The opcodes that take time need WEL. */
static sim_time carry_out_write(struct nor_flash *flash)
{
    if (!(flash->state.status & WEL))
        return 0;
    switch (flash->state.opcode) {
    case WRITE_STATUS:
        flash->state.busy = true;
        return STATUS_TIME;
    case PAGE_PROGRAM:
        return nor_flash_end_page(flash);
    case ERASE_SECTOR:
        return nor_flash_erase(flash, flash->state.address, NOR_SECTOR);
    case ERASE_32K:
        return nor_flash_erase(flash, flash->state.address, BLOCK_32K);
    case ERASE_BLOCK:
        return nor_flash_erase(flash, flash->state.address, NOR_BLOCK);
    case ERASE_CHIP:
    case ERASE_CHIP_TOO:
        return nor_flash_erase(flash, 0, NOR_SIZE);
    default:
        return 0;
    }
}

sim_time nor_flash_deselect(struct nor_flash *flash)
{
    struct nor_flash_state *state = &flash->state;
    bool may_reset = state->reset_enabled;

    if (!state->position || !hears(state))
        return 0;
    state->reset_enabled = state->opcode == RESET_ENABLE;
    switch (state->opcode) {
    case WRITE_ENABLE:
        state->status |= WEL;
        return 0;
    case WRITE_DISABLE:
        state->status &= (uint8_t)~WEL;
        return 0;
    case POWER_DOWN:
        state->asleep = true;
        return 0;
    case WAKE_UP:
        state->asleep = false;
        return 0;
    case RESET:
        if (may_reset)
            reset_registers(state);
        return 0;
    default:
        return state->position > (has_address(state->opcode) ? 3u : 0u) ? carry_out_write(flash)
                                                                        : 0;
    }
}
