/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules every nRF register block obeys, written once (PS v1.7, 6.1 Peripheral interface).
 *
 * A block is a list of registers (driver/regs/NAME.def), a few hooks where it has behaviour of its
 * own, and its shortcuts. What falls out of the list: tasks read as 0 and act on bit 0 only; event
 * register 0x100 + 4n is gated by INTEN bit n; INTENSET, INTENCLR and INTEN are views of one mask;
 * the interrupt line is the OR of all enabled events; firing an event runs its shortcuts and is
 * published to the PPI.
 *
 * Registers of a block that knows its own list need no more than the list:
 *
 *     static const struct reg_desc regs[] = {
 *     #define REG_ARRAY REGFILE_DESC
 *     #include "driver/regs/NAME.def"
 *     };
 */
#ifndef SIM_PERIPH_REGFILE_H
#define SIM_PERIPH_REGFILE_H

#include "sim/periph/fabric.h"
#include "sim/periph/reset.h"

enum reg_kind {
    REG_RO, /* the model writes it, the firmware reads it */
    REG_RW,
    REG_WO,    /* reads as 0 */
    REG_W1C,   /* writing ones clears bits */
    REG_SET,   /* ones set bits of the register 4 below, which is what it reads as */
    REG_CLR,   /* ones clear bits of the register 8 below, which is what it reads as */
    REG_TASK,  /* writing 1 triggers, reading gives 0 */
    REG_EVENT, /* 0 or 1; the firmware can only clear it */
    REG_SHORTS,
    REG_INTEN,
    REG_INTENSET,
    REG_INTENCLR,
    REG_DMA_PTR,
    REG_DMA_MAXCNT, /* bits without a FIELD are not stored */
    REG_DMA_AMOUNT, /* read-only */
};

struct reg_desc {
    const char *name; /* without index, e.g. "EPIN_PTR"; shown as "EPIN[3].PTR" */
    const char *brief;
    uint32_t reset;
    uint16_t offset;
    uint16_t stride;
    uint8_t count;
    enum reg_kind kind;
};

