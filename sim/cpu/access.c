/* SPDX-License-Identifier: Apache-2.0 */
/* Loads and stores: how they are made, checked and reported. */
#include "sim/cpu/internal.h"

/* ---- RAM ------------------------------------------------------------------------------------- */

static inline void put(uint8_t *bytes, unsigned size, uint64_t value)
{
    switch (size) {
    case 1:
        bytes[0] = (uint8_t)value;
        break;
    case 2:
        store_le16(bytes, (uint16_t)value);
        break;
    case 4:
        store_le32(bytes, (uint32_t)value);
        break;
    default:
        store_le(bytes, size, value);
        break;
    }
}

static void report(struct cpu *cpu, enum observation_kind kind, struct obs_access access)
{
    access.pc = cpu->trace->state.pc;
    access.exception = (uint16_t)engine_get(&cpu->engine, ENGINE_IPSR);
    trace_emit(cpu->trace, (struct observation){.kind = kind, .access = access});
    cpu_renew_interest(cpu);
}

/* A store has been made to a page that somebody cares about. */
SELDOM static void follow_store(struct cpu *cpu, uint32_t offset, unsigned size)
{
    unsigned marks =
        cpu->ram_page[offset / CODE_PAGE] | cpu->ram_page[(offset + size - 1) / CODE_PAGE];

    if (marks & PAGE_HAS_CODE)
        cpu_ram_code_changed(cpu, offset, size);
    if (marks & PAGE_WATCHED)
        cpu_tell_access(cpu, (struct byte_range){RAM_BASE + offset, size}, CPU_STORES);
}

static void write_ram(struct cpu *cpu, uint32_t offset, unsigned size, uint64_t value,
                      enum access_actor actor)
{
    uint8_t *bytes = cpu->config.memory->ram + offset;
    struct byte_range range = {RAM_BASE + offset, size};
    bool watched = UNLIKELY(ranges_overlap(cpu->trace->state.store_hull, range)) &&
                   trace_wants(cpu->trace, OBS_CPU_STORE) &&
                   trace_watches(cpu->trace, WATCH_STORES, range.start, size);
    struct obs_access access = {.address = range.start, .size = size, .actor = actor};

    if (watched)
        access.before = load_le(bytes, size);
    trace_note_store(cpu->trace, range.start, size);
    if (UNLIKELY(cpu->config.memory->ram_changed))
        memory_ram_changing(cpu->config.memory, range);
    if (UNLIKELY(cpu->config.memory->stores.depth))
        store_buffer_add(&cpu->config.memory->stores, cpu->config.memory->ram, offset, size);
    put(bytes, size, value);
    if (UNLIKELY(cpu->ram_page[offset / CODE_PAGE] ||
                 cpu->ram_page[(offset + size - 1) / CODE_PAGE]))
        follow_store(cpu, offset, size);
    if (watched) {
        access.after = load_le(bytes, size);
        report(cpu, OBS_CPU_STORE, access);
    }
    if (UNLIKELY(rtt_touched(&cpu->rtt, range.start, size)))
        rtt_drain(&cpu->rtt);
}

static void report_load(struct cpu *cpu, guest_addr address, unsigned size, enum access_actor actor)
{
    uint8_t bytes[8];

    address = memory_fold(address);
    if (!trace_wants(cpu->trace, OBS_CPU_LOAD) ||
        !trace_watches(cpu->trace, WATCH_LOADS, address, size) ||
        !memory_peek(cpu->config.memory, address, bytes, size))
        return;
    report(cpu, OBS_CPU_LOAD,
           (struct obs_access){
               .address = address, .size = size, .actor = actor, .before = load_le(bytes, size)});
}

/* ---- Stores of the program ------------------------------------------------------------------- */

/* An unaligned store comes whole and then byte by byte, within the same instruction. */
static bool is_repeat(struct cpu *cpu, guest_addr address, unsigned size)
{
    if (size == 1)
        return cpu->repeated.when == cpu->schedule->now &&
               address - cpu->repeated.address < cpu->repeated.size;
    if (UNLIKELY(address & (size - 1))) {
        cpu->repeated.when = cpu->schedule->now;
        cpu->repeated.address = address;
        cpu->repeated.size = size;
    }
    return false;
}

