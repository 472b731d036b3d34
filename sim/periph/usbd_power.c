/* SPDX-License-Identifier: Apache-2.0 */
/*
 * USBD: power-up, pull-up, suspend and wake-up (PS v1.7, 6.35 USBD: USBD power-up sequence, USB
 * pull-up, USB suspend and resume).
 *
 * Deviations:
 *   1. READY needs VBUS, and comes USBD_READY cycles after ENABLE or VBUS, whichever is later. It
 *      waits for neither the regulator nor the crystal. On silicon with errata 171 and 187 it
 *      waits for their workarounds too, for ever if need be.
 *   2. ENABLE reads 1 for USBD_SHUTDOWN cycles after it was written as 0; the registers of the
 *      core are gone at once. Writing 1 meanwhile starts the power-up again.
 *   3. When VBUS goes away, the bus is detached and the core stays powered until ENABLE = 0.
 *   4. LOWPOWER = 1 is obeyed at any time, not only while suspended. It does not stop EasyDMA,
 *      which the manual wants to be idle; that is reported. A resume of the host and a bus reset
 *      end low power, whatever the register says (silicon.def, LOW_POWER_END): drivers depend on
 *      it.
 *   5. USBWUALLOWED comes in the instant of LOWPOWER = 0, or when the crystal is stable after it;
 *      not when the host has resumed the bus meanwhile. With erratum 171 it waits for the
 *      workaround.
 *   6. Resume is driven 5 ms after the bus became idle, not sooner (USB 2.0, 7.1.7.7: TWTRSM),
 *      and for USBD_DRIVE cycles: the register description says 50 us or 5 ms, "depending on bus
 *      state", and not on which. K is driven at once and until DPDMNODRIVE; J is as if nobody
 *      drove. Nothing is driven unless the bus is suspended.
 *   7. While the device drives K it hears nothing. A bus reset or a detach ends the driving.
 *   8. Whether a resume that the device itself has signalled is told in EVENTCAUSE.RESUME, and
 *      silence before the first bus reset in SUSPEND, are questions (silicon.def, OWN_RESUME and
 *      IDLE_ATTACH).
 *   9. Erratum 211: without its workaround the core hears nothing, and tells no RESUME, for
 *      USBD_STAYS cycles after the host has resumed the bus. The sheet says "too long".
 */
#include "sim/periph/usbd_parts.h"

enum { DRIVE_RESUME = 1, DRIVE_K = 4 };

enum drive_timer { DRIVE_BEGINS, DRIVE_ENDS };

#define SUSPEND_AFTER (3 * CYCLES_PER_MS) /* USB 2.0, 7.1.7.6 */
#define WAKE_UP_AFTER (5 * CYCLES_PER_MS) /* 7.1.7.7: TWTRSM */

static void stop_driving(struct usbd *usbd);

bool usbd_low_power(const struct usbd *usbd)
{
    return usbd->state.power.low_power;
}

/* ---- ENABLE and READY ------------------------------------------------------------------------ */

static bool powering_up(const struct usbd *usbd)
{
    return scheduler_when(usbd->fabric->scheduler, EVENT_USBD_READY, 0) != SIM_TIME_NEVER;
}

/* Deviation 1. */
static bool may_wake_up(const struct usbd *usbd)
{
    return !usbd_has(usbd, ERRATUM_171) || wire_get(usbd->fabric->wires, WIRE_ERRATUM_171);
}

static bool may_power_up(const struct usbd *usbd)
{
    return wire_get(usbd->fabric->wires, WIRE_VBUS) && may_wake_up(usbd) &&
           (!usbd_has(usbd, ERRATUM_187) || wire_get(usbd->fabric->wires, WIRE_ERRATUM_187));
}

/* Starts the power-up once ENABLE, VBUS and all else is there. */
static void power_up(struct usbd *usbd)
{
    if (!usbd->state.power.enabled || usbd->state.power.ready || powering_up(usbd))
        return;
    if (may_power_up(usbd))
        scheduler_add(usbd->fabric->scheduler, EVENT_USBD_READY, 0,
                      choose(usbd->fabric->chooser, CHOICE_USBD_READY, 0), 0);
}

