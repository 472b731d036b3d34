/* SPDX-License-Identifier: Apache-2.0 */
#include "driver/control.h"

#include "driver/ep0in.h"
#include "driver/ep0out.h"

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static enum usbd_status send_packet(struct control *control)
{
    uint32_t size = smaller(control->left, EP0_PACKET_MAX);
    bool empties = size == control->left && (size < EP0_PACKET_MAX || !control->terminate);
    enum usbd_status status = ep0in_start(control->source, size, empties ? EP0IN_LAST : EP0IN_MORE);

    if (status != USBD_OK)
        return status;
    control->source += size;
    control->left -= size;
    if (empties)
        control->terminate = false;
    return USBD_OK;
}

enum usbd_status control_read(struct control *control, const struct usbd_setup *setup,
                              const void *bytes, uint32_t size)
{
    uint32_t total = smaller(size, setup->length);

    if (setup->length == 0)
        return usbd_accept_request();
    struct control begun = {
        .stage = CONTROL_READING,
        .source = bytes,
        .left = total,
        .terminate = total < setup->length,
    };
    enum usbd_status status = send_packet(&begun);
    if (status == USBD_OK)
        *control = begun;
    return status;
}

enum usbd_status control_write(struct control *control, const struct usbd_setup *setup, void *to,
                               uint32_t room)
{
    if (setup->length > room)
        return USBD_TOO_LONG;
    enum usbd_status status = ep0out_accept();
    if (status == USBD_OK)
        *control = (struct control){.stage = CONTROL_WRITING, .sink = to, .left = setup->length};
    return status;
}

static enum control_progress rest(struct control *control, enum control_progress progress)
{
    control->stage = CONTROL_AT_REST;
    return progress;
}

/* A packet that nobody wants any more must not keep endpoint 0 busy. */
static enum control_progress give_up(struct control *control)
{
    (void)!ep0out_recover();
    return rest(control, CONTROL_BROKEN);
}

static enum control_progress packet_sent(struct control *control)
{
    if (ep0in_end() != USBD_OK)
        return CONTROL_NOTHING;
    if (control->left == 0 && !control->terminate)
        return rest(control, CONTROL_SENT);
    return send_packet(control) == USBD_OK ? CONTROL_GOES_ON : rest(control, CONTROL_BROKEN);
}

static enum control_progress packet_received(struct control *control)
{
    uint32_t size;

    if (ep0out_end(control->sink, control->left, &size) != USBD_OK)
        return give_up(control);
    control->sink += size;
    control->left -= size;
    control->moved += size;
    if (control->left == 0 || size < EP0_PACKET_MAX)
        return rest(control, CONTROL_RECEIVED);
    return ep0out_accept() == USBD_OK ? CONTROL_GOES_ON : rest(control, CONTROL_BROKEN);
}

static enum control_progress on_data_done(struct control *control)
{
    if (control->stage == CONTROL_READING)
        return packet_sent(control);
    if (control->stage == CONTROL_WRITING)
        return ep0out_start() == USBD_OK ? CONTROL_GOES_ON : rest(control, CONTROL_BROKEN);
    return CONTROL_NOTHING;
}

enum control_progress control_on_event(struct control *control, enum usbd_event event)
{
    if (control->stage == CONTROL_AT_REST)
        return CONTROL_NOTHING;
    switch (event) {
    case USBD_EVENT_NONE:
    case USBD_EVENT_PACKET:
    case USBD_EVENT_FRAME:
    case USBD_EVENT_SUSPEND:
    case USBD_EVENT_RESUME:
        return CONTROL_NOTHING;
    case USBD_EVENT_RESET:
    case USBD_EVENT_SETUP:
        return rest(control, CONTROL_ABORTED);
    case USBD_EVENT_DATA_DONE:
        return on_data_done(control);
    case USBD_EVENT_OUT_END:
        return packet_received(control);
    }
    return CONTROL_NOTHING;
}

uint32_t control_received(const struct control *control)
{
    return control->moved;
}
