/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Register rules common to all blocks (PS v1.7, 6.1 Peripheral interface).
 *
 * Deviations:
 *   1. The registers are words, and no public document says what an access of a byte or half word
 *      does. Here a read extracts, and a write changes the addressed bytes of a stored register and
 *      acts with zeros in the other bytes of one that acts on ones (task, W1C, INTENSET, INTENCLR).
 *   2. An event register can only be cleared: writing a value other than 0 has no effect. The
 *      specification documents only the clearing; a test on silicon reports the same.
 *   3. Bits without a FIELD row, in a register that has FIELD rows, and INTEN bits without an event
 *      are reserved: they are not stored and read as 0.
 *   4. A shortcut takes effect in the instant of its event, the PPI right after the shortcuts.
 */
#include "sim/periph/regfile.h"

#include "sim/base/bits.h"
#include "sim/periph/modify.h"

#include <assert.h>
#include <string.h>

enum {
    OFFSET_EVENTS = 0x100,
    OFFSET_SHORTS = 0x200,
    OFFSET_INTEN = 0x300,
    EVENTS_WITH_INTERRUPT = 32,
};

static unsigned index_of(const struct reg_desc *desc, uint32_t offset)
{
    return desc->stride ? (offset - desc->offset) / desc->stride : 0;
}

static bool shows_inten(const struct reg_desc *desc)
{
    return desc &&
           (desc->kind == REG_INTEN || desc->kind == REG_INTENSET || desc->kind == REG_INTENCLR);
}

/* Where the value of the register at `offset` is kept: the interrupt mask has three addresses. */
static uint32_t cell(const struct regfile *regs, uint32_t offset)
{
    assert(offset < REGFILE_SIZE && offset % 4 == 0);
    return (shows_inten(regs->desc[offset / 4]) ? OFFSET_INTEN : offset) / 4;
}

uint32_t regfile_get(const struct regfile *regs, uint32_t offset)
{
    return regs->word[cell(regs, offset)];
}

void regfile_set(struct regfile *regs, uint32_t offset, uint32_t value)
{
    regs->word[cell(regs, offset)] = value;
}

void regfile_misuse(struct regfile *regs, enum misuse misuse, uint32_t offset, uint32_t value)
{
    struct trace *trace = regs->fabric->trace;

    trace_emit(trace, (struct observation){.kind = OBS_MISUSE,
                                           .misuse = {.misuse = misuse,
                                                      .pc = trace->state.pc,
                                                      .address = regs->spec->base + offset,
                                                      .value = value,
                                                      .trigger = regs->fabric->trigger}});
}

/* ---- Events, shortcuts and the interrupt line ------------------------------------------------ */

static bool interrupt_pending(const struct regfile *regs)
{
    uint32_t enabled = regs->word[OFFSET_INTEN / 4];

    for (unsigned n = 0; enabled; n++, enabled >>= 1) {
        if ((enabled & 1) && regs->word[OFFSET_EVENTS / 4 + n])
            return true;
    }
    return false;
}

void regfile_update_irq(struct regfile *regs)
{
    if (regs->spec->irq != NO_IRQ)
        wire_set(regs->fabric->wires, (enum wire_id)(WIRE_IRQ + regs->spec->irq),
                 interrupt_pending(regs));
}

static void run_shortcuts(struct regfile *regs, uint32_t event)
{
    for (unsigned i = 0; i < regs->spec->short_count; i++) {
        const struct reg_short *shortcut = &regs->spec->shorts[i];

        if (shortcut->event == event && (regs->word[OFFSET_SHORTS / 4] & bit32(shortcut->bit)))
            regfile_trigger(regs, shortcut->task);
    }
}

void regfile_raise(struct regfile *regs, uint32_t offset)
{
    struct fabric *fabric = regs->fabric;
    enum dma_trigger outer = fabric->trigger;

    assert(regs->desc[offset / 4] && regs->desc[offset / 4]->kind == REG_EVENT);
    regfile_set(regs, offset, 1);
    regfile_update_irq(regs);
    fabric->trigger = DMA_BY_SHORTCUT;
    run_shortcuts(regs, offset);
    fabric->trigger = DMA_BY_PPI;
    if (fabric->publish)
        fabric->publish(fabric->publish_owner, regs->spec->base + offset);
    fabric->trigger = outer;
}

static bool accessible(struct regfile *regs, uint32_t offset, bool write)
{
    return !regs->spec->accessible || regs->spec->accessible(regs->owner, offset, write);
}

static void call_written(struct regfile *regs, uint32_t offset, uint32_t value)
{
    const struct reg_hook *hook = regs->hook[offset / 4];

    if (hook && hook->written)
        hook->written(regs->owner, index_of(regs->desc[offset / 4], offset), value);
}

void regfile_trigger(struct regfile *regs, uint32_t offset)
{
    assert(regs->desc[offset / 4] && regs->desc[offset / 4]->kind == REG_TASK);
    if (accessible(regs, offset, true))
        call_written(regs, offset, 1);
}

/* ---- One rule for each kind ------------------------------------------------------------------ */

