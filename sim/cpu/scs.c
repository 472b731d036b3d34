/* SPDX-License-Identifier: Apache-2.0 */
/*
 * System control space: NVIC, SCB, FPU and debug registers (Armv7-M B3.2, B3.4).
 *
 * Deviations:
 *   1. There is no debugger: DHCSR reads as zero, DFSR and AFSR too.
 *   2. AIRCR.VECTCLRACTIVE, reserved for debug, is ignored.
 *   3. ACTLR is stored and has no effect.
 */
#include "sim/cpu/internal.h"

#include <stdio.h>

enum {
    ICTR = 0x004,
    ACTLR = 0x008,
    SYST_FIRST = 0x010,
    SYST_LAST = 0x01c,
    ISER = 0x100,
    ICER = 0x180,
    ISPR = 0x200,
    ICPR = 0x280,
    IABR = 0x300,
    IPR = 0x400,
    IPR_END = IPR + IRQ_LINES,
    IPR_LAST = 0x5ec, /* of the 496 lines a core may have */
    CPUID = 0xd00,
    ICSR = 0xd04,
    VTOR = 0xd08,
    AIRCR = 0xd0c,
    SCR = 0xd10,
    CCR = 0xd14,
    SHPR1 = 0xd18,
    SHPR3 = 0xd20,
    SHCSR = 0xd24,
    CFSR = 0xd28,
    HFSR = 0xd2c,
    DFSR = 0xd30,
    MMFAR = 0xd34,
    BFAR = 0xd38,
    AFSR = 0xd3c,
    ID_FIRST = 0xd40,
    ID_LAST = 0xd70,
    CPACR = 0xd88,
    MPU_FIRST = 0xd90,
    MPU_LAST = 0xdb8,
    DHCSR = 0xdf0,
    DEMCR = 0xdfc,
    STIR = 0xf00,
    FPCCR = 0xf34,
    FPCAR = 0xf38,
    FPDSCR = 0xf3c,
    MVFR0 = 0xf40,
    MVFR1 = 0xf44,

    ICSR_PENDSTCLR = 1 << 25,
    ICSR_PENDSTSET = 1 << 26,
    ICSR_PENDSVCLR = 1 << 27,
    ICSR_PENDSVSET = 1 << 28,
    AIRCR_VECTRESET = 1 << 0,
    AIRCR_SYSRESETREQ = 1 << 2,
    AIRCR_KEY = 0x05fa,
    AIRCR_KEY_READ = 0xfa05,
    CCR_WRITABLE = CCR_NONBASETHRDENA | CCR_USERSETMPEND | CCR_UNALIGN_TRP | CCR_DIV_0_TRP |
                   CCR_BFHFNMIGN | CCR_STKALIGN,
    SCR_WRITABLE = 0x16,
    CPACR_WRITABLE = 0xf << 20,
    FPDSCR_WRITABLE = 0x07c00000,
    DEMCR_TRCENA = 1 << 24,
};
#define CPUID_CORTEX_M4 0x410fc241u
#define ICSR_NMIPENDSET 0x80000000u
#define DEMCR_WRITABLE 0x010f07f1u

/* SHCSR: the exception each bit belongs to. */
static const struct {
    uint8_t bit;
    uint8_t exception;
} active_bits[] = {{0, EXC_MEMMANAGE}, {1, EXC_BUSFAULT}, {3, EXC_USAGEFAULT}, {7, EXC_SVCALL},
                   {8, EXC_DEBUGMON},  {10, EXC_PENDSV},  {11, EXC_SYSTICK}},
  pending_bits[] = {{12, EXC_USAGEFAULT},
                    {13, EXC_MEMMANAGE},
                    {14, EXC_BUSFAULT},
                    {15, EXC_SVCALL}},
  enable_bits[] = {{16, EXC_MEMMANAGE}, {17, EXC_BUSFAULT}, {18, EXC_USAGEFAULT}};

/* ---- Helpers --------------------------------------------------------------------------------- */

static uint64_t with_bit(uint64_t set, unsigned bit, bool value)
{
    uint64_t mask = (uint64_t)1 << bit;

    return value ? set | mask : set & ~mask;
}

/* Interrupts 32 * word and up, as NVIC registers show them, of a set of exceptions. */
static uint32_t irq_word(uint64_t exceptions, uint32_t offset)
{
    return (uint32_t)(exceptions >> EXC_IRQ >> 8 * (offset & 4));
}

static uint64_t irq_set(uint32_t value, uint32_t offset)
{
    return (uint64_t)value << EXC_IRQ << 8 * (offset & 4);
}

