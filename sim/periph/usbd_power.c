/* SPDX-License-Identifier: Apache-2.0 */
/*
 * USBD: power-up, pull-up, suspend and wake-up (PS v1.7, 6.35 USBD: USBD power-up sequence, USB
 * pull-up, USB suspend and resume).
 *
 * Deviations:
 *   1. READY needs VBUS, and comes USBD_READY cycles after ENABLE or VBUS, whichever is later. It
 *      waits for neither the regulator nor the crystal.
 *   2. ENABLE reads 1 for USBD_SHUTDOWN cycles after it was written as 0; the registers of the core
 *      are gone at once. Writing 1 meanwhile starts the power-up again.
 *   3. When VBUS goes away, the bus is detached and the core stays powered until ENABLE = 0.
 *   4. LOWPOWER = 1 is obeyed at any time, not only while suspended.
 *   5. USBWUALLOWED comes in the instant of LOWPOWER = 0, or when the crystal is stable after it.
 *   6. Resume is driven for USBD_DRIVE cycles: the register description says 50 us or 5 ms,
 *      "depending on bus state", and not on which. K is driven until DPDMNODRIVE, J as if nobody
 *      drove: the bus is idle. Nothing is driven unless the bus is suspended.
 *   7. While the device drives K it hears nothing. A bus reset or a detach ends the driving.
 *   8. A resume that the device itself has signalled is not told in EVENTCAUSE.RESUME.
 *   9. LOWPOWER = 1 does not stop EasyDMA.
 */
#include "sim/periph/usbd_parts.h"

enum { DRIVE_RESUME = 1, DRIVE_J = 2, DRIVE_K = 4 };

#define SUSPEND_AFTER (3 * CYCLES_PER_MS) /* USB 2.0, 7.1.7.6 */

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

/* Starts the power-up once both ENABLE and VBUS are there. */
static void power_up(struct usbd *usbd)
{
    if (!usbd->state.power.enabled || usbd->state.power.ready || powering_up(usbd))
        return;
    if (wire_get(usbd->fabric->wires, WIRE_VBUS))
        scheduler_add(usbd->fabric->scheduler, EVENT_USBD_READY, 0,
                      choose(usbd->fabric->chooser, CHOICE_USBD_READY, 0), 0);
}

static void ready(void *owner, const struct event *event)
{
    struct usbd *usbd = owner;

    (void)event;
    usbd->state.power.ready = true;
    usbd_add_cause(usbd, USBD_EVENTCAUSE_READY_LSB);
}

static void enable(struct usbd *usbd)
{
    scheduler_cancel(usbd->fabric->scheduler, EVENT_USBD_SHUTDOWN, 0);
    usbd->state.power.enabled = true;
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
    scheduler_cancel(usbd->fabric->scheduler, EVENT_USBD_SUSPEND, 0);
    stop_driving(usbd);
}

static void update_pullup(struct usbd *usbd)
{
    struct wires *wires = usbd->fabric->wires;
    bool up = usbd->state.power.ready && wire_get(wires, WIRE_VBUS) &&
              regfile_get(&usbd->regs, USBD_USBPULLUP);

    if (!up)
        detach(usbd);
    wire_set(wires, WIRE_USB_PULLUP, up);
}

bool usbd_attached(const struct usbd *usbd)
{
    return wire_get(usbd->fabric->wires, WIRE_USB_PULLUP);
}

void usbd_pullup_written(void *owner, unsigned index, uint32_t value)
{
    struct usbd *usbd = owner;

    (void)index;
    if ((value & 1) && !wire_get(usbd->fabric->wires, WIRE_VBUS))
        regfile_misuse(&usbd->regs, MISUSE_NO_VBUS, USBD_USBPULLUP, value);
    update_pullup(usbd);
}

/* ---- ENABLE = 0 ------------------------------------------------------------------------------ */