static void ready(void *owner, const struct event *event)
{
    struct usbd *usbd = owner;

    (void)event;
    if (!may_power_up(usbd))
        return;
    usbd->state.power.ready = true;
    usbd_add_cause(usbd, USBD_EVENTCAUSE_READY_LSB);
}

static void enable(struct usbd *usbd)
{
    scheduler_cancel(usbd->fabric->scheduler, EVENT_USBD_SHUTDOWN, 0);
    usbd->state.power.enabled = true;
    wire_set(usbd->fabric->wires, WIRE_USB_ENABLE, true);
    if (!wire_get(usbd->fabric->wires, WIRE_VBUS))
        regfile_misuse(&usbd->regs, MISUSE_NO_VBUS, USBD_ENABLE, 1);
    power_up(usbd);
}

/* ---- The pull-up ----------------------------------------------------------------------------- */

static void detach(struct usbd *usbd)
{
    usbd->state.power.connected = false;
    usbd->state.power.suspended = false;
    usbd->state.power.wake_waits = false;
    usbd->state.power.woke = false;
    usbd->state.power.deaf = false;
    scheduler_cancel(usbd->fabric->scheduler, EVENT_USBD_SUSPEND, 0);
    scheduler_cancel(usbd->fabric->scheduler, EVENT_USBD_AWAKE, 0);
    stop_driving(usbd);
}

static void update_pullup(struct usbd *usbd)
{
    struct wires *wires = usbd->fabric->wires;
    bool up = usbd->state.power.ready && wire_get(wires, WIRE_VBUS) &&
              regfile_get(&usbd->regs, USBD_USBPULLUP);

    if (!up)
        detach(usbd);
    else if (!usbd_attached(usbd) &&
             usbd_answer(usbd, UNDOCUMENTED_IDLE_ATTACH) == IDLE_ATTACH_TOLD)
        usbd_bus_idle(usbd);
    wire_set(wires, WIRE_USB_PULLUP, up);
}

bool usbd_attached(const struct usbd *usbd)
{
    return wire_get(usbd->fabric->wires, WIRE_USB_PULLUP);
}

/* Without the crystal the host gets no answer: when it asks, this is where that comes from. In low
 * power it is not needed. */
static void note_missing_clock(struct usbd *usbd)
{
    if (usbd_attached(usbd) && !usbd_low_power(usbd) && !wire_get(usbd->fabric->wires, WIRE_HFXO))
        usbd_cause(usbd, MISUSE_NO_HFXO, USBD_USBPULLUP);
}

void usbd_pullup_written(void *owner, unsigned index, uint32_t value)
{
    struct usbd *usbd = owner;

    (void)index;
    if ((value & 1) && !wire_get(usbd->fabric->wires, WIRE_VBUS))
        regfile_misuse(&usbd->regs, MISUSE_NO_VBUS, USBD_USBPULLUP, value);
    update_pullup(usbd);
    note_missing_clock(usbd);
}

/* ---- ENABLE = 0 ------------------------------------------------------------------------------ */

static void disable(struct usbd *usbd)
{
    uint32_t transfer = usbd_dma_transfer(usbd);

    if (usbd_dma_running(usbd) >= 0)
        usbd_misuse(usbd, MISUSE_DISABLED_IN_FLIGHT, USBD_ENABLE, 0, transfer);
    if (usbd_next_is_spoilt(usbd))
        usbd_misuse(usbd, MISUSE_ODD_BYTES, USBD_ENABLE, 0, 0);
    scheduler_cancel(usbd->fabric->scheduler, EVENT_USBD_READY, 0);
    usbd_core_reset(usbd);
    update_pullup(usbd);
    wire_set(usbd->fabric->wires, WIRE_USB_ENABLE, false);
    scheduler_add(usbd->fabric->scheduler, EVENT_USBD_SHUTDOWN, 0,
                  choose(usbd->fabric->chooser, CHOICE_USBD_SHUTDOWN, 0), 0);
}

static void shut_down(void *owner, const struct event *event)
{
    struct usbd *usbd = owner;

    (void)event;
    regfile_set(&usbd->regs, USBD_ENABLE, 0);
}

