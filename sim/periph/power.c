/* SPDX-License-Identifier: Apache-2.0 */
/*
 * POWER: power supply (PS v1.7, 5.3).
 *
 * Deviations:
 *   1. USBPWRRDY follows VBUS after a choice (USBREG_READY), whether or not USBD is enabled: the
 *      specification leaves it open, and drivers of both opinions run (silicon.def, USBPWRRDY).
 *   2. The USB regulator starts anew after every reset.
 *   3. System OFF has no wake-up. Whoever owns the machine is told and may end the run; when nobody
 *      wants to know, it is reported as unmodelled and the CPU goes on.
 *   4. Sleep has no events: SLEEPENTER and SLEEPEXIT are never raised.
 *   5. The supply never fails: POFWARN is never raised, POFCON is stored only.
 *   6. Current is not modelled: DCDCEN, DCDCEN0, CONSTLAT and LOWPWR have no effect.
 *   7. RAM[n].POWER is stored only: a section that is switched off keeps its content and answers.
 *   8. The debug port is always open: APPROTECT is stored only.
 */
#include "sim/periph/power.h"

#include "sim/base/bits.h"
#include "sim/periph/page_registers.h"

enum { VBUSDETECT = 1 << 0, OUTPUTRDY = 1 << 1 };

/* ---- USB supply ------------------------------------------------------------------------------ */

/* Deviation 1. */
static bool must_be_enabled(const struct power_clock *page)
{
    return page->fabric->silicon.answer[UNDOCUMENTED_USBPWRRDY] == USBPWRRDY_ENABLE;
}

static void start_regulator(struct power_clock *page)
{
    if (must_be_enabled(page) && !wire_get(page->fabric->wires, WIRE_USB_ENABLE))
        return;
    scheduler_cancel(page->fabric->scheduler, EVENT_POWER_USBREG, 0);
    scheduler_add(page->fabric->scheduler, EVENT_POWER_USBREG, 0,
                  choose(page->fabric->chooser, CHOICE_USBREG_READY, 0), 0);
}

static void usbd_enabled(void *owner, enum wire_id wire, bool level)
{
    struct power_clock *page = owner;

    (void)wire;
    if (level && must_be_enabled(page) &&
        regfile_get(&page->regs, POWER_USBREGSTATUS) == VBUSDETECT)
        start_regulator(page);
}

static void vbus_appeared(struct power_clock *page)
{
    regfile_set(&page->regs, POWER_USBREGSTATUS, VBUSDETECT);
    start_regulator(page);
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
    regfile_set(&page->regs, POWER_USBREGSTATUS, VBUSDETECT | OUTPUTRDY);
    wire_set(page->fabric->wires, WIRE_USB_REGULATOR, true);
    regfile_raise(&page->regs, POWER_EVENTS_USBPWRRDY);
}

/* ---- System OFF and RAM power ---------------------------------------------------------------- */

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

static uint32_t ram_power(unsigned block)
{
    return POWER_RAM_POWER + (uint32_t)block * POWER_RAM_POWER_STRIDE;
}

void power_ram_powerset(void *owner, unsigned index, uint32_t value)
{
    struct power_clock *page = owner;
    uint32_t was = regfile_get(&page->regs, ram_power(index));

    regfile_set(&page->regs, ram_power(index), was | value);
}

void power_ram_powerclr(void *owner, unsigned index, uint32_t value)
{
    struct power_clock *page = owner;
    uint32_t was = regfile_get(&page->regs, ram_power(index));

    regfile_set(&page->regs, ram_power(index), was & ~value);
}

/* ---- Life ------------------------------------------------------------------------------------ */

void power_init(struct power_clock *page)
{
    scheduler_handle(page->fabric->scheduler, EVENT_POWER_VBUS, look_at_vbus, page);
    scheduler_handle(page->fabric->scheduler, EVENT_POWER_USBREG, regulator_is_stable, page);
    wire_connect(page->fabric->wires, WIRE_VBUS, vbus_changed, page);
    wire_connect(page->fabric->wires, WIRE_USB_ENABLE, usbd_enabled, page);
}

struct power_retained power_before_reset(struct power_clock *page, enum reset_kind kind)
{
    struct power_retained retained = {0};

    scheduler_cancel(page->fabric->scheduler, EVENT_POWER_USBREG, 0);
    wire_set(page->fabric->wires, WIRE_USB_REGULATOR, false); /* deviation 2 */
    if (kind != RESET_POWER_ON)
        retained.resetreas = regfile_get(&page->regs, POWER_RESETREAS) | kind;
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
    look_at_vbus_soon(page);
}
