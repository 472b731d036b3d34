/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What class of instruction stands where, for each halfword of flash and RAM. Filled in when an
 * instruction first executes, so data between instructions is never mistaken for code.
 */
#include "sim/cpu/internal.h"

#include <string.h>

/* An instruction with a breakpoint: may have executed, and is classified each time. */
enum { INSN_AGAIN = INSN_UNKNOWN | INSN_KIND_MASK };

void cpu_fetch(const struct cpu *cpu, guest_addr pc, uint16_t *first, uint16_t *second)
{
    const uint8_t *bytes;

    if (LIKELY(pc <= FLASH_SIZE - 4)) {
        bytes = cpu->config.memory->flash + pc;
        *first = load_le16(bytes);
        *second = load_le16(bytes + 2);
        return;
    }
    bytes = memory_at(cpu->config.memory, (struct byte_range){pc, 2});
    *first = bytes ? load_le16(bytes) : 0;
    bytes = memory_at(cpu->config.memory, (struct byte_range){pc + 2, 2});
    *second = bytes ? load_le16(bytes) : 0;
}

uint8_t cpu_classify(struct cpu *cpu, guest_addr pc)
{
    uint32_t offset = memory_fold(pc) - RAM_BASE;
    uint16_t first;
    uint16_t second;
    uint8_t class;
    uint8_t kept;

    cpu_fetch(cpu, pc, &first, &second);
    class = insn_classify(first, second);
    if (cpu->marks.count && cpu_is_marked(cpu, pc))
        return class; /* and stays INSN_UNKNOWN in the table */
    kept = cpu_has_breakpoint(cpu, pc) ? INSN_AGAIN : class;
    if (pc < FLASH_SIZE) {
        cpu->flash_class[pc / 2] = kept;
    } else if (offset < RAM_SIZE) {
        cpu->ram_class[offset / 2] = kept;
        cpu->ram_page[offset / CODE_PAGE] |= PAGE_HAS_CODE;
        if (offset % CODE_PAGE == CODE_PAGE - 2 && offset + 2 < RAM_SIZE)
            cpu->ram_page[offset / CODE_PAGE + 1] |= PAGE_HAS_CODE;
    }
    return class;
}

void cpu_look_at(struct cpu *cpu, guest_addr pc)
{
    uint32_t offset = memory_fold(pc) - RAM_BASE;

    if (pc < FLASH_SIZE)
        cpu->flash_class[pc / 2] = INSN_AGAIN;
    else if (offset < RAM_SIZE)
        cpu->ram_class[offset / 2] = INSN_AGAIN;
}

void cpu_ram_code_changed(struct cpu *cpu, uint32_t offset, uint32_t size)
{
    uint32_t first = offset / 2;
    uint32_t last = (offset + size - 1) / 2;

    if (first) /* a wide instruction may start one halfword before */
        first--;
    memset(&cpu->ram_class[first], INSN_UNKNOWN, last - first + 1);
    engine_forget(&cpu->engine, (struct byte_range){RAM_BASE + offset, size});
    engine_forget(&cpu->engine, (struct byte_range){RAM_CODE_BASE + offset, size});
}

void cpu_ram_written(void *owner, struct byte_range range)
{
    struct cpu *cpu = owner;
    uint32_t offset = range.start - RAM_BASE;
    unsigned marks = 0;

    if (!range.size)
        return;
    for (uint32_t page = offset / CODE_PAGE; page <= (offset + range.size - 1) / CODE_PAGE; page++)
        marks |= cpu->ram_page[page];
    if (marks & PAGE_HAS_CODE)
        cpu_ram_code_changed(cpu, offset, range.size);
}

bool cpu_has_executed(const struct cpu *cpu, guest_addr pc)
{
    uint32_t offset = memory_fold(pc) - RAM_BASE;

    if (pc < FLASH_SIZE)
        return cpu->flash_class[pc / 2] != INSN_UNKNOWN;
    return offset < RAM_SIZE && cpu->ram_class[offset / 2] != INSN_UNKNOWN;
}

/* Are they not all the same, and unknown? The C library compares faster than a loop. */
static bool has_executed(const uint8_t *classes, uint32_t count)
{
    return classes[0] != INSN_UNKNOWN || memcmp(classes, classes + 1, count - 1) != 0;
}

static void flash_code_changed(struct cpu *cpu, struct byte_range range)
{
    uint32_t first = range.start / 2;
    uint32_t last = (range.start + range.size - 1) / 2;

    if (first)
        first--;
    if (!has_executed(&cpu->flash_class[first], last - first + 1))
        return;
    memset(&cpu->flash_class[first], INSN_UNKNOWN, last - first + 1);
    engine_forget(&cpu->engine, range);
}

static void note_flash_edited(struct cpu *cpu, struct byte_range range)
{
    for (uint32_t page = range.start / FLASH_PAGE;
         page <= (range.start + range.size - 1) / FLASH_PAGE; page++)
        cpu->flash_edited[page / 32] |= bit32(page % 32);
}

void cpu_code_changed(struct cpu *cpu, struct byte_range range)
{
    uint32_t offset = memory_fold(range.start) - RAM_BASE;

    if (!range.size)
        return;
    if (range_covers((struct byte_range){FLASH_BASE, FLASH_SIZE}, range)) {
        note_flash_edited(cpu, range);
        flash_code_changed(cpu, range);
    } else if (offset < RAM_SIZE && range.size <= RAM_SIZE - offset) {
        cpu_ram_code_changed(cpu, offset, range.size);
    }
}

void cpu_code_is_baseline(struct cpu *cpu)
{
    for (unsigned i = 0; i < ARRAY_LENGTH(cpu->flash_edited); i++)
        cpu->flash_edited[i] &= cpu->config.memory->flash_changed[i];
}

void cpu_forget_code(struct cpu *cpu)
{
    for (uint32_t page = 0; page < CODE_PAGES; page++) {
        if (cpu->ram_page[page] & PAGE_HAS_CODE)
            cpu_ram_code_changed(cpu, page * CODE_PAGE, CODE_PAGE);
    }
    /* Pages that differ from the baseline now, or did at any time since reset. */
    for (unsigned i = 0; i < ARRAY_LENGTH(cpu->flash_edited); i++)
        cpu->flash_edited[i] |= cpu->config.memory->flash_changed[i];
    for (uint32_t page = 0; page < FLASH_PAGES; page++) {
        if (cpu->flash_edited[page / 32] >> page % 32 & 1)
            flash_code_changed(cpu, (struct byte_range){page * FLASH_PAGE, FLASH_PAGE});
    }
}
