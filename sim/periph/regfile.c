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
#include "sim/periph/regfile_parts.h"

#include <assert.h>
#include <string.h>

static unsigned index_of(const struct reg_desc *desc, uint32_t offset)
{
    return desc->stride ? (offset - desc->offset) / desc->stride : 0;
}

const uint32_t *regfile_word(const struct regfile *regs, uint32_t offset)
{
    return &regs->home->word[regfile_known_slot(regs, offset)->word];
}

uint32_t regfile_get(const struct regfile *regs, uint32_t offset)
{
    return regs->home->word[regfile_known_slot(regs, offset)->word];
}

void regfile_set(struct regfile *regs, uint32_t offset, uint32_t value)
{
    regs->home->word[regfile_known_slot(regs, offset)->word] = value;
}

bool regfile_enabled(const struct regfile *regs)
{
    return regfile_get(regs, regs->spec->enable) == regs->spec->personality;
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

static bool interrupt_pending(const struct regfile *home)
{
    uint32_t enabled = home->mask ? home->word[home->mask] : 0;

    for (unsigned n = 0; enabled; n++, enabled >>= 1) {
        if ((enabled & 1) && home->word[home->event[n]])
            return true;
    }
    return false;
}

void regfile_update_irq(struct regfile *regs)
{
    if (regs->spec->irq != NO_IRQ)
        wire_set(regs->fabric->wires, (enum wire_id)(WIRE_IRQ + regs->spec->irq),
                 interrupt_pending(regs->home));
}

static void run_shortcuts(struct regfile *regs, uint32_t event)
{
    for (unsigned i = 0; i < regs->spec->short_count; i++) {
        const struct reg_short *shortcut = &regs->spec->shorts[i];

        if (shortcut->event == event && (regfile_get(regs, OFFSET_SHORTS) & bit32(shortcut->bit)))
            regfile_trigger(regs, shortcut->task);
    }
}

void regfile_raise_unpublished(struct regfile *regs, uint32_t offset)
{
    assert(regfile_known_slot(regs, offset)->desc->kind == REG_EVENT);
    regfile_set(regs, offset, 1);
    regfile_update_irq(regs);
}

void regfile_raise(struct regfile *regs, uint32_t offset)
{
    struct fabric *fabric = regs->fabric;
    enum dma_trigger outer = fabric->trigger;

    regfile_raise_unpublished(regs, offset);
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
    const struct reg_slot *slot = regfile_slot(regs, offset);

    if (slot && slot->hook && slot->hook->written)
        slot->hook->written(regs->owner, index_of(slot->desc, offset), value);
}

void regfile_trigger(struct regfile *regs, uint32_t offset)
{
    assert(regfile_known_slot(regs, offset)->desc->kind == REG_TASK);
    if (accessible(regs, offset, true))
        call_written(regs, offset, 1);
}

/* ---- Blocks that share a base ---------------------------------------------------------------- */

static struct regfile *last_enabled(struct regfile *home)
{
    struct regfile *face = home;

    for (uint32_t n = home->word[LAST_ENABLED]; n > 1; n--)
        face = face->next;
    return home->word[LAST_ENABLED] ? face : NULL;
}

/* The block that answers for the register at `offset`; NULL: none has it. */
static struct regfile *answering(struct regfile *home, uint32_t offset)
{
    struct regfile *face = home->next ? last_enabled(home) : home;

    if (face && regfile_slot(face, offset))
        return face;
    for (face = home; face && !regfile_slot(face, offset); face = face->next)
        continue;
    return face;
}

static bool any_enabled(const struct regfile *home)
{
    for (const struct regfile *face = home; face; face = face->next) {
        if (regfile_enabled(face))
            return true;
    }
    return false;
}

/* Bits of the register that exist; before ENABLE has decided, those that any of the blocks has. */
static uint32_t defined_bits(const struct regfile *regs, uint32_t offset)
{
    uint32_t bits = 0;

    if (!regs->home->next || any_enabled(regs->home))
        return regfile_known_slot(regs, offset)->defined;
    for (const struct regfile *face = regs->home; face; face = face->next)
        bits |= regfile_slot(face, offset) ? regfile_slot(face, offset)->defined : 0;
    return bits;
}

static uint32_t defined_events(const struct regfile *regs)
{
    uint32_t bits = 0;

    if (!regs->home->next || any_enabled(regs->home))
        return regs->events;
    for (const struct regfile *face = regs->home; face; face = face->next)
        bits |= face->events;
    return bits;
}

/* ENABLE is everybody's: the one that gets the base hears of it, and so does the one that had it.
 */
static void enable_written(struct regfile *regs, uint32_t value)
{
    struct regfile *home = regs->home;
    uint32_t number = 0;

    for (struct regfile *face = home; face; face = face->next) {
        number++;
        if (regfile_enabled(face))
            home->word[LAST_ENABLED] = number;
    }
    for (struct regfile *face = home; face; face = face->next)
        call_written(face, face->spec->enable, value);
}

static bool is_enable(const struct regfile *regs, uint32_t offset)
{
    return regs->spec->personality && offset == regs->spec->enable;
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
    const struct reg_desc *desc = regfile_known_slot(regs, offset)->desc;
    const struct reg_hook *hook = regfile_known_slot(regs, offset)->hook;
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

/* Bits of no field that are ones from reset can be written: a PSEL register reads as all ones again
 * when it is disconnected by them, which is how drivers ask. */
static void apply(struct regfile *regs, const struct reg_desc *desc, uint32_t offset,
                  uint32_t value)
{
    uint32_t *word = &regs->home->word[regfile_known_slot(regs, offset)->word];
    uint32_t kept = value & (defined_bits(regs, offset) | desc->reset);

    switch (desc->kind) {
    case REG_RW:
    case REG_SHORTS:
    case REG_DMA_PTR:
    case REG_DMA_MAXCNT:
        *word = kept;
        break;
    case REG_SET:
        *word |= kept;
        break;
    case REG_W1C:
    case REG_CLR:
        *word &= ~value;
        break;
    case REG_EVENT:
        if (!value)
            *word = 0;
        break;
    case REG_INTEN:
        *word = value & defined_events(regs);
        break;
    case REG_INTENSET:
        *word |= value & defined_events(regs);
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

/* Bits that a write sets although they do not exist. Those that are ones from reset stay so when a
 * register is read, modified and written. */
static uint32_t reserved_bits(const struct regfile *regs, const struct reg_desc *desc,
                              uint32_t offset, uint32_t value)
{
    uint32_t known = reg_shows_inten(desc) ? defined_events(regs) : defined_bits(regs, offset);

    return value & ~(known | desc->reset);
}

/* Firmware clears everything at once with ~0 and means no bit in particular. */
static bool clears_by_ones(const struct reg_desc *desc)
{
    return desc->kind == REG_W1C || desc->kind == REG_CLR || desc->kind == REG_INTENCLR;
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
    const struct reg_desc *desc = regfile_known_slot(regs, offset)->desc;

    if (!accessible(regs, offset, true))
        return;
    if (desc->kind == REG_RO || desc->kind == REG_DMA_AMOUNT) {
        regfile_misuse(regs, MISUSE_WRITE_READ_ONLY, offset, value);
        return;
    }
    if (desc->kind == REG_TASK && !(value & 1))
        return;
    if (reserved_bits(regs, desc, offset, value) && !clears_by_ones(desc))
        regfile_misuse(regs, MISUSE_RESERVED_BITS, offset, value);
    if (desc->kind == REG_W1C)
        check_modified(regs, offset, value);
    apply(regs, desc, offset, value);
    if (desc->kind == REG_EVENT || reg_shows_inten(desc))
        regfile_update_irq(regs);
    if ((desc->kind == REG_DMA_PTR || desc->kind == REG_DMA_MAXCNT) && regs->observe)
        regs->observe->descriptor_written(regs->observer, regs, offset, value);
    if (desc->kind == REG_EVENT && !value && regs->observe)
        regs->observe->event_cleared(regs->observer, regs, offset);
    if (is_enable(regs, offset))
        enable_written(regs, value);
    else
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
    bool keeps = keeps_other_bytes(regfile_known_slot(regs, at)->desc->kind);
    uint32_t others = keeps ? regfile_get(regs, at) : 0;

    return deposit32(others, 8 * (offset & 3), 8 * size, value);
}

static bool bus_side_read(void *owner, uint32_t claimed, unsigned size, uint32_t *value)
{
    struct regfile *home = owner;
    uint32_t offset = claimed + home->spec->first;
    struct regfile *regs = answering(home, offset);

    if (!regs)
        return false;
    *value = extract32(read_word(regs, offset & ~3u), 8 * (offset & 3), 8 * size);
    return true;
}

static bool bus_side_write(void *owner, uint32_t claimed, unsigned size, uint32_t value)
{
    struct regfile *home = owner;
    uint32_t offset = claimed + home->spec->first;
    struct regfile *regs = answering(home, offset);

    if (!regs)
        return false;
    write_word(regs, offset & ~3u, widen(regs, offset, size, value));
    return true;
}

static bool bus_side_peek(void *owner, uint32_t claimed, unsigned size, uint32_t *value)
{
    struct regfile *home = owner;
    uint32_t offset = claimed + home->spec->first;
    const struct regfile *regs = answering(home, offset);

    if (!regs)
        return false;
    *value = extract32(stored_value(regs, regfile_known_slot(regs, offset)->desc, offset & ~3u),
                       8 * (offset & 3), 8 * size);
    return true;
}

static bool bus_side_name(void *owner, uint32_t claimed, char *name, size_t room)
{
    struct regfile *home = owner;
    uint32_t offset = (claimed + home->spec->first) & ~3u;
    const struct regfile *regs = answering(home, offset);

    return regs && regfile_name(regs, offset, name, room);
}

static const char *bus_side_block(void *owner, uint32_t claimed)
{
    struct regfile *home = owner;
    uint32_t offset = claimed + home->spec->first;
    const struct regfile *regs = answering(home, offset);
    const struct block_spec *spec = regs ? regs->spec : home->spec;

    return spec->part ? spec->part(offset) : spec->name;
}

const struct bus_ops regfile_bus_side = {
    .read = bus_side_read,
    .write = bus_side_write,
    .peek = bus_side_peek,
    .name = bus_side_name,
    .block = bus_side_block,
};

/* ---- All at once ----------------------------------------------------------------------------- */

void regfile_reset(struct regfile *regs)
{
    memset(&regs->w1c_read, 0, sizeof regs->w1c_read);
    for (unsigned i = 1; i < regs->registers; i++)
        regs->home->word[regs->reg[i].word] = regs->reg[i].desc->reset;
    regs->home->word[LAST_ENABLED] = 0;
    regfile_update_irq(regs);
}

bool regfile_name(const struct regfile *regs, uint32_t offset, char *name, size_t room)
{
    const struct reg_slot *slot = regfile_slot(regs, offset);

    if (!slot)
        return false;
    reg_full_name(slot->desc, index_of(slot->desc, offset), name, room);
    return true;
}
