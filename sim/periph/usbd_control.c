/* SPDX-License-Identifier: Apache-2.0 */
/*
 * USBD: the control endpoint (PS v1.7, 6.35 USBD: Control transfers; USB 2.0, 8.5.3).
 *
 * Deviations:
 *   1. The hardware performs the status stage of SET_ADDRESS by itself and loads USBADDR behind
 *      it; EP0STATUS then has no effect. EP0STALL still wins.
 *   2. EP0STATUS and EP0RCVOUT during EasyDMA take effect when it is free, are lost, or work
 *      (silicon.def, EP0_IN_DMA). The manual only says that they need it idle. By a shortcut
 *      they take effect when it is free, and it is no misuse: the manual offers
 *      EP0DATADONE_EP0STATUS without a condition, firmware cannot choose its moment, and losses
 *      are known of tasks that were written only.
 *   3. A packet that was fetched for IN goes out at the next IN token whatever the request says.
 *   4. EP0RCVOUT outside the data stage of a control write has no effect.
 *   5. A packet longer than 0 in the status stage of a control read is answered with STALL.
 *   6. An OUT token while the ACK of an IN packet is awaited proves that the host has that
 *      packet, so EP0DATADONE fires: USB 2.0, 8.5.3.3 wants it, or a lost ACK of the last packet
 *      would leave the device waiting for ever. Nobody has looked on silicon (silicon.def,
 *      LOST_ACK).
 *   7. Erratum 154: the status stage behind data is acknowledged whatever the firmware does, and
 *      an EP0STATUS that comes before the data makes the transfer stall.
 */
#include "sim/periph/usbd_parts.h"

#include <string.h>

enum control_stage {
    CONTROL_NONE,         /* waiting for SETUP */
    CONTROL_READ,         /* IN data, then status OUT */
    CONTROL_READ_DONE,    /* its status was acknowledged; the host may have missed that */
    CONTROL_WRITE,        /* OUT data, then status IN */
    CONTROL_NO_DATA,      /* status IN only */
    CONTROL_ADDRESS,      /* SET_ADDRESS: status IN by hardware */
    CONTROL_ADDRESS_DONE, /* the address was loaded */
};

enum { SETUP_BYTES = 8, REQUEST_DIRECTION_IN = 0x80, REQUEST_SET_ADDRESS = 5 };

/* ---- SETUP ----------------------------------------------------------------------------------- */

static enum control_stage first_stage(const uint8_t packet[SETUP_BYTES])
{
    if (packet[0] == 0 && packet[1] == REQUEST_SET_ADDRESS)
        return CONTROL_ADDRESS;
    if (load_le16(packet + 6) == 0)
        return CONTROL_NO_DATA;
    return packet[0] & REQUEST_DIRECTION_IN ? CONTROL_READ : CONTROL_WRITE;
}

void usbd_control_setup(struct usbd *usbd, const uint8_t packet[SETUP_BYTES])
{
    enum control_stage stage = first_stage(packet);

    usbd_in_drop(usbd, 0);
    usbd->state.in[0].toggle = 1; /* data and status stage begin with DATA1 */
    usbd->state.out[0].toggle = 1;
    usbd->state.control =
        (struct usbd_control){.stage = (uint8_t)stage, .status_allowed = stage == CONTROL_ADDRESS};
    for (unsigned i = 0; i < SETUP_BYTES; i++)
        regfile_set(&usbd->regs, USBD_BMREQUESTTYPE + 4 * i, packet[i]);
    usbd_notice_void(usbd, 0);
    usbd_turn_begins(usbd);
    regfile_raise(&usbd->regs, USBD_EVENTS_EP0SETUP);
}

/* ---- What the request has room for ----------------------------------------------------------- */

/* The firmware cannot know yet that what it is answering is over. */
static bool is_overtaken(const struct usbd *usbd)
{
    return regfile_get(&usbd->regs, USBD_EVENTS_EP0SETUP) ||
           regfile_get(&usbd->regs, USBD_EVENTS_USBRESET);
}

static uint32_t bytes_wanted(const struct usbd *usbd)
{
    return regfile_get(&usbd->regs, USBD_WLENGTHL) | regfile_get(&usbd->regs, USBD_WLENGTHH) << 8;
}