static sim_time now(const struct cpu *cpu)
{
    return cpu->schedule->now;
}

/* ---- Reading --------------------------------------------------------------------------------- */

static uint32_t read_icsr(const struct cpu *cpu)
{
    uint64_t pending = nvic_pending(&cpu->nvic);
    uint32_t value = engine_get(&cpu->engine, ENGINE_IPSR) | nvic_next(&cpu->nvic) << 12;

    value |= __builtin_popcountll(cpu->nvic.active) <= 1 ? 1u << 11 : 0u;
    value |= pending >> EXC_IRQ ? 1u << 22 : 0u;
    value |= pending >> EXC_SYSTICK & 1 ? (uint32_t)ICSR_PENDSTSET : 0u;
    value |= pending >> EXC_PENDSV & 1 ? (uint32_t)ICSR_PENDSVSET : 0u;
    value |= pending >> EXC_NMI & 1 ? ICSR_NMIPENDSET : 0u;
    return value;
}

static uint32_t read_shcsr(const struct cpu *cpu)
{
    uint32_t value = 0;

    for (unsigned i = 0; i < ARRAY_LENGTH(active_bits); i++)
        value |= (uint32_t)(cpu->nvic.active >> active_bits[i].exception & 1) << active_bits[i].bit;
    for (unsigned i = 0; i < ARRAY_LENGTH(pending_bits); i++)
        value |= (uint32_t)(cpu->nvic.latched >> pending_bits[i].exception & 1)
                 << pending_bits[i].bit;
    for (unsigned i = 0; i < ARRAY_LENGTH(enable_bits); i++)
        value |= (uint32_t)(cpu->nvic.enabled >> enable_bits[i].exception & 1)
                 << enable_bits[i].bit;
    return value;
}

static uint32_t read_identification(uint32_t offset)
{
    static const uint32_t values[] = {
        0x00000030, 0x00000200, 0x00100000, 0x00000000, 0x00100030, 0x00000000, 0x01000000,
        0x00000000, 0x01101110, 0x02112000, 0x21232231, 0x01111131, 0x01310102,
    };

    return values[(offset - ID_FIRST) / 4];
}

/* NVIC registers of lines that this core has not: they read as 0 and ignore writes (B3.4.3). */
static bool is_of_absent_lines(uint32_t offset)
{
    if (offset >= IPR_END && offset <= IPR_LAST)
        return true;
    return offset >= ISER && offset < IABR + 0x40 && offset % 0x80 >= 8 && offset % 0x80 < 0x40;
}

static bool read_nvic(const struct cpu *cpu, uint32_t offset, uint32_t *value)
{
    const struct nvic *nvic = &cpu->nvic;

    if (is_of_absent_lines(offset)) {
        *value = 0;
        return true;
    }

    if (offset >= IPR && offset < IPR_END) {
        *value = load_le32(&nvic->priority[EXC_IRQ + offset - IPR]);
        return true;
    }
    switch (offset & ~4u) {
    case ISER:
    case ICER:
        *value = irq_word(nvic->enabled, offset);
        return true;
    case ISPR:
    case ICPR:
        *value = irq_word(nvic_pending(nvic), offset);
        return true;
    case IABR:
        *value = irq_word(nvic->active, offset);
        return true;
    default:
        return false;
    }
}

static bool read_fixed(uint32_t offset, uint32_t *value)
{
    switch (offset) {
    case ICTR:
        *value = 1; /* 33 to 64 interrupt lines */
        return true;
    case CPUID:
        *value = CPUID_CORTEX_M4;
        return true;
    case DFSR:
    case AFSR:
    case DHCSR:
    case STIR:
        *value = 0;
        return true;
    case MVFR0:
        *value = 0x10110021;
        return true;
    case MVFR1:
        *value = 0x11000011;
        return true;
    default:
        if (offset < ID_FIRST || offset > ID_LAST)
            return false;
        *value = read_identification(offset);
        return true;
    }
}