static bool store_elsewhere(struct cpu *cpu, guest_addr address, unsigned size, uint64_t value)
{
    const struct cpu_config *config = &cpu->config;
    bool good = config->flash_write != NULL;

    if (is_repeat(cpu, address, size))
        return true;
    for (unsigned done = 0; good && done < size; done += 4) {
        good = config->flash_write(config->flash_owner, address + done, size < 4 ? size : 4,
                                   (uint32_t)(value >> 8 * done));
    }
    return good;
}

bool cpu_store(struct cpu *cpu, guest_addr address, unsigned size, uint64_t value)
{
    uint32_t offset = address - RAM_BASE;

    if (UNLIKELY(offset >= RAM_SIZE)) {
        offset = address - RAM_CODE_BASE;
        if (offset >= RAM_SIZE)
            return store_elsewhere(cpu, address, size, value);
    }
    if (UNLIKELY(offset > RAM_SIZE - size))
        return false;
    if (is_repeat(cpu, address, size))
        return true;
    write_ram(cpu, offset, size, value, ACTOR_INSTRUCTION);
    return true;
}

/* Whether all there is to do about a store to `offset` of RAM is to note it and to make it. */
static inline bool is_plain_store(const struct cpu *cpu, uint32_t offset, unsigned size)
{
    struct byte_range range = {RAM_BASE + offset, size};

    return offset < RAM_SIZE && !(offset & (size - 1)) && !cpu->ram_page[offset / CODE_PAGE] &&
           !ranges_overlap(cpu->trace->state.store_hull, range) &&
           !rtt_touched(&cpu->rtt, range.start, size) && !cpu->config.memory->stores.depth &&
           !(size == 1 && cpu->repeated.when == cpu->schedule->now);
}

SELDOM static bool store_with_care(struct cpu *cpu, guest_addr address, unsigned size,
                                   uint64_t value)
{
    bool good = cpu_store(cpu, address, size, value);

    if (!good)
        cpu_on_fault(cpu, ENGINE_BAD_WRITE, address);
    return good;
}

bool cpu_on_store(struct uc_struct *uc, unsigned type, uint64_t address, int size, int64_t value,
                  void *owner)
{
    struct cpu *cpu = owner;
    uint32_t offset = (guest_addr)address - RAM_BASE;

    (void)uc;
    (void)type;
    if (UNLIKELY(!is_plain_store(cpu, offset, (unsigned)size)))
        return store_with_care(cpu, (guest_addr)address, (unsigned)size, (uint64_t)value);
    trace_note_store(cpu->trace, (guest_addr)address, (unsigned)size);
    put(cpu->config.memory->ram + offset, (unsigned)size, (uint64_t)value);
    return true;
}

/* ---- Accesses of the exception model --------------------------------------------------------- */

static bool negative_priority(const struct cpu *cpu)
{
    return nvic_execution_priority(&cpu->nvic, &cpu->state.masks) < 0;
}

static bool protected_from(const struct cpu *cpu, guest_addr address, bool store)
{
    struct mpu_question question = {
        .address = address, .privileged = !cpu->unprivileged, .store = store};

    if (!mpu_enabled(&cpu->mpu))
        return false;
    question.negative_priority = negative_priority(cpu);
    return !mpu_allows(&cpu->mpu, &question);
}

enum fault_id cpu_stack_word(struct cpu *cpu, guest_addr address, uint32_t value, enum fault_id bus,
                             enum fault_id protection)
{
    uint32_t offset = memory_fold(address) - RAM_BASE;

    if (protected_from(cpu, address, true))
        return protection;
    if (offset > RAM_SIZE - 4)
        return bus;
    write_ram(cpu, offset, 4, value, ACTOR_STACKING);
    return FAULT_NONE;
}

enum fault_id cpu_unstack_word(struct cpu *cpu, guest_addr address, uint32_t *value,
                               enum fault_id bus, enum fault_id protection)
{
    uint8_t bytes[4];