/* What REG_ARRAY and FIELD of a .def file become in a block's tables. */
#define REGFILE_DESC(name_, offset_, count_, stride_, kind_, reset_, brief_)                       \
    {.name = #name_,                                                                               \
     .brief = (brief_),                                                                            \
     .reset = (reset_),                                                                            \
     .offset = (offset_),                                                                          \
     .stride = (stride_),                                                                          \
     .count = (count_),                                                                            \
     .kind = REG_##kind_},
#define REGFILE_FIELD(reg_, name_, lsb_, width_, brief_)                                           \
    {.reg = #reg_, .name = #name_, .lsb = (lsb_), .width = (width_), .brief = (brief_)},

struct field_desc {
    const char *reg;
    const char *name;
    uint8_t lsb;
    uint8_t width;
    const char *brief;
};

/* Behaviour of one register or register array, named by its first offset. */
struct reg_hook {
    uint16_t offset;
    /* After a write was applied by the rule of its kind (for a TASK: after a 1 was written, by CPU,
     * shortcut or PPI alike). `index` within the array, `value` as written. */
    void (*written)(void *owner, unsigned index, uint32_t value);
    /* Instead of the stored value, for reads with effect; NULL: the stored value. */
    uint32_t (*read)(void *owner, unsigned index);
};

/* Event -> task inside the block, enabled by bit `bit` of SHORTS. Offsets of single registers. */
struct reg_short {
    uint8_t bit;
    uint16_t event;
    uint16_t task;
};

enum {
    REGFILE_SIZE = 0x1000,
    REGFILE_REGISTERS = 256, /* at most, of all blocks at one address together */
    REGFILE_EVENTS = 32,     /* events with a bit in INTEN */
    NO_IRQ = -1,
};

/* Constant description of a block. */
struct block_spec {
    const char *name;  /* "USBD" */
    unsigned instance; /* n of TIMERn, for the model */
    guest_addr base;
    uint32_t first; /* lowest offset claimed on the bus, for blocks that share a page (P1) */
    uint32_t size;  /* end of what is claimed on the bus, at most REGFILE_SIZE */
    int irq;        /* line number or NO_IRQ */
    /*
     * For blocks that share their base with others (SPIM0, SPIS0, TWIM0, ...; PS v1.7, 6.1.2): the
     * offset of ENABLE, and the value in it that makes the base this block's. 0 for all others.
     */
    uint16_t enable;
    uint16_t personality;
    const struct reg_desc *regs;
    const struct field_desc *fields;
    unsigned reg_count;
    unsigned field_count;
    const struct reg_hook
        *hooks; /* ends with {.offset = 0, .written = NULL, .read = NULL}, or NULL */
    const struct reg_short *shorts;
    unsigned short_count;
    /*
     * Asked before every CPU, PPI or shortcut access: may it go on? A block that answers false has
     * made its own misuse report; the read gives 0, the write is ignored. NULL: always.
     */
    bool (*accessible)(void *owner, uint32_t offset, bool write);
    /* The name of the part a register belongs to, where one list is that of several ("CLOCK",
     * "POWER"). NULL: `name` for all. */
    const char *(*part)(uint32_t offset);
};

struct regfile;

/* Told about accesses of the CPU, after their effect. None is NULL. */
struct reg_observer {
    /* The event at `offset` was read as generated. */
    void (*event_read)(void *observer, struct regfile *regs, uint32_t offset);
    /* The DMA_PTR or DMA_MAXCNT register at `offset` was written. */
    void (*descriptor_written)(void *observer, struct regfile *regs, uint32_t offset,
                               uint32_t value);
    /* 0 was written to the event register at `offset`. */
    void (*event_cleared)(void *observer, struct regfile *regs, uint32_t offset);
};

/* A register that exists: one element of a register array. */
struct reg_slot {
    const struct reg_desc *desc;
    const struct reg_hook *hook; /* NULL: none */
    uint32_t defined;            /* bits that exist: from the FIELD rows, or all */
    uint16_t word;               /* where its value is: index into home->word */
};

/*
 * Blocks with the same base are one page of registers with several faces: the values are shared,
 * so that what was configured before ENABLE is there afterwards, and what a register means is
 * asked from the block that is enabled, or was last, or else the first one that has it.
 */
struct regfile {
    /* Plain state: the values, for all blocks at this base, if this block is the first of them.
     * word[0] says which of them was enabled last (1: the first), 0: none yet. */
    uint32_t word[REGFILE_REGISTERS];
    /* The write-1-to-clear register the CPU read last, where, and where it read it the time before.
     * Plain state; registered if the block has such registers. */
    struct {
        uint32_t offset;
        guest_addr pc;
        guest_addr before;
    } w1c_read;
    /* Wiring. */
    const struct block_spec *spec;
    struct fabric *fabric;
    void *owner;
    struct regfile *home;            /* the first block at this base; itself, unless it shares */
    struct regfile *next;            /* the next block at this base, NULL: none */
    uint16_t slot[REGFILE_SIZE / 4]; /* by offset / 4: index into reg; 0: no register there */
    struct reg_slot reg[REGFILE_REGISTERS];
    unsigned registers;             /* of reg in use, with the unused first one */
    unsigned words;                 /* home: of word in use */
    uint16_t mask;                  /* home: index of the interrupt mask's word, 0: none */
    uint16_t event[REGFILE_EVENTS]; /* home: index of the word of the event of INTEN bit n */
    uint32_t events;                /* bits of INTEN that exist: those with an event */
    /* Who else looks at this block's registers (easydma.c). NULL: nobody. */
    const struct reg_observer *observe;
    void *observer;
};

/*
 * Connects the block to bus, state and interrupt line. `owner` is given to the hooks. A block whose
 * spec names a personality joins those that were connected at its base before; `regs` must stay in
 * place.
 */
void regfile_init(struct regfile *regs, const struct block_spec *spec, struct fabric *fabric,
                  void *owner);

/* All registers to their reset values, interrupt line low. No hook is called. */
void regfile_reset(struct regfile *regs);

/* The model's own access: no rule of the kind, no hook, no trace. `offset` is a multiple of 4. */
uint32_t regfile_get(const struct regfile *regs, uint32_t offset);

/* Where the value is kept, e.g. to say that it is a clock (state_mark_clock). */
const uint32_t *regfile_word(const struct regfile *regs, uint32_t offset);
void regfile_set(struct regfile *regs, uint32_t offset, uint32_t value);

/* Is ENABLE set for this block? For specs with a personality. */
bool regfile_enabled(const struct regfile *regs);

/* Fires the event at `offset`: register, interrupt, shortcuts, PPI. */
void regfile_raise(struct regfile *regs, uint32_t offset);

/* As regfile_raise, for an event that is not routed to shortcuts and PPI. */
void regfile_raise_unpublished(struct regfile *regs, uint32_t offset);

/* Triggers the task at `offset` as a shortcut or the PPI does. */
void regfile_trigger(struct regfile *regs, uint32_t offset);

/* Renews the interrupt line after regfile_set changed an event or the mask. */
void regfile_update_irq(struct regfile *regs);

/* Reports a misuse of the register at `offset` (bus-visible address and current pc are added). */
void regfile_misuse(struct regfile *regs, enum misuse misuse, uint32_t offset, uint32_t value);

/* Writes "EPIN[3].MAXCNT" for the register at `offset`; false if there is none. */
bool regfile_name(const struct regfile *regs, uint32_t offset, char *name, size_t room);

/*
 * A register's name as in the datasheet: EPIN_PTR, 3 gives "EPIN[3].PTR"; SIZE_EPOUT, 3 gives
 * "SIZE.EPOUT[3]"; TASKS_EP0STALL has no index.
 */
void reg_full_name(const struct reg_desc *desc, unsigned index, char *name, size_t room);

/* The FIELD rows of a register, which stand together. `count` gets how many; NULL when none. */
const struct field_desc *reg_fields(const struct block_spec *spec, const struct reg_desc *desc,
                                    unsigned *count);

/* "RO", "W1C", "TASK", ... as in the .def files. */
const char *reg_kind_name(enum reg_kind kind);

#endif