static bool read_word(const struct cpu *cpu, uint32_t offset, uint32_t *value)
{
    const struct scs *scs = &cpu->scs;

    switch (offset) {
    case ACTLR:
        *value = scs->actlr;
        return true;
    case ICSR:
        *value = read_icsr(cpu);
        return true;
    case VTOR:
        *value = scs->vtor;
        return true;
    case AIRCR:
        *value = (uint32_t)AIRCR_KEY_READ << 16 | cpu->nvic.group << 8;
        return true;
    case SCR:
        *value = scs->scr;
        return true;
    case CCR:
        *value = scs->ccr;
        return true;
    case SHPR1:
    case SHPR1 + 4:
    case SHPR3:
        *value = load_le32(&cpu->nvic.priority[4 + offset - SHPR1]);
        return true;
    case SHCSR:
        *value = read_shcsr(cpu);
        return true;
    case CFSR:
        *value = scs->cfsr;
        return true;
    case HFSR:
        *value = scs->hfsr;
        return true;
    case MMFAR:
        *value = scs->mmfar;
        return true;
    case BFAR:
        *value = scs->bfar;
        return true;
    case CPACR:
        *value = scs->cpacr;
        return true;
    case DEMCR:
        *value = scs->demcr;
        return true;
    case FPCCR:
        *value = scs->fpccr;
        return true;
    case FPCAR:
        *value = scs->fpcar;
        return true;
    case FPDSCR:
        *value = scs->fpdscr;
        return true;
    default:
        if (offset >= SYST_FIRST && offset <= SYST_LAST)
            *value = systick_peek(&cpu->systick, cpu->config.scheduler, offset);
        else if (offset >= MPU_FIRST && offset <= MPU_LAST)
            *value = mpu_read(&cpu->mpu, offset);
        else
            return read_nvic(cpu, offset, value) || read_fixed(offset, value);
        return true;
    }
}

/* ---- Writing --------------------------------------------------------------------------------- */

static void write_icsr(struct cpu *cpu, uint32_t value)
{
    if (value & ICSR_NMIPENDSET)
        cpu_pend(cpu, EXC_NMI);
    if (value & ICSR_PENDSVSET)
        cpu_pend(cpu, EXC_PENDSV);
    if (value & ICSR_PENDSVCLR)
        nvic_unpend(&cpu->nvic, EXC_PENDSV);
    if (value & ICSR_PENDSTSET)
        cpu_pend(cpu, EXC_SYSTICK);
    if (value & ICSR_PENDSTCLR)
        nvic_unpend(&cpu->nvic, EXC_SYSTICK);
}

static void write_aircr(struct cpu *cpu, uint32_t value)
{
    if (value >> 16 != AIRCR_KEY)
        return;
    cpu->nvic.group = extract32(value, 8, 3);
    if (value & AIRCR_SYSRESETREQ)
        wire_set(cpu->config.wires, WIRE_RESET_REQUEST, true);
    if (value & AIRCR_VECTRESET)
        cpu->vector_reset = true;
}

static void write_shcsr(struct cpu *cpu, uint32_t value)
{
    struct nvic *nvic = &cpu->nvic;

    for (unsigned i = 0; i < ARRAY_LENGTH(active_bits); i++)
        nvic->active =
            with_bit(nvic->active, active_bits[i].exception, value >> active_bits[i].bit & 1);
    for (unsigned i = 0; i < ARRAY_LENGTH(pending_bits); i++)
        nvic->latched =
            with_bit(nvic->latched, pending_bits[i].exception, value >> pending_bits[i].bit & 1);
    for (unsigned i = 0; i < ARRAY_LENGTH(enable_bits); i++)
        nvic->enabled =
            with_bit(nvic->enabled, enable_bits[i].exception, value >> enable_bits[i].bit & 1);
}

static void write_priorities(struct nvic *nvic, unsigned exception, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        nvic->priority[exception + i] = (uint8_t)(value >> 8 * i & PRIORITY_BITS);
    /* 7 to 10 and 13 are reserved, 12 is the debug monitor's. */
    for (unsigned reserved = 7; reserved <= 10; reserved++)
        nvic->priority[reserved] = 0;
    nvic->priority[13] = 0;
}

static void pend_irqs(struct cpu *cpu, uint64_t irqs)
{
    for (uint64_t left = irqs; left; left &= left - 1)
        cpu_pend(cpu, (unsigned)__builtin_ctzll(left));
}

static bool write_nvic(struct cpu *cpu, uint32_t offset, uint32_t value, uint32_t lanes)
{
    struct nvic *nvic = &cpu->nvic;
    uint64_t irqs = irq_set(value & lanes, offset);

    if (is_of_absent_lines(offset))
        return true;
    if (offset >= IPR && offset < IPR_END) {
        write_priorities(nvic, EXC_IRQ + offset - IPR, value);
        return true;
    }
    switch (offset & ~4u) {
    case ISER:
        nvic->enabled |= irqs;
        return true;
    case ICER:
        nvic->enabled &= ~irqs;
        return true;
    case ISPR:
        pend_irqs(cpu, irqs);
        return true;
    case ICPR:
        nvic->latched &= ~irqs;
        return true;
    default:
        return (offset & ~4u) == IABR;
    }
}

