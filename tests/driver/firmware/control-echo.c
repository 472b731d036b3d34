/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A device with data stages of any length: vendor request WRITE stores up to 256 bytes, READ gives
 * them back, PATTERN gives the first wValue bytes of 1, 2, 3, ..., ABORTS the number of data stages
 * that a reset or a SETUP cut off. TWICE is PATTERN, answered a second and a third time, which is
 * refused, while EasyDMA has the packet and when only the endpoint has it. SLOW gives 128 bytes of
 * the pattern, wValue turns of a loop late, SLOW_WRITE is WRITE as late.
 * WRITE_TWICE is WRITE, asked for a second time, which is refused; WRITE_SHORT is WRITE, of which
 * more is expected than comes, WRITE_LONG less, 30 bytes.
 */
#include "driver/control.h"
#include "driver/engine.h"
#include "firmware/common/board.h"
#include "firmware/common/semihosting.h"
#include "firmware/common/startup.h"

enum {
    REQUEST_WRITE = 1,
    REQUEST_READ = 2,
    REQUEST_PATTERN = 3,
    REQUEST_ABORTS = 4,
    REQUEST_TWICE = 5,
    REQUEST_SLOW = 6,
    REQUEST_SLOW_WRITE = 7,
    REQUEST_WRITE_TWICE = 8,
    REQUEST_WRITE_SHORT = 9,
    REQUEST_WRITE_LONG = 10,
};

static struct control control;
static uint8_t stored[256];
static uint32_t stored_size;
static uint8_t pattern[256];
static uint8_t aborts;

static enum usbd_status read_twice(const struct usbd_setup *setup)
{
    enum usbd_status status = control_read(&control, setup, pattern, setup->value);

    if (control_read(&control, setup, stored, sizeof stored) != USBD_BUSY)
        program_exit(1);
    while (engine_owns(ENGINE_IN(0)))
        (void)engine_poll();
    if (control_read(&control, setup, stored, sizeof stored) != USBD_BUSY)
        program_exit(1);
    return status;
}

static void wait(uint32_t turns)
{
    for (volatile uint32_t i = 0; i < turns; i++)
        ;
}

/* Another SETUP may come before the answer begins, and be served before the handler looks again. */
static enum usbd_status read_slowly(const struct usbd_setup *setup)
{
    wait(setup->value);
    enum usbd_status status = control_read(&control, setup, pattern, 128);
    wait(200);
    return status;
}

static enum usbd_status write_slowly(const struct usbd_setup *setup)
{
    wait(setup->value);
    enum usbd_status status = control_write(&control, setup, stored, sizeof stored);
    wait(200);
    return status;
}

static enum usbd_status write_twice(const struct usbd_setup *setup)
{
    enum usbd_status status = control_write(&control, setup, stored, sizeof stored);

    if (control_write(&control, setup, pattern, sizeof pattern) != USBD_BUSY)
        program_exit(1);
    return status;
}

static enum usbd_status write_expecting(uint16_t length, const struct usbd_setup *setup)
{
    struct usbd_setup expected = *setup;

    expected.length = length;
    return control_write(&control, &expected, stored, sizeof stored);
}

static enum usbd_status answer(const struct usbd_setup *setup)
{
    switch (setup->request) {
    case REQUEST_WRITE:
        return control_write(&control, setup, stored, sizeof stored);
    case REQUEST_READ:
        return control_read(&control, setup, stored, stored_size);
    case REQUEST_PATTERN:
        return control_read(&control, setup, pattern, setup->value);
    case REQUEST_ABORTS:
        return control_read(&control, setup, &aborts, sizeof aborts);
    case REQUEST_TWICE:
        return read_twice(setup);
    case REQUEST_SLOW:
        return read_slowly(setup);
    case REQUEST_SLOW_WRITE:
        return write_slowly(setup);
    case REQUEST_WRITE_TWICE:
        return write_twice(setup);
    case REQUEST_WRITE_SHORT:
        return write_expecting(sizeof stored, setup);
    case REQUEST_WRITE_LONG:
        return write_expecting(30, setup);
    default:
        return usbd_stall_request();
    }
}

static void on_progress(enum control_progress progress)
{
    switch (progress) {
    case CONTROL_RECEIVED:
        stored_size = control_received(&control);
        (void)!usbd_accept_request();
        break;
    case CONTROL_BROKEN:
        (void)!usbd_stall_request();
        break;
    case CONTROL_ABORTED:
        aborts++;
        break;
    case CONTROL_NOTHING:
    case CONTROL_GOES_ON:
    case CONTROL_SENT:
        break;
    }
}

void on_usb_event(enum usbd_event event)
{
    on_progress(control_on_event(&control, event));
    if (event == USBD_EVENT_SETUP) {
        struct usbd_setup setup = usbd_read_setup();

        if (answer(&setup) != USBD_OK)
            (void)!usbd_stall_request();
    }
}

int main(void)
{
    for (uint32_t i = 0; i < sizeof pattern; i++)
        pattern[i] = (uint8_t)(i + 1);
    board_run();
}