static void disable(struct usbd *usbd)
{
    uint32_t transfer = usbd_dma_transfer(usbd);

    if (usbd_dma_running(usbd) >= 0)
        usbd_misuse(usbd, MISUSE_DISABLED_IN_FLIGHT, USBD_ENABLE, 0, transfer);
    scheduler_cancel(usbd->fabric->scheduler, EVENT_USBD_READY, 0);
    usbd_core_reset(usbd);
    update_pullup(usbd);
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
    usbd->state.power.wake_waits = false;
    usbd->state.power.suspended = false;
    usbd->state.power.woke = false;
}

void usbd_bus_reset(struct usbd *usbd)
{
    end_suspend(usbd);
    stop_driving(usbd);
}

void usbd_bus_resumed(struct usbd *usbd)
{
    bool told = usbd->state.power.suspended && !usbd->state.power.woke; /* deviation 8 */

    end_suspend(usbd);
    if (told)
        usbd_add_cause(usbd, USBD_EVENTCAUSE_RESUME_LSB);
}

/* Low power is left by the device itself: once the crystal runs it may signal remote wake-up. */
static void allow_wake_up(struct usbd *usbd)
{
    bool clocked = wire_get(usbd->fabric->wires, WIRE_HFXO);

    usbd->state.power.wake_waits = !clocked;
    if (clocked)
        usbd_add_cause(usbd, USBD_EVENTCAUSE_USBWUALLOWED_LSB);
}

void usbd_lowpower_written(void *owner, unsigned index, uint32_t value)
{
    struct usbd *usbd = owner;
    struct usbd_power *power = &usbd->state.power;
    bool was_low = power->low_power;

    (void)index;
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

static void drive_is_over(void *owner, const struct event *event)
{
    (void)event;
    stop_driving(owner);
}

/* The host may answer in the same instant: last of all the wire. */
static void drive_k(struct usbd *usbd, bool timed)
{
    scheduler_cancel(usbd->fabric->scheduler, EVENT_USBD_DRIVE, 0);
    if (timed)
        scheduler_add(usbd->fabric->scheduler, EVENT_USBD_DRIVE, 0,
                      choose(usbd->fabric->chooser, CHOICE_USBD_DRIVE, 0), 0);
    usbd->state.power.woke = true;
    wire_set(usbd->fabric->wires, WIRE_USB_RESUME_K, true);
}

void usbd_dpdmdrive(void *owner, unsigned index, uint32_t value)
{
    struct usbd *usbd = owner;
    uint32_t state = regfile_get(&usbd->regs, USBD_DPDMVALUE);

    (void)index;
    (void)value;
    if (!usbd_task_arrives(usbd, USBD_TASKS_DPDMDRIVE, false))
        return;
    if (state == DRIVE_J)
        stop_driving(usbd);
    else if (usbd->state.power.suspended && (state == DRIVE_RESUME || state == DRIVE_K))
        drive_k(usbd, state == DRIVE_RESUME);
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

    (void)level;
    if (wire == WIRE_VBUS) {
        power_up(usbd);
        update_pullup(usbd);
    } else if (usbd->state.power.wake_waits) {
        allow_wake_up(usbd);
    }
}

void usbd_power_init(struct usbd *usbd)
{
    scheduler_handle(usbd->fabric->scheduler, EVENT_USBD_READY, ready, usbd);
    scheduler_handle(usbd->fabric->scheduler, EVENT_USBD_SHUTDOWN, shut_down, usbd);
    scheduler_handle(usbd->fabric->scheduler, EVENT_USBD_SUSPEND, suspend, usbd);
    scheduler_handle(usbd->fabric->scheduler, EVENT_USBD_DRIVE, drive_is_over, usbd);
    wire_connect(usbd->fabric->wires, WIRE_VBUS, wire_changed, usbd);
    wire_connect(usbd->fabric->wires, WIRE_HFXO, wire_changed, usbd);
}

void usbd_power_reset(struct usbd *usbd)
{
    scheduler_cancel(usbd->fabric->scheduler, EVENT_USBD_READY, 0);
    scheduler_cancel(usbd->fabric->scheduler, EVENT_USBD_SHUTDOWN, 0);
    update_pullup(usbd);
}
