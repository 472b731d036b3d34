/* SPDX-License-Identifier: Apache-2.0 */
/* Building a register block from its list. */
#include "sim/base/bits.h"
#include "sim/periph/regfile_parts.h"

#include <string.h>

static uint32_t element(const struct reg_desc *desc, unsigned index)
{
    return desc->offset + (uint32_t)index * desc->stride;
}

/* The bits of a register that has FIELD rows; they stand behind it, in the list's order, from
 * `*next` on. */
static uint32_t listed_bits(const struct block_spec *spec, const struct reg_desc *desc,
                            unsigned *next)
{
    unsigned first = *next;
    uint32_t bits = 0;

    for (; *next < spec->field_count && !strcmp(spec->fields[*next].reg, desc->name); ++*next)
        bits |= mask32(spec->fields[*next].width) << spec->fields[*next].lsb;
    return *next > first ? bits : 0xffffffffu;
}

/* The word of the register at `offset`, if a block at this base has one there already, else 0. */
static uint16_t word_there(const struct regfile *home, uint32_t offset)
{
    for (const struct regfile *face = home; face; face = face->next) {
        if (regfile_slot(face, offset))
            return regfile_slot(face, offset)->word;
    }
    return 0;
}

static uint16_t new_word(struct regfile *home)
{
    assert(home->words < REGFILE_REGISTERS);
    return (uint16_t)home->words++;
}

static uint16_t word_of(struct regfile *home, const struct reg_desc *desc, uint32_t offset)
{
    uint16_t word = word_there(home, offset);

    if (reg_shows_inten(desc))
        word = home->mask;
    else if (desc->kind == REG_SET)
        word = word_there(home, offset - 4);
    else if (desc->kind == REG_CLR)
        word = word_there(home, offset - 8);
    if (!word)
        word = new_word(home);
    if (reg_shows_inten(desc)) /* the interrupt mask has three addresses */
        home->mask = word;
    return word;
}

static void add_event(struct regfile *regs, uint32_t offset, uint16_t word)
{
    uint32_t event = (offset - OFFSET_EVENTS) / 4;

    if (event >= REGFILE_EVENTS)
        return;
    regs->events |= bit32(event);
    regs->home->event[event] = word;
}

static void add_register(struct regfile *regs, const struct reg_desc *desc, unsigned *field)
{
    uint32_t defined = listed_bits(regs->spec, desc, field);

    for (unsigned i = 0; i < desc->count; i++) {
        uint32_t offset = element(desc, i);
        uint16_t word = word_of(regs->home, desc, offset);

        assert(offset % 4 == 0 && offset >= regs->spec->first && offset < regs->spec->size);
        assert(!regfile_slot(regs, offset) && regs->registers < REGFILE_REGISTERS);
        regs->slot[offset / 4] = (uint16_t)regs->registers;
        regs->reg[regs->registers++] =
            (struct reg_slot){.desc = desc, .defined = defined, .word = word};
        if (desc->kind == REG_EVENT)
            add_event(regs, offset, word);
    }
}

static void add_hook(struct regfile *regs, const struct reg_hook *hook)
{
    const struct reg_desc *desc = regfile_known_slot(regs, hook->offset)->desc;

    assert(desc->offset == hook->offset);
    for (unsigned i = 0; i < desc->count; i++)
        regs->reg[regs->slot[element(desc, i) / 4]].hook = hook;
}

static bool has_w1c(const struct block_spec *spec)
{
    for (unsigned i = 0; i < spec->reg_count; i++) {
        if (spec->regs[i].kind == REG_W1C)
            return true;
    }
    return false;
}

static void claim(struct regfile *regs)
{
    const struct block_spec *spec = regs->spec;

    regs->home = regs;
    regs->words = LAST_ENABLED + 1;
    bus_claim(regs->fabric->bus,
              (struct byte_range){spec->base + spec->first, spec->size - spec->first}, spec->name,
              &regfile_bus_side, regs);
}

/* Becomes a further face of `home`'s registers. */
static void join(struct regfile *regs, struct regfile *home)
{
    struct regfile *last = home;

    while (last->next)
        last = last->next;
    assert(home->spec->enable == regs->spec->enable && home->spec->size == regs->spec->size);
    last->next = regs;
    regs->home = home;
}

static void connect(struct regfile *regs)
{
    const struct block_spec *spec = regs->spec;
    struct regfile *home =
        spec->personality ? bus_owner(regs->fabric->bus, spec->base, &regfile_bus_side) : NULL;

    if (home)
        join(regs, home);
    else
        claim(regs);
}

void regfile_init(struct regfile *regs, const struct block_spec *spec, struct fabric *fabric,
                  void *owner)
{
    unsigned field = 0;
    unsigned first;

    *regs = (struct regfile){.spec = spec, .fabric = fabric, .owner = owner, .registers = 1};
    assert(spec->size <= REGFILE_SIZE && spec->first < spec->size);
    connect(regs);
    first = regs->home == regs ? LAST_ENABLED : regs->home->words;
    for (unsigned i = 0; i < spec->reg_count; i++)
        add_register(regs, &spec->regs[i], &field);
    assert(field == spec->field_count); /* else a FIELD row stands in the wrong place */
    for (const struct reg_hook *hook = spec->hooks; hook && (hook->written || hook->read); hook++)
        add_hook(regs, hook);
    state_register(fabric->state, spec->name, &regs->home->word[first],
                   (regs->home->words - first) * sizeof *regs->word);
    if (has_w1c(spec))
        state_register(fabric->state, "W1C read", &regs->w1c_read, sizeof regs->w1c_read);
    regfile_reset(regs);
}
