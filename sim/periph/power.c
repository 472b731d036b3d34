/* SPDX-License-Identifier: Apache-2.0 */
/*
 * POWER: power supply (PS v1.7, 5.3).
 *
 * Deviations:
 *   1. USBPWRRDY follows VBUS and ENABLE of USBD after a choice (USBREG_READY). The specification
 *      leaves it open whether it needs ENABLE: a driver that waits for it before gets it 100 ms
 *      after it asked first, for the event or USBREGSTATUS, if it still does (silicon.def,
 *      USBPWRRDY).
 *   2. The USB regulator starts anew after every reset.
 *   3. Whoever owns the machine is told of System OFF; when nobody wants to know, it is reported as
 *      unmodelled and the CPU goes on. There is no emulated System OFF for debugging.
 *   4. A wake-up takes no time.
 *   5. Below the threshold of POFCON nothing else is affected: NVMC writes all the same, there is
 * no brown-out reset. THRESHOLDVDDH is stored only: the supply is on VDD.
 *   6. Current is not modelled: DCDCEN, DCDCEN0, CONSTLAT and LOWPWR have no effect.
 *   7. A section of RAM loses its content when it is switched off, and in System OFF without
 *      retention, to what never-written RAM holds. Switched off, it answers all the same.
 *   8. The debug port is always open: APPROTECT is stored only.
 */
#include "sim/periph/power.h"

#include "sim/base/bits.h"
#include "sim/mem/map.h"
#include "sim/periph/page_registers.h"

enum { VBUSDETECT = 1 << 0, OUTPUTRDY = 1 << 1, INTEN_USBPWRRDY = 1 << 9 };
enum { SUPPLY = 3300 };
enum { PATIENCE = 100 * CYCLES_PER_MS, FORGOTTEN = 50 * CYCLES_PER_MS };

/* ---- USB supply ------------------------------------------------------------------------------ */

static void regulator_is_stable_in(struct power_clock *page, sim_time delay)
{
    scheduler_cancel(page->fabric->scheduler, EVENT_POWER_USBREG, 0);
    scheduler_add(page->fabric->scheduler, EVENT_POWER_USBREG, 0, delay, 0);
}

static void start_regulator(struct power_clock *page)
{
    bool enabled = wire_get(page->fabric->wires, WIRE_USB_ENABLE);
    uint8_t answer = page->fabric->silicon.answer[UNDOCUMENTED_USBPWRRDY];

    if (enabled || answer == USBPWRRDY_NOTHING)
        regulator_is_stable_in(page, choose(page->fabric->chooser, CHOICE_USBREG_READY, 0));
}

/* Deviation 1. Drivers in the field hang if OUTPUTRDY is set before they write ENABLE, however late
 * that is; others wait for it before they do. */
static void somebody_waits(struct power_clock *page)
{
    struct scheduler *scheduler = page->fabric->scheduler;
    bool starting = scheduler_when(scheduler, EVENT_POWER_USBREG, 0) != SIM_TIME_NEVER;

    page->asked = scheduler->state.now;
    if (page->fabric->silicon.answer[UNDOCUMENTED_USBPWRRDY] == USBPWRRDY_PATIENCE && !starting &&
        regfile_get(&page->regs, POWER_USBREGSTATUS) == VBUSDETECT)
        regulator_is_stable_in(page, PATIENCE);
}

/* Who looked once, a boot loader perhaps, does not wait. */
static bool nobody_waits(const struct power_clock *page)
{
    return page->fabric->silicon.answer[UNDOCUMENTED_USBPWRRDY] == USBPWRRDY_PATIENCE &&
           !wire_get(page->fabric->wires, WIRE_USB_ENABLE) &&
           !(regfile_get(&page->regs, CLOCK_INTENSET) & INTEN_USBPWRRDY) &&
           page->fabric->scheduler->state.now - page->asked > FORGOTTEN;
}

uint32_t power_usbregstatus(void *owner, unsigned index)
{
    struct power_clock *page = owner;

    (void)index;
    somebody_waits(page);
    return regfile_get(&page->regs, POWER_USBREGSTATUS);
}

uint32_t power_usbpwrrdy(void *owner, unsigned index)
{
    struct power_clock *page = owner;

    (void)index;
    somebody_waits(page);
    return regfile_get(&page->regs, POWER_EVENTS_USBPWRRDY);
}

void power_intenset(void *owner, unsigned index, uint32_t value)
{
    (void)index;
    if (value & INTEN_USBPWRRDY)
        somebody_waits(owner);
}

