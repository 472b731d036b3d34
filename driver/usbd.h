/* SPDX-License-Identifier: Apache-2.0 */
/*
 * USBD of the nRF52840: power-up, events, SETUP packets and the ends of control transfers
 * (PS v1.7, 6.35).
 *
 * The data stages of endpoint 0 are in driver/ep0in.h and driver/ep0out.h, packet by packet, and in
 * driver/control.h, transfer by transfer; all other endpoints in driver/endpoint.h. A program calls
 *
 *     usbd_power_up, enable interrupt 39, usbd_connect
 *
 * and then, whenever the interrupt comes, usbd_next_event until it returns USBD_EVENT_NONE.
 */
#ifndef DRIVER_USBD_H
#define DRIVER_USBD_H

#include "driver/status.h"

#include <stdbool.h>
#include <stdint.h>

/* Number of the USBD interrupt. */
enum { USBD_IRQ = 39 };

enum usbd_event {
    USBD_EVENT_NONE,
    USBD_EVENT_RESET,     /* the host reset the bus; endpoint 0 is idle */
    USBD_EVENT_SETUP,     /* a control transfer begins; endpoint 0 is idle; see usbd_read_setup */
    USBD_EVENT_DATA_DONE, /* an EP0 data packet went over the bus; ep0in_end or ep0out_start */
    USBD_EVENT_OUT_END,   /* an EP0 OUT packet is in RAM; ep0out_end */
    USBD_EVENT_PACKET,    /* a packet of another endpoint moved; see endpoint_on_event */
    USBD_EVENT_FRAME,     /* a frame begins (SOF) */
    USBD_EVENT_SUSPEND,   /* nothing on the bus for 3 ms; see usbd_sleep */
    USBD_EVENT_RESUME,    /* there is again, and USBD is awake */
};

/* Events that come only to those who want them. */
enum usbd_watch {
    USBD_WATCH_PACKETS = 1, /* USBD_EVENT_PACKET; endpoint_open does it */
    USBD_WATCH_FRAMES = 2,  /* USBD_EVENT_FRAME; endpoint_open does it for isochronous ones */
    USBD_WATCH_BUS = 4,     /* USBD_EVENT_SUSPEND, USBD_EVENT_RESUME */
};

/* A SETUP packet (USB 2.0, 9.3). */
struct usbd_setup {
    uint8_t request_type; /* bmRequestType */
    uint8_t request;      /* bRequest */
    uint16_t value;       /* wValue */
    uint16_t index;       /* wIndex */
    uint16_t length;      /* wLength: size of the data stage in bytes */
};

/*
 * Waits for VBUS, without limit: without a cable there is nothing to do. Then enables USBD, starts
 * the crystal oscillator and waits for READY, the regulator and the crystal (PS 6.35: Power-up
 * sequence). Leaves the interrupts of endpoint 0 enabled in USBD and the pull-up off.
 *
 * USBD_TIMEOUT  one of the three did not become ready; VBUS may be gone
 */
USBD_MUST_CHECK enum usbd_status usbd_power_up(void);

/* Switches the pull-up on: the host sees a device. Call it when ready to answer. */
void usbd_connect(void);

/* Switches the pull-up off: to the host the device is gone. */
void usbd_disconnect(void);

/*
 * The next thing to deal with, in the order in which it happened. Both RESET and SETUP end
 * whatever endpoint 0 was doing and take its buffers back before they are reported. DATA_DONE and
 * OUT_END are reported again until the call named at the event was made.
 */
enum usbd_event usbd_next_event(void);

/* Lets more events come, and no longer: any of enum usbd_watch. After usbd_power_up. */
void usbd_watch(unsigned events);
void usbd_unwatch(unsigned events);

/*
 * Lets USBD sleep, behind USBD_EVENT_SUSPEND: low-power mode, and the crystal oscillator is no
 * longer asked for (PS 6.35: USB suspend and resume). Endpoints can be used meanwhile; their
 * packets wait. USBD_EVENT_RESUME and USBD_EVENT_RESET come when USBD is awake again.
 *
 * USBD_IDLE     the host has resumed the bus already: nothing was done
 * USBD_TIMEOUT  EasyDMA does not end: nothing was done
 */
USBD_MUST_CHECK enum usbd_status usbd_sleep(void);

/*
 * Asks the host to resume the bus, while it is suspended and if the host has allowed it (USB 2.0,
 * 7.1.7.7). Wakes USBD first; 1 ms at most. USBD_EVENT_RESUME tells that the host did.
 *
 * USBD_IDLE     the bus is not suspended
 * USBD_TIMEOUT  the crystal does not start, or USBD does not wake up
 */
USBD_MUST_CHECK enum usbd_status usbd_wake_host(void);

/*
 * Switches USBD off, when VBUS is gone or the device wants to be: ends whatever endpoint 0 was
 * doing, and waits for the end of EasyDMA, which ENABLE = 0 would cut off. usbd_power_up switches
 * it on again. Not before a bus reset told that all endpoints are closed, the program may use them
 * again.
 *
 * USBD_TIMEOUT  EasyDMA does not end: it is still on, without pull-up
 */
USBD_MUST_CHECK enum usbd_status usbd_power_down(void);

/* The SETUP packet received last, always all of one packet. */
struct usbd_setup usbd_read_setup(void);

/* The host has reset the bus or sent the next SETUP, and the program does not know yet: an answer
 * would be taken for the answer to the next request. */
bool usbd_request_over(void);

/*
 * Allows the status stage: the request is accepted (PS 6.35: Control transfers). For transfers
 * without data stage and, after the last packet, for control writes. Reads end with EP0IN_LAST
 * instead.
 *
 * USBD_BUSY     an EP0 packet is on its way
 * USBD_IDLE     usbd_request_over: nobody waits for the answer
 * USBD_TIMEOUT  EasyDMA works for another endpoint and does not end
 */
USBD_MUST_CHECK enum usbd_status usbd_accept_request(void);

/*
 * Refuses the request: data and status stage are answered with STALL until the next SETUP
 * (PS 6.35: Control transfers).
 *
 * USBD_BUSY  an EP0 packet is on its way: its bytes would be sent to no one, its end never come
 * USBD_IDLE, USBD_TIMEOUT  as above
 */
USBD_MUST_CHECK enum usbd_status usbd_stall_request(void);

#endif
