/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A device that answers each vendor request out of another kind of memory, and does to that memory
 * at once what a caller may do: the host has to receive the bytes all the same. Byte i is i + 1.
 */
#include "driver/ep0in.h"
#include "firmware/common/board.h"
#include "firmware/common/startup.h"

enum { REQUEST_FLASH = 1, REQUEST_STACK = 2, REQUEST_OVERWRITTEN = 3 };

#define EIGHT(n) (n) + 1, (n) + 2, (n) + 3, (n) + 4, (n) + 5, (n) + 6, (n) + 7, (n) + 8

static const uint8_t in_flash[EP0_PACKET_MAX] = {EIGHT(0),  EIGHT(8),  EIGHT(16), EIGHT(24),
                                                 EIGHT(32), EIGHT(40), EIGHT(48), EIGHT(56)};
static uint8_t in_ram[EP0_PACKET_MAX];

static void fill(volatile uint8_t *bytes, uint8_t first, uint8_t step)
{
    for (uint32_t i = 0; i < EP0_PACKET_MAX; i++)
        bytes[i] = (uint8_t)(first + i * step);
}

static __attribute__((noinline)) enum usbd_status start_from_stack(void)
{
    uint8_t bytes[EP0_PACKET_MAX];

    fill(bytes, 1, 1);
    return ep0in_start(bytes, sizeof bytes, EP0IN_LAST);
}

/* Uses the stack below the caller, as any function called next would. */
static __attribute__((noinline)) void overwrite_stack(void)
{
    volatile uint8_t junk[4 * EP0_PACKET_MAX];

    for (uint32_t i = 0; i < sizeof junk; i++)
        junk[i] = 0xee;
}

static enum usbd_status from_stack(void)
{
    enum usbd_status status = start_from_stack();

    overwrite_stack();
    return status;
}

static enum usbd_status from_overwritten(void)
{
    fill(in_ram, 1, 1);
    enum usbd_status status = ep0in_start(in_ram, sizeof in_ram, EP0IN_LAST);
    fill(in_ram, 0xdd, 0);
    return status;
}

static enum usbd_status answer(uint8_t request)
{
    switch (request) {
    case REQUEST_FLASH:
        return ep0in_start(in_flash, sizeof in_flash, EP0IN_LAST);
    case REQUEST_STACK:
        return from_stack();
    case REQUEST_OVERWRITTEN:
        return from_overwritten();
    default:
        return usbd_stall_request();
    }
}

void on_usb_event(enum usbd_event event)
{
    if (event == USBD_EVENT_SETUP && answer(usbd_read_setup().request) != USBD_OK)
        (void)!usbd_stall_request();
    if (event == USBD_EVENT_DATA_DONE)
        (void)!ep0in_end();
}

int main(void)
{
    board_run();
}