static void usbd_enabled(void *owner, enum wire_id wire, bool level)
{
    struct power_clock *page = owner;

    (void)wire;
    if (level && page->fabric->silicon.answer[UNDOCUMENTED_USBPWRRDY] != USBPWRRDY_NOTHING &&
        regfile_get(&page->regs, POWER_USBREGSTATUS) == VBUSDETECT)
        start_regulator(page);
}

static void vbus_appeared(struct power_clock *page)
{
    regfile_set(&page->regs, POWER_USBREGSTATUS, VBUSDETECT);
    start_regulator(page);
    power_intenset(page, 0, regfile_get(&page->regs, CLOCK_INTENSET));
    regfile_raise(&page->regs, POWER_EVENTS_USBDETECTED);
}

static void vbus_vanished(struct power_clock *page)
{
    scheduler_cancel(page->fabric->scheduler, EVENT_POWER_USBREG, 0);
    regfile_set(&page->regs, POWER_USBREGSTATUS, 0);
    wire_set(page->fabric->wires, WIRE_USB_REGULATOR, false);
    regfile_raise(&page->regs, POWER_EVENTS_USBREMOVED);
}

/* The detector compares the connector with what it last said. */
static void look_at_vbus(void *owner, const struct event *event)
{
    struct power_clock *page = owner;
    bool there = wire_get(page->fabric->wires, WIRE_VBUS);
    bool known = regfile_get(&page->regs, POWER_USBREGSTATUS) & VBUSDETECT;

    (void)event;
    if (there && !known)
        vbus_appeared(page);
    else if (!there && known)
        vbus_vanished(page);
}

/* Through the queue, so that it makes no difference whether VBUS or the end of reset came first. */
static void look_at_vbus_soon(struct power_clock *page)
{
    scheduler_cancel(page->fabric->scheduler, EVENT_POWER_VBUS, 0);
    scheduler_add(page->fabric->scheduler, EVENT_POWER_VBUS, 0, 0, 0);
}

static void vbus_changed(void *owner, enum wire_id wire, bool level)
{
    (void)wire, (void)level;
    look_at_vbus_soon(owner);
}

static void regulator_is_stable(void *owner, const struct event *event)
{
    struct power_clock *page = owner;

    (void)event;
    if (nobody_waits(page))
        return;
    regfile_set(&page->regs, POWER_USBREGSTATUS, VBUSDETECT | OUTPUTRDY);
    wire_set(page->fabric->wires, WIRE_USB_REGULATOR, true);
    regfile_raise(&page->regs, POWER_EVENTS_USBPWRRDY);
}

/* ---- System OFF ------------------------------------------------------------------------------ */

static void report_no_system_off(struct power_clock *page)
{
    struct trace *trace = page->fabric->trace;

    trace_emit(trace, (struct observation){
                          .kind = OBS_UNMODELLED,
                          .unmodelled = {.pc = trace->state.pc,
                                         .address = page->regs.spec->base + POWER_SYSTEMOFF,
                                         .size = 4,
                                         .write = true,
                                         .value = 1,
                                         .block = page->regs.spec->name}});
}

void power_systemoff(void *owner, unsigned index, uint32_t value)
{
    struct power_clock *page = owner;

    (void)index;
    if (!(value & 1))
        return;
    if (page->system_off)
        page->system_off(page->system_off_owner);
    else
        report_no_system_off(page);
}

/* ---- Supply ---------------------------------------------------------------------------------- */

/* POFCON.THRESHOLD: 4 is 1.7 V, each further step 0.1 V more. */
static uint32_t threshold_millivolts(uint32_t pofcon)
{
    uint32_t step = extract32(pofcon, POWER_POFCON_THRESHOLD_LSB, POWER_POFCON_THRESHOLD_WIDTH);

    return 1300 + 100 * step;
}

static void compare_supply(struct power_clock *page)
{
    uint32_t pofcon = regfile_get(&page->regs, POWER_POFCON);
    bool below = (pofcon & 1) && page->supply.millivolts < threshold_millivolts(pofcon);
    bool was = page->supply.warned;

    page->supply.warned = below;
    if (below && !was)
        regfile_raise(&page->regs, POWER_EVENTS_POFWARN);
}

void power_set_supply(struct power_clock *page, unsigned millivolts)
{
    page->supply.millivolts = millivolts;
    compare_supply(page);
}

void power_pofcon(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    compare_supply(owner);
}

static void sleep_changed(void *owner, enum wire_id wire, bool asleep)
{
    struct power_clock *page = owner;

    (void)wire;
    regfile_raise(&page->regs, asleep ? POWER_EVENTS_SLEEPENTER : POWER_EVENTS_SLEEPEXIT);
}

/* ---- RAM power ------------------------------------------------------------------------------- */

