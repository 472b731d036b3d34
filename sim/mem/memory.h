/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cells: flash, Data RAM, FICR and UICR. Plain bytes; rules of access live elsewhere (flash
 * writes in periph/nvmc.c, what the CPU may do in cpu/).
 */
#ifndef SIM_MEM_MEMORY_H
#define SIM_MEM_MEMORY_H

#include "sim/base/range.h"
#include "sim/core/state.h"
#include "sim/mem/map.h"
#include "sim/mem/store_buffer.h"

#include <stddef.h>

enum {
    FLASH_PAGES = FLASH_SIZE / FLASH_PAGE,
    TRACKED_BLOCK = 256,
    TRACKED_BLOCKS = RAM_SIZE / TRACKED_BLOCK
};

struct memory {
    /* Page-aligned host memory; the CPU engine maps it directly. */
    uint8_t *flash;
    uint8_t *ram;
    uint8_t *ficr;
    uint8_t *uicr;
    /* The flash as it was loaded, and which pages may differ from it since. */
    uint8_t *flash_baseline;
    uint32_t flash_changed[FLASH_PAGES / 32];
    /* Between the CPU and everybody else; switched off unless its depth is set. */
    struct store_buffer stores;
    uint8_t pattern; /* of memory_fill_ram */
    /* Bit n: block n of Data RAM (TRACKED_BLOCK bytes) was written; set while stores of the CPU are
     * watched, cleared by whom it belongs to. NULL: nobody wants to know. */
    uint32_t *ram_changed;
    /* Told after a bus master beside the CPU wrote to Data RAM: it may hold code that the CPU has
     * translated. NULL: nobody. */
    void (*ram_written)(void *owner, struct byte_range range);
    void *ram_owner;
};

/* Flash and UICR erased (0xff), RAM and FICR zero. */
void memory_init(struct memory *memory);
void memory_release(struct memory *memory);

/* Fills all of RAM with a pattern, as after power-on. */
void memory_fill_ram(struct memory *memory, uint8_t pattern);

/* The content of `range`, which lies in Data RAM, is lost: it holds the pattern again. */
void memory_lose(struct memory *memory, struct byte_range range);

/* Must be called when bytes of `range`, which lies in Data RAM, are written. */
void memory_ram_changing(struct memory *memory, struct byte_range range);

/* Declares the present flash to be the baseline for snapshots; called after loading an image. */
void memory_set_baseline(struct memory *memory);

/* Must be called before flash bytes of `range` are changed after memory_set_baseline. */
void memory_flash_changing(struct memory *memory, struct byte_range range);

/*
 * The bytes at `range`, if all of it lies in one memory (RAM also through its code alias), else
 * NULL. Valid as long as the memory; writing through it has no side effects.
 */
uint8_t *memory_at(const struct memory *memory, struct byte_range range);

/* Copies out without side effects. False, and nothing copied, if not all of it is memory. */
bool memory_peek(const struct memory *memory, guest_addr address, void *bytes, uint32_t size);

/*
 * Data RAM as a bus master beside the CPU reads and writes it: stores that wait in the store buffer
 * are not visible yet. The range must lie in Data RAM.
 */
void memory_master_read(const struct memory *memory, guest_addr address, uint8_t *bytes,
                        uint32_t size);
void memory_master_write(struct memory *memory, guest_addr address, const uint8_t *bytes,
                         uint32_t size);

/* Whether a store waits that touches `range`, in Data RAM; for *number as in store_buffer_find. */
bool memory_store_waits(const struct memory *memory, struct byte_range range, uint32_t *number);
void memory_store_arrives(struct memory *memory, uint32_t number);

/* True when every byte lies in Data RAM proper, the only memory EasyDMA reaches. */
bool memory_is_data_ram(struct byte_range range);

/* Folds the code alias of RAM to Data RAM; other addresses are returned as they are. */
guest_addr memory_fold(guest_addr address);

void memory_register_state(struct memory *memory, struct state *state);

#endif
