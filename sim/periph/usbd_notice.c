/* SPDX-License-Identifier: Apache-2.0 */
/*
 * USBD: who knows of which packet. The device has acknowledged a packet or a request; the firmware
 * is told so by EPDATA with EPDATASTATUS, or by the events of endpoint 0; then it is its turn. A
 * notice that is lost is a packet that is lost (PS v1.7, 6.35 USBD: Bulk and interrupt
 * transactions).
 *
 * Nothing here changes what the device does: it is what rules are made of.
 */
#include "sim/periph/usbd_parts.h"

static void report(struct usbd *usbd, unsigned endpoint, enum endpoint_step step, uint32_t next)
{
    struct trace *trace = usbd->fabric->trace;

    trace_emit(trace, (struct observation){.kind = OBS_ENDPOINT,
                                           .endpoint = {.pc = trace->state.pc,
                                                        .next = usbd->regs.spec->base + next,
                                                        .endpoint = (uint8_t)endpoint,
                                                        .step = step}});
}

static struct usbd_notice *notice_of(struct usbd *usbd, unsigned endpoint)
{
    return &usbd->state.notice[endpoint];
}

/* ---- Endpoints 1 to 7, OUT ------------------------------------------------------------------- */

void usbd_notice_packet(struct usbd *usbd, unsigned endpoint)
{
    *notice_of(usbd, endpoint) = (struct usbd_notice){
        .pending = true,
        /* Of a packet that was fetched before: the bit is still that one's, too. */
        .behind_start = notice_of(usbd, endpoint)->behind_start,
    };
    report(usbd, endpoint, ENDPOINT_GIVEN, USBD_TASKS_STARTEPOUT + 4 * endpoint);
}

void usbd_notice_void(struct usbd *usbd, unsigned endpoint)
{
    report(usbd, endpoint, ENDPOINT_TAKEN, 0);
    *notice_of(usbd, endpoint) = (struct usbd_notice){.pending = false};
}

void usbd_notice_fetch(struct usbd *usbd, unsigned endpoint)
{
    notice_of(usbd, endpoint)->behind_start = notice_of(usbd, endpoint)->pending;
    report(usbd, endpoint, ENDPOINT_TAKEN, 0);
}

void usbd_notice_fetched(struct usbd *usbd, unsigned endpoint)
{
    notice_of(usbd, endpoint)->fetched = true;
}

bool usbd_notice_was_fetched(const struct usbd *usbd, unsigned endpoint)
{
    return usbd->state.notice[endpoint].fetched;
}

/* EPDATA alone does not say whose packet it is, but a driver with one endpoint knows. */
static void tell(struct usbd *usbd, uint32_t endpoints)
{
    for (unsigned endpoint = 1; endpoint < USBD_ENDPOINTS; endpoint++) {
        if (endpoints & bit32(16 + endpoint))
            notice_of(usbd, endpoint)->told = true;
    }
}

uint32_t usbd_epdata_read(void *owner, unsigned index)
{
    struct usbd *usbd = owner;
    uint32_t value = regfile_get(&usbd->regs, USBD_EVENTS_EPDATA);

    (void)index;
    if (value)
        tell(usbd, regfile_get(&usbd->regs, USBD_EPDATASTATUS));
    return value;
}

void usbd_notice_read(struct usbd *usbd, uint32_t status)
{
    tell(usbd, status);
}

/*
 * Two ways to lose a packet. The bit is cleared behind the start of the transfer it told of: the
 * end of that has armed the endpoint, and the notice of the next packet goes with it, if it came
 * meanwhile. Or it did come: the packet is there, and nobody has read the bit since.
 */
static bool loses_notice(struct usbd *usbd, unsigned endpoint)
{
    const struct usbd_notice *notice = notice_of(usbd, endpoint);
    const struct usbd_out *out = &usbd->state.out[endpoint];

    if (!notice->pending || out->halted)
        return false;
    return notice->behind_start || (out->full && !notice->told);
}

static void clear_out(struct usbd *usbd, unsigned endpoint)
{
    struct usbd_notice *notice = notice_of(usbd, endpoint);

    if (loses_notice(usbd, endpoint))
        usbd_misuse(usbd, MISUSE_NOTICE_CLEARED, USBD_EPDATASTATUS, bit32(16 + endpoint), 0);
    if (notice->pending && usbd->state.out[endpoint].full)
        report(usbd, endpoint, ENDPOINT_NOTED, 0);
    notice->pending = false;
    notice->behind_start = false;
}

void usbd_notice_found(struct usbd *usbd, uint32_t endpoints)
{
    tell(usbd, endpoints << 16);
    for (unsigned endpoint = 1; endpoint < USBD_ENDPOINTS; endpoint++) {
        if (endpoints & bit32(endpoint))
            clear_out(usbd, endpoint);
    }
}

/* The packet's own notice may be the one that goes: the host is quick. */
static void clear_in(struct usbd *usbd, unsigned endpoint)
{
    uint32_t transfer = usbd_in_under_way(usbd, endpoint);

    if (transfer)
        usbd_misuse(usbd, MISUSE_EVENT_CLEARED, USBD_EPDATASTATUS, bit32(endpoint), transfer);
}

void usbd_epdatastatus_written(void *owner, unsigned index, uint32_t value)
{
    struct usbd *usbd = owner;

    (void)index;
    for (unsigned endpoint = 1; endpoint < USBD_ENDPOINTS; endpoint++) {
        if (value & bit32(endpoint))
            clear_in(usbd, endpoint);
        if (value & bit32(16 + endpoint))
            clear_out(usbd, endpoint);
    }
}

/* ---- Endpoint 0 ------------------------------------------------------------------------------ */

void usbd_turn_begins(struct usbd *usbd)
{
    const struct usbd_control *control = &usbd->state.control;

    if (!control->status_allowed && !control->out_allowed && !control->stalled)
        report(usbd, 0, ENDPOINT_GIVEN, usbd_control_next(usbd));
}

void usbd_turn_ends(struct usbd *usbd)
{
    report(usbd, 0, ENDPOINT_TAKEN, 0);
}

void usbd_ep0setup_written(void *owner, unsigned index, uint32_t value)
{
    (void)index;
    if (!value)
        report(owner, 0, ENDPOINT_NOTED, 0);
}

void usbd_ep0datadone_written(void *owner, unsigned index, uint32_t value)
{
    struct usbd *usbd = owner;
    uint32_t transfer = usbd_in_under_way(usbd, 0);

    (void)index;
    if (value)
        return;
    if (transfer)
        usbd_misuse(usbd, MISUSE_EVENT_CLEARED, USBD_EVENTS_EP0DATADONE, 0, transfer);
    report(usbd, 0, ENDPOINT_NOTED, 0);
}

/* Of endpoint 0; the others have EPDATASTATUS. */
uint32_t usbd_endepout_read(void *owner, unsigned index)
{
    struct usbd *usbd = owner;
    uint32_t value = regfile_get(&usbd->regs, USBD_EVENTS_ENDEPOUT + 4 * index);

    if (value && !index)
        report(usbd, 0, ENDPOINT_NOTED, 0);
    return value;
}