/* Blocks 0..7 have two sections of 4 KiB each, block 8 has six of 32 KiB (PS v1.7, 4.2). */
enum { LARGE_BLOCK = 8, SECTIONS = 2, LARGE_SECTIONS = 6 };

static unsigned sections(unsigned block)
{
    return block == LARGE_BLOCK ? LARGE_SECTIONS : SECTIONS;
}

static struct byte_range section_range(unsigned block, unsigned section)
{
    uint32_t size = block == LARGE_BLOCK ? 0x8000 : 0x1000;
    uint32_t start = block * SECTIONS * 0x1000u + section * size;

    return (struct byte_range){RAM_BASE + start, size};
}

/* Of the sections whose bit is set. */
static void lose_content(struct power_clock *page, unsigned block, uint32_t lost)
{
    for (unsigned section = 0; section < sections(block); section++) {
        if (lost & bit32(section))
            memory_lose(page->fabric->memory, section_range(block, section));
    }
}

static uint32_t ram_power(unsigned block)
{
    return POWER_RAM_POWER + (uint32_t)block * POWER_RAM_POWER_STRIDE;
}

static void set_ram_power(struct power_clock *page, unsigned block, uint32_t power)
{
    regfile_set(&page->regs, ram_power(block), power);
    lose_content(page, block, page->ram_on[block] & ~power);
    page->ram_on[block] = power;
}

void power_ram_power(void *owner, unsigned index, uint32_t value)
{
    set_ram_power(owner, index, value);
}

void power_ram_powerset(void *owner, unsigned index, uint32_t value)
{
    struct power_clock *page = owner;

    set_ram_power(page, index, page->ram_on[index] | value);
}

void power_ram_powerclr(void *owner, unsigned index, uint32_t value)
{
    struct power_clock *page = owner;

    set_ram_power(page, index, page->ram_on[index] & ~value);
}

static void note_ram_power(struct power_clock *page)
{
    for (unsigned block = 0; block < RAM_BLOCKS; block++)
        page->ram_on[block] = regfile_get(&page->regs, ram_power(block));
}

/* What RETENTION does not keep through System OFF. */
static void lose_unretained(struct power_clock *page)
{
    for (unsigned block = 0; block < RAM_BLOCKS; block++)
        lose_content(page, block, ~(page->ram_on[block] >> POWER_RAM_POWER_RETENTION_LSB));
}

/* ---- Life ------------------------------------------------------------------------------------ */

void power_init(struct power_clock *page)
{
    scheduler_handle(page->fabric->scheduler, EVENT_POWER_VBUS, look_at_vbus, page);
    scheduler_handle(page->fabric->scheduler, EVENT_POWER_USBREG, regulator_is_stable, page);
    wire_connect(page->fabric->wires, WIRE_VBUS, vbus_changed, page);
    wire_connect(page->fabric->wires, WIRE_CPU_ASLEEP, sleep_changed, page);
    state_register(page->fabric->state, "supply", &page->supply, sizeof page->supply);
    state_register(page->fabric->state, "USB supply", &page->asked, sizeof page->asked);
    state_mark_clock(page->fabric->state, &page->asked, sizeof page->asked);
    state_register(page->fabric->state, "RAM power", page->ram_on, sizeof page->ram_on);
    page->supply.millivolts = SUPPLY;
    note_ram_power(page);
    wire_connect(page->fabric->wires, WIRE_USB_ENABLE, usbd_enabled, page);
}

struct power_retained power_before_reset(struct power_clock *page, enum reset_kind kind)
{
    struct power_retained retained = {0};

    scheduler_cancel(page->fabric->scheduler, EVENT_POWER_USBREG, 0);
    wire_set(page->fabric->wires, WIRE_USB_REGULATOR, false); /* deviation 2 */
    if (kind == RESET_INTO_OFF)
        lose_unretained(page);
    if (kind != RESET_POWER_ON)
        retained.resetreas =
            regfile_get(&page->regs, POWER_RESETREAS) | (kind & ~(unsigned)RESET_INTO_OFF);
    if (reset_keeps_retained(kind)) {
        retained.gpregret = regfile_get(&page->regs, POWER_GPREGRET);
        retained.gpregret2 = regfile_get(&page->regs, POWER_GPREGRET2);
    }
    return retained;
}

void power_after_reset(struct power_clock *page, struct power_retained retained)
{
    regfile_set(&page->regs, POWER_RESETREAS, retained.resetreas);
    regfile_set(&page->regs, POWER_GPREGRET, retained.gpregret);
    regfile_set(&page->regs, POWER_GPREGRET2, retained.gpregret2);
    page->supply.warned = 0;
    page->asked = 0;
    note_ram_power(page);
    look_at_vbus_soon(page);
}