/* A request that is over leaves no room either, but the host may have ended it a moment ago. */
static bool has_room(const struct usbd *usbd, uint32_t bytes)
{
    const struct usbd_control *control = &usbd->state.control;

    if (!bytes || control->stage == CONTROL_NONE || control->stage == CONTROL_READ_DONE ||
        control->stage == CONTROL_ADDRESS_DONE)
        return true;
    return control->stage == CONTROL_READ && control->moved + bytes <= bytes_wanted(usbd);
}

void usbd_control_start_in(struct usbd *usbd, uint32_t bytes)
{
    struct usbd_control *control = &usbd->state.control;

    control->early |= is_overtaken(usbd);
    if (usbd_attached(usbd) && !control->early && !has_room(usbd, bytes))
        usbd_misuse(usbd, MISUSE_ANSWER_TOO_LONG, USBD_EPIN_PTR + 4, bytes, 0);
    usbd_turn_ends(usbd);
}

void usbd_control_start_out(struct usbd *usbd)
{
    bool reads = usbd->state.control.stage == CONTROL_READ;

    if (!usbd->state.out[0].full && !is_overtaken(usbd) &&
        (reads || usbd_notice_was_fetched(usbd, 0)))
        usbd_misuse(usbd, MISUSE_NOTHING_TO_FETCH, USBD_TASKS_STARTEPOUT, 1, 0);
    usbd_turn_ends(usbd);
}

uint32_t usbd_control_next(const struct usbd *usbd)
{
    const struct usbd_control *control = &usbd->state.control;
    bool has_more = control->moved < bytes_wanted(usbd);

    if (control->stage == CONTROL_READ && has_more)
        return USBD_TASKS_STARTEPIN;
    if (control->stage == CONTROL_WRITE && usbd->state.out[0].full)
        return USBD_TASKS_STARTEPOUT;
    return control->stage == CONTROL_WRITE && has_more ? USBD_TASKS_EP0RCVOUT
                                                       : USBD_TASKS_EP0STATUS;
}

/* All data of a control write has to be there before its status may be told. */
static void check_status(struct usbd *usbd)
{
    const struct usbd_control *control = &usbd->state.control;

    if (control->stage == CONTROL_WRITE && control->moved < bytes_wanted(usbd) &&
        !is_overtaken(usbd))
        usbd_misuse(usbd, MISUSE_STATUS_EARLY, USBD_TASKS_EP0STATUS, control->moved, 0);
}

/* The next packet would replace the one that is held. Who fetches none of them wants none. */
static void check_receive(struct usbd *usbd)
{
    if (usbd->state.control.stage == CONTROL_WRITE && usbd->state.out[0].full &&
        usbd->state.control.fetched && !is_overtaken(usbd))
        usbd_misuse(usbd, MISUSE_OUT_DISCARDED, USBD_TASKS_EP0RCVOUT, usbd->state.out[0].size, 0);
}

/* ---- What the firmware allows ---------------------------------------------------------------- */

static bool has_data_stage(const struct usbd_control *control)
{
    return control->stage == CONTROL_READ || control->stage == CONTROL_WRITE;
}

/* Erratum 154, deviation 7: it is taken for the transfer before. */
static bool comes_too_soon(const struct usbd *usbd)
{
    const struct usbd_control *control = &usbd->state.control;

    return usbd_has(usbd, ERRATUM_154) && has_data_stage(control) && !control->begun;
}

static bool may_finish(const struct usbd *usbd, bool data_over)
{
    return usbd->state.control.status_allowed || (usbd_has(usbd, ERRATUM_154) && data_over);
}

static void allow_status(struct usbd *usbd, bool wanted)
{
    struct usbd_control *control = &usbd->state.control;

    if (!wanted)
        return;
    if (comes_too_soon(usbd)) {
        control->stalled = true;
        return;
    }
    if (control->stage != CONTROL_NONE && control->stage != CONTROL_READ_DONE) {
        control->status_allowed = true;
        control->early |= is_overtaken(usbd); /* it was meant for the request before */
    } else if (!regfile_get(&usbd->regs, USBD_EVENTS_USBRESET) && !control->early) {
        regfile_misuse(&usbd->regs, MISUSE_STATUS_TWICE, USBD_TASKS_EP0STATUS, 1);
    }
}

static void allow_out(struct usbd *usbd, bool wanted)
{
    struct usbd_control *control = &usbd->state.control;

    if (wanted && control->stage == CONTROL_WRITE)
        control->out_allowed = true;
}