void usbd_enable_written(void *owner, unsigned index, uint32_t value)
{
    struct usbd *usbd = owner;
    bool wanted = value & 1;

    (void)index;
    if (wanted && !usbd->state.power.enabled)
        enable(usbd);
    else if (!wanted && usbd->state.power.enabled)
        disable(usbd);
    if (scheduler_when(usbd->fabric->scheduler, EVENT_USBD_SHUTDOWN, 0) != SIM_TIME_NEVER)
        regfile_set(&usbd->regs, USBD_ENABLE, 1);
}

/* ---- Suspend and resume ---------------------------------------------------------------------- */

void usbd_bus_idle(struct usbd *usbd)
{
    usbd->state.idle_since = usbd->fabric->scheduler->state.now;
    scheduler_cancel(usbd->fabric->scheduler, EVENT_USBD_SUSPEND, 0);
    scheduler_add(usbd->fabric->scheduler, EVENT_USBD_SUSPEND, 0, SUSPEND_AFTER, 0);
}

static void suspend(void *owner, const struct event *event)
{
    struct usbd *usbd = owner;

    (void)event;
    usbd->state.power.suspended = true;
    usbd_add_cause(usbd, USBD_EVENTCAUSE_SUSPEND_LSB);
}

static void end_suspend(struct usbd *usbd)
{
    scheduler_cancel(usbd->fabric->scheduler, EVENT_USBD_SUSPEND, 0);
    scheduler_cancel(usbd->fabric->scheduler, EVENT_USBD_AWAKE, 0);
    if (usbd_answer(usbd, UNDOCUMENTED_LOW_POWER_END) != LOW_POWER_END_NOTHING)
        usbd->state.power.low_power = false;
    usbd->state.power.deaf = false;
    usbd->state.power.wake_waits = false;
    usbd->state.power.suspended = false;
    usbd->state.power.woke = false;
}

void usbd_bus_reset(struct usbd *usbd)
{
    end_suspend(usbd);
    stop_driving(usbd);
}

static void notice_resume(struct usbd *usbd)
{
    const struct usbd_power *power = &usbd->state.power;
    bool silent = power->woke && usbd_answer(usbd, UNDOCUMENTED_OWN_RESUME) != OWN_RESUME_TOLD;
    bool told = power->suspended && !silent;

    end_suspend(usbd);
    if (told)
        usbd_add_cause(usbd, USBD_EVENTCAUSE_RESUME_LSB);
}

static void awake(void *owner, const struct event *event)
{
    (void)event;
    notice_resume(owner);
}

/* Deviation 9. */
static bool stays_suspended(const struct usbd *usbd)
{
    return usbd_has(usbd, ERRATUM_211) && usbd->state.power.suspended &&
           !wire_get(usbd->fabric->wires, WIRE_ERRATUM_187);
}

void usbd_bus_resumed(struct usbd *usbd)
{
    if (!stays_suspended(usbd)) {
        notice_resume(usbd);
    } else if (!usbd->state.power.deaf) {
        usbd->state.power.deaf = true;
        scheduler_add(usbd->fabric->scheduler, EVENT_USBD_AWAKE, 0,
                      choose(usbd->fabric->chooser, CHOICE_USBD_STAYS, 0), 0);
    }
}

/* Low power is left by the device itself: once the crystal runs it may signal remote wake-up. */
static void allow_wake_up(struct usbd *usbd)
{
    bool allowed = wire_get(usbd->fabric->wires, WIRE_HFXO) && may_wake_up(usbd);

    usbd->state.power.wake_waits = !allowed;
    if (allowed)
        usbd_add_cause(usbd, USBD_EVENTCAUSE_USBWUALLOWED_LSB);
}

void usbd_lowpower_written(void *owner, unsigned index, uint32_t value)
{
    struct usbd *usbd = owner;
    struct usbd_power *power = &usbd->state.power;
    bool was_low = power->low_power;

    (void)index;
    if ((value & 1) && usbd_dma_running(usbd) >= 0)
        usbd_misuse(usbd, MISUSE_DISABLED_IN_FLIGHT, USBD_LOWPOWER, value, usbd_dma_transfer(usbd));
    power->low_power = value & 1;
    if (was_low && !power->low_power && power->suspended)
        allow_wake_up(usbd);
}

/* ---- Driving D+ and D- ----------------------------------------------------------------------- */

bool usbd_drives(const struct usbd *usbd)
{
    return wire_get(usbd->fabric->wires, WIRE_USB_RESUME_K);
}