static bool has_stored_value(enum reg_kind kind)
{
    return kind != REG_TASK && kind != REG_WO;
}

/* The value a debugger sees; also what the CPU reads where no hook has its say. */
static uint32_t stored_value(const struct regfile *regs, const struct reg_desc *desc,
                             uint32_t offset)
{
    return has_stored_value(desc->kind) ? regfile_get(regs, offset) : 0;
}

static void note_w1c_read(struct regfile *regs, uint32_t offset)
{
    guest_addr pc = regs->fabric->trace->state.pc;

    regs->w1c_read.before = regs->w1c_read.offset == offset ? regs->w1c_read.pc : pc;
    regs->w1c_read.offset = offset;
    regs->w1c_read.pc = pc;
}

static uint32_t read_word(struct regfile *regs, uint32_t offset)
{
    const struct reg_desc *desc = regs->desc[offset / 4];
    const struct reg_hook *hook = regs->hook[offset / 4];
    uint32_t value;

    if (!accessible(regs, offset, false))
        return 0;
    if (desc->kind == REG_W1C)
        note_w1c_read(regs, offset);
    value = hook && hook->read ? hook->read(regs->owner, index_of(desc, offset))
                               : stored_value(regs, desc, offset);
    if (desc->kind == REG_EVENT && value && regs->observe)
        regs->observe->event_read(regs->observer, regs, offset);
    return value;
}

static void apply(struct regfile *regs, const struct reg_desc *desc, uint32_t offset,
                  uint32_t value)
{
    uint32_t *word = &regs->word[cell(regs, offset)];
    uint32_t kept = value & regs->defined[offset / 4];

    switch (desc->kind) {
    case REG_RW:
    case REG_SHORTS:
    case REG_DMA_PTR:
    case REG_DMA_MAXCNT:
        *word = kept;
        break;
    case REG_W1C:
        *word &= ~value;
        break;
    case REG_EVENT:
        if (!value)
            *word = 0;
        break;
    case REG_INTEN:
        *word = value & regs->events;
        break;
    case REG_INTENSET:
        *word |= value & regs->events;
        break;
    case REG_INTENCLR:
        *word &= ~value;
        break;
    case REG_RO:
    case REG_DMA_AMOUNT:
    case REG_WO:
    case REG_TASK:
        break;
    }
}

/* Firmware clears everything at once with ~0 and means no bit in particular. */
static bool clears_by_ones(const struct reg_desc *desc)
{
    return desc->kind == REG_W1C || desc->kind == REG_INTENCLR;
}

/* `REGISTER |= bit` is meant to clear one bit and clears every one that is set. */
static void check_modified(struct regfile *regs, uint32_t offset, uint32_t value)
{
    if (regs->w1c_read.offset == offset && regs->w1c_read.pc &&
        code_adds_bits(regs->fabric->memory, regs->w1c_read.before, regs->w1c_read.pc,
                       regs->fabric->trace->state.pc))
        regfile_misuse(regs, MISUSE_W1C_MODIFIED, offset, value);
}

static void write_word(struct regfile *regs, uint32_t offset, uint32_t value)
{
    const struct reg_desc *desc = regs->desc[offset / 4];

    if (!accessible(regs, offset, true))
        return;
    if (desc->kind == REG_RO || desc->kind == REG_DMA_AMOUNT) {
        regfile_misuse(regs, MISUSE_WRITE_READ_ONLY, offset, value);
        return;
    }
    if (desc->kind == REG_TASK && !(value & 1))
        return;
    if (value & ~regs->defined[offset / 4] && !clears_by_ones(desc))
        regfile_misuse(regs, MISUSE_RESERVED_BITS, offset, value);
    if (desc->kind == REG_W1C)
        check_modified(regs, offset, value);
    apply(regs, desc, offset, value);
    if (desc->kind == REG_EVENT || shows_inten(desc))
        regfile_update_irq(regs);
    if ((desc->kind == REG_DMA_PTR || desc->kind == REG_DMA_MAXCNT) && regs->observe)
        regs->observe->descriptor_written(regs->observer, regs, offset, value);
    if (desc->kind == REG_EVENT && !value && regs->observe)
        regs->observe->event_cleared(regs->observer, regs, offset);
    call_written(regs, offset, value);
}

/* ---- The bus's view -------------------------------------------------------------------------- */

static bool keeps_other_bytes(enum reg_kind kind)
{
    return kind == REG_RW || kind == REG_SHORTS || kind == REG_INTEN || kind == REG_DMA_PTR ||
           kind == REG_DMA_MAXCNT;
}

/* What a write of `size` bytes at `offset` means for the whole word (deviation 1). */
static uint32_t widen(const struct regfile *regs, uint32_t offset, unsigned size, uint32_t value)
{
    uint32_t at = offset & ~3u;
    uint32_t others = keeps_other_bytes(regs->desc[at / 4]->kind) ? regfile_get(regs, at) : 0;

    return deposit32(others, 8 * (offset & 3), 8 * size, value);
}

