/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes endpoints begin anew at a bad moment. What arrives at endpoint 1 is sent back. A vendor
 * request is a job for the thread, which does it with interrupts masked and a little later, so that
 * the handler knows nothing of what the host does in between:
 *
 *     EMPTY, REOPEN  IN endpoint 2, and it sends a '1' at once and a '2' as soon as it can
 *     REOPEN_OUT     OUT endpoint 1
 *     HALT_PAUSED    interrupts are on, but EasyDMA pauses: OUT endpoint 1 is halted, and goes on
 *     HALT_MASKED    OUT endpoint 1 is halted, and goes on
 *     EMPTY_PAUSED   as HALT_PAUSED, but it is emptied; STATUS tells what a look at it then says
 *     CLEAR_HALT     OUT endpoint 1 goes on, which is not halted
 *     REOPEN_BUSY    interrupts are on: OUT endpoint 1, as soon as EasyDMA works for it
 *
 * Others are done at once: EMPTY_OUT drops what arrived, FILL sends an 'o' by endpoint 2, OPEN_MORE
 * opens endpoint 3 both ways, which no descriptor has, and TRY_MORE tells what the driver says
 * about packets of it.
 */
#include "driver/critical.h"
#include "driver/engine.h"
#include "driver/epin.h"
#include "driver/epout.h"
#include "firmware/class/descriptor.h"
#include "firmware/class/device.h"
#include "firmware/common/startup.h"

#include <stddef.h>

enum {
    NO_JOB,
    EMPTY,
    REOPEN,
    REOPEN_OUT,
    HALT_PAUSED,
    FILL,
    OPEN_MORE,
    TRY_MORE,
    REOPEN_BUSY,
    HALT_MASKED,
    CLEAR_HALT,
    EMPTY_PAUSED,
    STATUS,
    EMPTY_OUT
};
enum { PACKET = 64, A_LITTLE = 2000 };

enum { CONFIGURATION_SIZE = CONFIGURATION_HEADER_SIZE + INTERFACE_SIZE + 4 * ENDPOINT_SIZE };

static const uint8_t descriptor[DEVICE_SIZE] = {DEVICE_BYTES(0x0200, 0xff, 0, 0, 0x01fd)};
static const uint8_t configuration[CONFIGURATION_SIZE] = {
    CONFIGURATION_BYTES(CONFIGURATION_SIZE, 1, SELF_POWERED),
    INTERFACE_BYTES(0, 0, 4, 0xff, 0, 0),
    ENDPOINT_BYTES(0x01, ENDPOINT_BULK, PACKET, 0),
    ENDPOINT_BYTES(0x81, ENDPOINT_BULK, PACKET, 0),
    ENDPOINT_BYTES(0x82, ENDPOINT_BULK, PACKET, 0),
    ENDPOINT_BYTES(0x88, ENDPOINT_ISOCHRONOUS, PACKET, 1),
};
static const char *const strings[] = {"Fencepost", "Endpoints begin anew", NULL};

static volatile uint8_t job;
static uint8_t status[2];

static enum usbd_status send_letter(uint8_t letter)
{
    return epin_start(2, &letter, sizeof letter);
}

static void wait_a_little(void)
{
    for (volatile uint32_t i = 0; i < A_LITTLE; i++)
        ;
}

/* ---- Jobs --------------------------------------------------------------------------------------
 */

static void begin_anew(enum usbd_status (*how)(uint8_t address))
{
    uint32_t before = critical_enter();

    wait_a_little();
    if (how(0x82) == USBD_OK)
        (void)!send_letter('1');
    critical_leave(before);
    while (send_letter('2') == USBD_BUSY)
        ;
}

static void reopen_out(void)
{
    uint32_t before = critical_enter();

    wait_a_little();
    (void)!endpoint_open(0x01);
    critical_leave(before);
}

static void halt_paused(void)
{
    if (engine_pause() != USBD_OK)
        return;
    wait_a_little();
    (void)!endpoint_halt(0x01);
    (void)!endpoint_clear_halt(0x01);
    engine_resume();
}

static void halt_masked(void)
{
    uint32_t before = critical_enter();

    wait_a_little();
    (void)!endpoint_halt(0x01);
    (void)!endpoint_clear_halt(0x01);
    critical_leave(before);
}

static void empty_paused(void)
{
    uint8_t packet[PACKET];
    uint32_t size;

    if (engine_pause() != USBD_OK)
        return;
    wait_a_little();
    (void)!endpoint_empty(0x01);
    status[0] = (uint8_t)epout_end(1, packet, sizeof packet, &size);
    engine_resume();
}

static void clear_no_halt(void)
{
    uint32_t before = critical_enter();

    wait_a_little();
    (void)!endpoint_clear_halt(0x01);
    critical_leave(before);
}

static void reopen_busy(void)
{
    while (!engine_owns(ENGINE_OUT(1)))
        ;
    (void)!endpoint_open(0x01);
}

static void work(void)
{
    uint8_t now = job;

    job = NO_JOB;
    if (now == EMPTY)
        begin_anew(endpoint_empty);
    if (now == REOPEN)
        begin_anew(endpoint_open);
    if (now == REOPEN_OUT)
        reopen_out();
    if (now == HALT_PAUSED)
        halt_paused();
    if (now == HALT_MASKED)
        halt_masked();
    if (now == EMPTY_PAUSED)
        empty_paused();
    if (now == CLEAR_HALT)
        clear_no_halt();
    if (now == REOPEN_BUSY)
        reopen_busy();
}

/* ---- The device --------------------------------------------------------------------------------
 */

static struct answer try_more(void)
{
    uint32_t size;

    status[0] = (uint8_t)epin_start(3, NULL, 0);
    status[1] = (uint8_t)epout_end(3, NULL, 0, &size);
    return send(status, sizeof status);
}

static struct answer vendor(const struct usbd_setup *setup)
{
    switch (setup->request) {
    case FILL:
        return send_letter('o') == USBD_OK ? accept() : stall();
    case EMPTY_OUT:
        return endpoint_empty(0x01) == USBD_OK ? accept() : stall();
    case OPEN_MORE:
        return endpoint_open(0x83) == USBD_OK && endpoint_open(0x03) == USBD_OK ? accept()
                                                                                : stall();
    case STATUS:
        return send(status, 1);
    case TRY_MORE:
        return try_more();
    default:
        job = setup->request;
        return accept();
    }
}

static void send_back(void)
{
    uint8_t packet[PACKET];
    uint32_t size;

    if (epin_ready(1) && epout_end(1, packet, sizeof packet, &size) == USBD_OK)
        (void)!epin_start(1, packet, size);
}

static void event(enum usbd_event event)
{
    if (event == USBD_EVENT_PACKET)
        send_back();
}

static const struct device device = {
    .descriptor = descriptor,
    .configuration = configuration,
    .strings = strings,
    .string_count = 3,
    .vendor = vendor,
    .event = event,
};

int main(void)
{
    device_run(&device, work);
}