static void write_demcr(struct cpu *cpu, uint32_t value)
{
    dwt_settle(&cpu->dwt, now(cpu), cpu->scs.demcr & DEMCR_TRCENA);
    cpu->scs.demcr = value & DEMCR_WRITABLE;
}

static void write_stir(struct cpu *cpu, uint32_t value)
{
    if ((value & 0x1ff) < IRQ_LINES)
        cpu_pend(cpu, EXC_IRQ + (value & 0x1ff));
}

/* False: not a register that keeps what is written, or none at all. */
static bool write_stored(struct scs *scs, uint32_t offset, uint32_t value)
{
    switch (offset) {
    case ACTLR:
        scs->actlr = value;
        return true;
    case VTOR:
        scs->vtor = value & ~0x7fu;
        return true;
    case SCR:
        scs->scr = value & SCR_WRITABLE;
        return true;
    case CCR:
        scs->ccr = value & CCR_WRITABLE;
        return true;
    case MMFAR:
        scs->mmfar = value;
        return true;
    case BFAR:
        scs->bfar = value;
        return true;
    case CPACR:
        scs->cpacr = value & CPACR_WRITABLE;
        return true;
    case FPCCR:
        scs->fpccr = value & (FPCCR_ASPEN | FPCCR_LSPEN | 0x17b);
        return true;
    case FPCAR:
        scs->fpcar = value & ~7u;
        return true;
    case FPDSCR:
        scs->fpdscr = value & FPDSCR_WRITABLE;
        return true;
    default:
        return false;
    }
}

/* `lanes`: the bytes that are written; write-one-to-clear registers must not see the others. */
static bool write_word(struct cpu *cpu, uint32_t offset, uint32_t value, uint32_t lanes)
{
    uint32_t ignored;

    switch (offset) {
    case ICSR:
        write_icsr(cpu, value);
        return true;
    case AIRCR:
        write_aircr(cpu, value);
        return true;
    case SHPR1:
    case SHPR1 + 4:
    case SHPR3:
        write_priorities(&cpu->nvic, 4 + offset - SHPR1, value);
        return true;
    case SHCSR:
        write_shcsr(cpu, value);
        return true;
    case CFSR:
        cpu->scs.cfsr &= ~(value & lanes);
        return true;
    case HFSR:
        cpu->scs.hfsr &= ~(value & lanes);
        return true;
    case DEMCR:
        write_demcr(cpu, value);
        return true;
    case STIR:
        write_stir(cpu, value);
        return true;
    default:
        if (offset >= SYST_FIRST && offset <= SYST_LAST)
            systick_write(&cpu->systick, cpu->config.scheduler, offset, value);
        else if (offset >= MPU_FIRST && offset <= MPU_LAST)
            mpu_write(&cpu->mpu, offset, value);
        else
            return write_stored(&cpu->scs, offset, value) ||
                   write_nvic(cpu, offset, value, lanes) ||
                   read_fixed(offset, &ignored); /* read-only ones take writes in silence */
        return true;
    }
}

/* ---- On the bus ------------------------------------------------------------------------------ */

/* What a load of `size` bytes at `offset` gets of the register's `word` there. */
static uint32_t part_of_word(uint32_t word, uint32_t offset, unsigned size)
{
    return extract32(word, 8 * (offset & 3), 8 * size);
}

static bool scs_peek(void *owner, uint32_t offset, unsigned size, uint32_t *value)
{
    uint32_t word;

    if (!read_word(owner, offset & ~3u, &word))
        return false;
    *value = part_of_word(word, offset, size);
    return true;
}

static bool scs_read(void *owner, uint32_t offset, unsigned size, uint32_t *value)
{
    struct cpu *cpu = owner;
    bool known = scs_peek(owner, offset, size, value);

    if (known && offset >= SYST_FIRST && offset <= SYST_LAST) /* reading clears COUNTFLAG */
        (void)systick_read(&cpu->systick, cpu->config.scheduler, offset & ~3u);
    return known;
}

/* A part of a register is written with the rest as it reads, which changes nothing there. */
static bool scs_write(void *owner, uint32_t offset, unsigned size, uint32_t value)
{
    struct cpu *cpu = owner;
    unsigned shift = 8 * (offset & 3);
    uint32_t lanes = mask32(8 * size) << shift;
    uint32_t word = 0;
    bool known;

    if (size != 4)
        (void)read_word(cpu, offset & ~3u, &word);
    known = write_word(cpu, offset & ~3u, (word & ~lanes) | (value << shift & lanes), lanes);
    /* Priorities, enables and masks may have changed. */
    scheduler_alert(cpu->config.scheduler);
    return known;
}