/* Deviation 2: does the task take effect now? `waits` is set when it does later. */
static bool works_now(struct usbd *usbd, uint32_t task, uint8_t *waits)
{
    unsigned answer = usbd_answer(usbd, UNDOCUMENTED_EP0_IN_DMA);

    if (usbd_dma_running(usbd) < 0)
        return true;
    if (usbd->regs.fabric->trigger == DMA_BY_SHORTCUT) {
        *waits = true;
        return false;
    }
    usbd_misuse(usbd, MISUSE_DMA_REGISTER, task, 1, usbd_dma_transfer(usbd));
    *waits |= answer == EP0_IN_DMA_WAITS;
    return answer == EP0_IN_DMA_WORKS;
}

void usbd_control_dma_free(struct usbd *usbd)
{
    struct usbd_control *control = &usbd->state.control;

    allow_status(usbd, control->status_waits);
    allow_out(usbd, control->out_waits);
    control->status_waits = false;
    control->out_waits = false;
}

void usbd_ep0status(void *owner, unsigned index, uint32_t value)
{
    struct usbd *usbd = owner;

    (void)index;
    (void)value;
    if (!usbd_task_arrives(usbd, USBD_TASKS_EP0STATUS, false))
        return;
    check_status(usbd);
    usbd_turn_ends(usbd);
    if (works_now(usbd, USBD_TASKS_EP0STATUS, &usbd->state.control.status_waits))
        allow_status(usbd, true);
}

void usbd_ep0rcvout(void *owner, unsigned index, uint32_t value)
{
    struct usbd *usbd = owner;

    (void)index;
    (void)value;
    if (!usbd_task_arrives(usbd, USBD_TASKS_EP0RCVOUT, false) || usbd_rcvout_is_lost(usbd))
        return;
    check_receive(usbd);
    usbd_turn_ends(usbd);
    if (works_now(usbd, USBD_TASKS_EP0RCVOUT, &usbd->state.control.out_waits))
        allow_out(usbd, true);
}

void usbd_ep0stall(void *owner, unsigned index, uint32_t value)
{
    struct usbd *usbd = owner;

    (void)index;
    (void)value;
    if (!usbd_task_arrives(usbd, USBD_TASKS_EP0STALL, false))
        return;
    usbd->state.control.stalled = true;
    usbd_turn_ends(usbd);
}

/* ---- EP0DATADONE ----------------------------------------------------------------------------- */

/*
 * A data packet went over the bus, so every earlier transfer of endpoint 0 has ended. The CPU can
 * conclude that from the event, unless the event was still set from the packet before.
 */
static void data_done(struct usbd *usbd)
{
    usbd->state.control.begun = true;
    if (!regfile_get(&usbd->regs, USBD_EVENTS_EP0DATADONE)) {
        usbd->state.in[0].implied = usbd_dma_ended(usbd, 0);
        usbd->state.out[0].implied = usbd_dma_ended(usbd, CHANNEL_EPOUT);
    }
    usbd_turn_begins(usbd);
    regfile_raise(&usbd->regs, USBD_EVENTS_EP0DATADONE);
}

uint32_t usbd_ep0datadone_read(void *owner, unsigned index)
{
    struct usbd *usbd = owner;
    uint32_t value = regfile_get(&usbd->regs, USBD_EVENTS_EP0DATADONE);

    (void)index;
    if (value) {
        usbd_dma_implied(usbd, 0, usbd->state.in[0].implied, USBD_EVENTS_EP0DATADONE);
        usbd_dma_implied(usbd, CHANNEL_EPOUT, usbd->state.out[0].implied, USBD_EVENTS_EP0DATADONE);
    }
    return value;
}

/* ---- IN tokens ------------------------------------------------------------------------------- */

static bool status_is_in(const struct usbd_control *control)
{
    return control->stage == CONTROL_WRITE || control->stage == CONTROL_NO_DATA ||
           control->stage == CONTROL_ADDRESS;
}

static void status_packet(struct usbd *usbd, struct usb_data *data)
{
    data->pid = PID_DATA1;
    data->size = 0;
    data->transfer = 0;
    usbd->state.in[0].sent = true;
}