static void stop_driving(struct usbd *usbd)
{
    scheduler_cancel(usbd->fabric->scheduler, EVENT_USBD_DRIVE, 0);
    wire_set(usbd->fabric->wires, WIRE_USB_RESUME_K, false);
}

static void drive_k(struct usbd *usbd)
{
    usbd->state.power.woke = true;
    wire_set(usbd->fabric->wires, WIRE_USB_RESUME_K, true);
}

/* The timer begins the driving and ends it. The host may answer at once: last of all the wire. */
static void drive_timer(void *owner, const struct event *event)
{
    struct usbd *usbd = owner;

    if (event->argument == DRIVE_ENDS) {
        stop_driving(usbd);
    } else if (usbd->state.power.suspended) {
        scheduler_add(usbd->fabric->scheduler, EVENT_USBD_DRIVE, 0,
                      choose(usbd->fabric->chooser, CHOICE_USBD_DRIVE, 0), DRIVE_ENDS);
        drive_k(usbd);
    }
}

/* Deviation 6. */
static void drive_resume(struct usbd *usbd)
{
    sim_time now = usbd->fabric->scheduler->state.now;
    sim_time first = usbd->state.idle_since + WAKE_UP_AFTER;

    scheduler_add(usbd->fabric->scheduler, EVENT_USBD_DRIVE, 0, first > now ? first - now : 0,
                  DRIVE_BEGINS);
}

void usbd_dpdmdrive(void *owner, unsigned index, uint32_t value)
{
    struct usbd *usbd = owner;
    uint32_t state = regfile_get(&usbd->regs, USBD_DPDMVALUE);

    (void)index;
    (void)value;
    if (!usbd_task_arrives(usbd, USBD_TASKS_DPDMDRIVE, false))
        return;
    stop_driving(usbd);
    if (!usbd->state.power.suspended)
        return;
    if (state == DRIVE_RESUME)
        drive_resume(usbd);
    else if (state == DRIVE_K)
        drive_k(usbd);
}

void usbd_dpdmnodrive(void *owner, unsigned index, uint32_t value)
{
    struct usbd *usbd = owner;

    (void)index;
    (void)value;
    if (usbd_task_arrives(usbd, USBD_TASKS_DPDMNODRIVE, false))
        stop_driving(usbd);
}

/* ---- Wiring ---------------------------------------------------------------------------------- */

static void wire_changed(void *owner, enum wire_id wire, bool level)
{
    struct usbd *usbd = owner;

    if (wire == WIRE_VBUS)
        update_pullup(usbd);
    if (wire != WIRE_HFXO)
        power_up(usbd);
    else if (!level)
        note_missing_clock(usbd);
    if (usbd->state.power.wake_waits)
        allow_wake_up(usbd);
}

void usbd_power_init(struct usbd *usbd)
{
    scheduler_handle(usbd->fabric->scheduler, EVENT_USBD_READY, ready, usbd);
    scheduler_handle(usbd->fabric->scheduler, EVENT_USBD_SHUTDOWN, shut_down, usbd);
    scheduler_handle(usbd->fabric->scheduler, EVENT_USBD_SUSPEND, suspend, usbd);
    scheduler_handle(usbd->fabric->scheduler, EVENT_USBD_DRIVE, drive_timer, usbd);
    scheduler_handle(usbd->fabric->scheduler, EVENT_USBD_AWAKE, awake, usbd);
    wire_connect(usbd->fabric->wires, WIRE_VBUS, wire_changed, usbd);
    wire_connect(usbd->fabric->wires, WIRE_HFXO, wire_changed, usbd);
    wire_connect(usbd->fabric->wires, WIRE_ERRATUM_171, wire_changed, usbd);
    wire_connect(usbd->fabric->wires, WIRE_ERRATUM_187, wire_changed, usbd);
}

void usbd_power_reset(struct usbd *usbd)
{
    scheduler_cancel(usbd->fabric->scheduler, EVENT_USBD_READY, 0);
    scheduler_cancel(usbd->fabric->scheduler, EVENT_USBD_SHUTDOWN, 0);
    update_pullup(usbd);
    wire_set(usbd->fabric->wires, WIRE_USB_ENABLE, false);
}