static bool scs_name(void *owner, uint32_t offset, char *name, size_t room)
{
    static const struct {
        const char *name;
        uint32_t offset;
        uint32_t count;
    } names[] = {
#define SCS(name, offset, count) {#name, offset, count},
#include "sim/cpu/scs.def"
#undef SCS
    };

    (void)owner;
    for (unsigned i = 0; i < ARRAY_LENGTH(names); i++) {
        uint32_t at = offset - names[i].offset;

        if (at >= 4 * names[i].count)
            continue;
        if (names[i].count == 1)
            (void)snprintf(name, room, "%s", names[i].name);
        else
            (void)snprintf(name, room, "%s[%u]", names[i].name, at / 4);
        return true;
    }
    return false;
}

static const struct bus_ops scs_ops = {
    .read = scs_read, .write = scs_write, .peek = scs_peek, .name = scs_name};

static bool dwt_bus_read(void *owner, uint32_t offset, unsigned size, uint32_t *value)
{
    struct cpu *cpu = owner;
    uint32_t word;
    bool known = dwt_read(&cpu->dwt, now(cpu), cpu->scs.demcr & DEMCR_TRCENA, offset & ~3u, &word);

    *value = part_of_word(word, offset, size);
    return known;
}

static bool dwt_bus_write(void *owner, uint32_t offset, unsigned size, uint32_t value)
{
    struct cpu *cpu = owner;

    return size == 4 &&
           dwt_write(&cpu->dwt, now(cpu), cpu->scs.demcr & DEMCR_TRCENA, offset, value);
}

static bool dwt_name(void *owner, uint32_t offset, char *name, size_t room)
{
    (void)owner;
    if (offset > 4)
        return false;
    (void)snprintf(name, room, "%s", offset ? "CYCCNT" : "CTRL");
    return true;
}

static const struct bus_ops dwt_ops = {
    .read = dwt_bus_read, .write = dwt_bus_write, .peek = dwt_bus_read, .name = dwt_name};

static bool itm_bus_read(void *owner, uint32_t offset, unsigned size, uint32_t *value)
{
    const struct cpu *cpu = owner;
    uint32_t word;
    bool known = itm_read(&cpu->itm, offset & ~3u, &word);

    *value = part_of_word(word, offset, size);
    return known;
}

static bool itm_bus_write(void *owner, uint32_t offset, unsigned size, uint32_t value)
{
    struct cpu *cpu = owner;

    return itm_write(&cpu->itm, cpu->trace, cpu->scs.demcr & DEMCR_TRCENA, offset, size, value);
}

static const struct bus_ops itm_ops = {
    .read = itm_bus_read, .write = itm_bus_write, .peek = itm_bus_read};

static bool tpiu_bus_read(void *owner, uint32_t offset, unsigned size, uint32_t *value)
{
    const struct cpu *cpu = owner;
    uint32_t word;
    bool known = tpiu_read(&cpu->itm, offset & ~3u, &word);

    *value = part_of_word(word, offset, size);
    return known;
}

static bool tpiu_bus_write(void *owner, uint32_t offset, unsigned size, uint32_t value)
{
    struct cpu *cpu = owner;

    return size == 4 && tpiu_write(&cpu->itm, offset, value);
}

static const struct bus_ops tpiu_ops = {
    .read = tpiu_bus_read, .write = tpiu_bus_write, .peek = tpiu_bus_read};

void scs_claim(struct cpu *cpu)
{
    struct bus *bus = cpu->config.bus;

    bus_name_unmodelled(bus, (struct byte_range){0xe0002000, 0x1000}, "FPB");
    bus_name_unmodelled(bus, (struct byte_range){0xe0041000, 0x1000}, "ETM");
    bus_claim(bus, (struct byte_range){0xe0000000, 0x1000}, "ITM", &itm_ops, cpu);
    bus_claim(bus, (struct byte_range){0xe0001000, 0x1000}, "DWT", &dwt_ops, cpu);
    bus_claim(bus, (struct byte_range){0xe0040000, 0x1000}, "TPIU", &tpiu_ops, cpu);
    bus_claim(bus, (struct byte_range){0xe000e000, 0x1000}, "SCS", &scs_ops, cpu);
}

void scs_reset(struct cpu *cpu)
{
    cpu->scs = (struct scs){.ccr = CCR_STKALIGN, .fpccr = FPCCR_ASPEN | FPCCR_LSPEN};
}