enum usb_answer usbd_control_in(struct usbd *usbd, struct usb_data *data)
{
    const struct usbd_control *control = &usbd->state.control;

    if (!usbd_endpoint_enabled(usbd, USBD_EPINEN, 0))
        return USB_ANSWER_NONE;
    if (control->stalled)
        return USB_ANSWER_STALL;
    if (usbd->state.in[0].armed) {
        usbd_in_packet(usbd, 0, data);
        return USB_ANSWER_ACK;
    }
    if (status_is_in(control) && may_finish(usbd, control->complete)) {
        status_packet(usbd, data);
        return USB_ANSWER_ACK;
    }
    return USB_ANSWER_NAK;
}

static void status_in_done(struct usbd *usbd)
{
    bool address = usbd->state.control.stage == CONTROL_ADDRESS;

    if (address)
        regfile_set(&usbd->regs, USBD_USBADDR, regfile_get(&usbd->regs, USBD_WVALUEL) & 0x7f);
    usbd->state.control = (struct usbd_control){
        .stage = address ? CONTROL_ADDRESS_DONE : CONTROL_NONE, .early = usbd->state.control.early};
    usbd_turn_ends(usbd);
}

void usbd_control_in_acknowledged(struct usbd *usbd)
{
    struct usbd_in *in = &usbd->state.in[0];

    if (!in->sent)
        return;
    in->sent = false;
    if (!in->armed) {
        status_in_done(usbd);
        return;
    }
    in->armed = false;
    in->toggle ^= 1;
    usbd->state.control.moved = (uint16_t)(usbd->state.control.moved + in->size);
    data_done(usbd);
}

/* ---- OUT tokens ------------------------------------------------------------------------------ */

/* Deviation 6. */
static void take_for_acknowledge(struct usbd *usbd)
{
    if (usbd->state.in[0].sent && usbd->state.in[0].armed &&
        usbd_answer(usbd, UNDOCUMENTED_LOST_ACK) != LOST_ACK_NOTHING)
        usbd_control_in_acknowledged(usbd);
}

static enum usb_answer status_out(struct usbd *usbd, size_t size)
{
    struct usbd_control *control = &usbd->state.control;

    if (size)
        return USB_ANSWER_STALL;
    if (control->stage == CONTROL_READ_DONE)
        return USB_ANSWER_ACK;
    take_for_acknowledge(usbd);
    if (!may_finish(usbd, true))
        return USB_ANSWER_NAK;
    usbd_in_drop(usbd, 0); /* the host ended the data stage early */
    *control = (struct usbd_control){.stage = CONTROL_READ_DONE, .early = control->early};
    usbd_turn_ends(usbd);
    return USB_ANSWER_ACK;
}

/* The last packet is short, or makes wLength full. */
static void note_data(struct usbd *usbd, size_t size)
{
    struct usbd_control *control = &usbd->state.control;

    control->moved = (uint16_t)(control->moved + size);
    control->complete = size < USB_PACKET_MAX || control->moved >= bytes_wanted(usbd);
}

static enum usb_answer data_out(struct usbd *usbd, enum usb_pid pid, const uint8_t *bytes,
                                size_t size)
{
    if (pid != (usbd->state.out[0].toggle ? PID_DATA1 : PID_DATA0))
        return USB_ANSWER_ACK; /* the host missed our ACK and repeats (USB 2.0, 8.6.4) */
    if (!usbd->state.control.out_allowed)
        return USB_ANSWER_NAK;
    usbd->state.control.out_allowed = false;
    usbd_out_store(usbd, 0, bytes, size);
    usbd->state.notice[0].fetched = false;
    note_data(usbd, size);
    data_done(usbd);
    return USB_ANSWER_ACK;
}

enum usb_answer usbd_control_out(struct usbd *usbd, enum usb_pid pid, const uint8_t *bytes,
                                 size_t size)
{
    const struct usbd_control *control = &usbd->state.control;

    if (!usbd_endpoint_enabled(usbd, USBD_EPOUTEN, 0))
        return USB_ANSWER_NONE;
    if (control->stalled)
        return USB_ANSWER_STALL;
    if (control->stage == CONTROL_READ || control->stage == CONTROL_READ_DONE)
        return status_out(usbd, size);
    if (control->stage == CONTROL_WRITE)
        return data_out(usbd, pid, bytes, size);
    return USB_ANSWER_NAK;
}