    if (protected_from(cpu, address, false))
        return protection;
    if (!memory_peek(cpu->config.memory, address, bytes, sizeof bytes))
        return bus;
    report_load(cpu, address, 4, ACTOR_STACKING);
    *value = load_le32(bytes);
    return FAULT_NONE;
}

/* ---- Checks before an instruction executes --------------------------------------------------- */

guest_addr cpu_effective_address(const struct cpu *cpu, guest_addr pc,
                                 const struct insn_access *access)
{
    guest_addr address =
        access->base == 15 ? (pc + 4) & ~3u : engine_get(&cpu->engine, access->base);

    if (access->index != INSN_NO_REGISTER)
        address += (access->index == 15 ? pc + 4 : engine_get(&cpu->engine, access->index))
                   << access->shift;
    return address + (uint32_t)access->offset;
}

static bool is_unaligned(const struct cpu *cpu, const struct insn_access *access,
                         guest_addr address)
{
    bool traps = access->aligned || cpu->scs.ccr & CCR_UNALIGN_TRP;

    return traps && address & (uint32_t)(access->size - 1);
}

/* Is either end of the access not allowed? */
static bool violates_mpu(const struct cpu *cpu, const struct insn_access *access,
                         guest_addr address)
{
    struct mpu_question question = {.address = address,
                                    .privileged = !cpu->unprivileged && !access->unprivileged,
                                    .store = access->store};

    if (!mpu_enabled(&cpu->mpu))
        return false;
    question.negative_priority = negative_priority(cpu);
    if (!mpu_allows(&cpu->mpu, &question))
        return true;
    question.address = address + (uint32_t)(access->size * access->count) - 1;
    return !mpu_allows(&cpu->mpu, &question);
}

/* Unprivileged code gets a bus fault from all of the private peripheral bus, except for STIR when
 * CCR.USERSETMPEND opens it (B3.2.2, B3.2.26). */
static bool is_refused_by_ppb(const struct cpu *cpu, const struct insn_access *access,
                              guest_addr address)
{
    enum { STIR = 0xe000ef00u & 0xfffff };

    if ((!cpu->unprivileged && !access->unprivileged) || address >> 20 != PPB_BASE >> 20)
        return false;
    return !((address & 0xfffff) == STIR && access->store && cpu->scs.ccr & CCR_USERSETMPEND);
}

struct found_fault cpu_check_access(const struct cpu *cpu, guest_addr pc)
{
    struct found_fault fault = {.id = FAULT_NONE, .pc = pc};
    struct insn_access access;
    uint16_t first;
    uint16_t second;

    cpu_fetch(cpu, pc, &first, &second);
    if (!insn_access(first, second, &access))
        return fault;
    fault.address = cpu_effective_address(cpu, pc, &access);
    fault.store = access.store;
    if (is_unaligned(cpu, &access, fault.address))
        fault.id = FAULT_UNALIGNED;
    else if (violates_mpu(cpu, &access, fault.address))
        fault.id = FAULT_DACCVIOL;
    else if (is_refused_by_ppb(cpu, &access, fault.address))
        fault.id = FAULT_PRECISERR;
    return fault;
}

void cpu_report_loads(struct cpu *cpu, guest_addr pc)
{
    struct insn_access access;
    uint16_t first;
    uint16_t second;
    guest_addr address;

    cpu_fetch(cpu, pc, &first, &second);
    if (!insn_access(first, second, &access) || access.store)
        return;
    address = memory_fold(cpu_effective_address(cpu, pc, &access));
    if (cpu->watches_loads)
        cpu_tell_access(cpu, (struct byte_range){address, (uint32_t)(access.size * access.count)},
                        CPU_LOADS);
    if (!ranges_overlap(cpu->trace->state.load_hull,
                        (struct byte_range){address, (uint32_t)(access.size * access.count)}))
        return;
    for (unsigned i = 0; i < access.count; i++)
        report_load(cpu, address + i * access.size, access.size, ACTOR_INSTRUCTION);
}