static bool has_register(const struct regfile *regs, uint32_t offset)
{
    return offset < REGFILE_SIZE && regs->desc[offset / 4];
}

static bool bus_side_read(void *owner, uint32_t claimed, unsigned size, uint32_t *value)
{
    struct regfile *regs = owner;
    uint32_t offset = claimed + regs->spec->first;

    if (!has_register(regs, offset))
        return false;
    *value = extract32(read_word(regs, offset & ~3u), 8 * (offset & 3), 8 * size);
    return true;
}

static bool bus_side_write(void *owner, uint32_t claimed, unsigned size, uint32_t value)
{
    struct regfile *regs = owner;
    uint32_t offset = claimed + regs->spec->first;

    if (!has_register(regs, offset))
        return false;
    write_word(regs, offset & ~3u, widen(regs, offset, size, value));
    return true;
}

static bool bus_side_peek(void *owner, uint32_t claimed, unsigned size, uint32_t *value)
{
    const struct regfile *regs = owner;
    uint32_t offset = claimed + regs->spec->first;

    if (!has_register(regs, offset))
        return false;
    *value = extract32(stored_value(regs, regs->desc[offset / 4], offset & ~3u), 8 * (offset & 3),
                       8 * size);
    return true;
}

static bool bus_side_name(void *owner, uint32_t claimed, char *name, size_t room)
{
    const struct regfile *regs = owner;

    return regfile_name(regs, (claimed + regs->spec->first) & ~3u, name, room);
}

static const struct bus_ops bus_side = {
    .read = bus_side_read,
    .write = bus_side_write,
    .peek = bus_side_peek,
    .name = bus_side_name,
};

/* ---- Building a block from its list ---------------------------------------------------------- */

static uint32_t element(const struct reg_desc *desc, unsigned index)
{
    return desc->offset + (uint32_t)index * desc->stride;
}

static uint32_t defined_bits(const struct block_spec *spec, const struct reg_desc *desc)
{
    unsigned count;
    const struct field_desc *field = reg_fields(spec, desc, &count);
    uint32_t bits = 0;

    for (unsigned i = 0; i < count; i++)
        bits |= mask32(field[i].width) << field[i].lsb;
    return count ? bits : 0xffffffffu;
}

static void add_register(struct regfile *regs, const struct reg_desc *desc)
{
    uint32_t defined = defined_bits(regs->spec, desc);

    for (unsigned i = 0; i < desc->count; i++) {
        uint32_t offset = element(desc, i);
        uint32_t event = (offset - OFFSET_EVENTS) / 4;

        assert(offset % 4 == 0 && offset >= regs->spec->first && offset < regs->spec->size);
        assert(!regs->desc[offset / 4]);
        regs->desc[offset / 4] = desc;
        regs->defined[offset / 4] = defined;
        if (desc->kind == REG_EVENT && event < EVENTS_WITH_INTERRUPT)
            regs->events |= bit32(event);
    }
}

static void add_hook(struct regfile *regs, const struct reg_hook *hook)
{
    const struct reg_desc *desc = regs->desc[hook->offset / 4];

    assert(desc && desc->offset == hook->offset);
    for (unsigned i = 0; i < desc->count; i++)
        regs->hook[element(desc, i) / 4] = hook;
}

static bool has_w1c(const struct block_spec *spec)
{
    for (unsigned i = 0; i < spec->reg_count; i++) {
        if (spec->regs[i].kind == REG_W1C)
            return true;
    }
    return false;
}

void regfile_init(struct regfile *regs, const struct block_spec *spec, struct fabric *fabric,
                  void *owner)
{
    *regs = (struct regfile){.spec = spec, .fabric = fabric, .owner = owner};
    assert(spec->size <= REGFILE_SIZE && spec->first < spec->size);
    for (unsigned i = 0; i < spec->reg_count; i++)
        add_register(regs, &spec->regs[i]);
    for (const struct reg_hook *hook = spec->hooks; hook && (hook->written || hook->read); hook++)
        add_hook(regs, hook);
    state_register(fabric->state, spec->name, regs->word, sizeof regs->word);
    if (has_w1c(spec))
        state_register(fabric->state, "W1C read", &regs->w1c_read, sizeof regs->w1c_read);
    bus_claim(
        fabric->bus,
        (struct byte_range){.start = spec->base + spec->first, .size = spec->size - spec->first},
        spec->name, &bus_side, regs);
    regfile_reset(regs);
}

void regfile_reset(struct regfile *regs)
{
    memset(regs->word, 0, sizeof regs->word);
    memset(&regs->w1c_read, 0, sizeof regs->w1c_read);
    for (uint32_t offset = 0; offset < REGFILE_SIZE; offset += 4) {
        if (regs->desc[offset / 4])
            regfile_set(regs, offset, regs->desc[offset / 4]->reset);
    }
    regfile_update_irq(regs);
}

bool regfile_name(const struct regfile *regs, uint32_t offset, char *name, size_t room)
{
    if (!has_register(regs, offset))
        return false;
    reg_full_name(regs->desc[offset / 4], index_of(regs->desc[offset / 4], offset), name, room);
    return true;
}
