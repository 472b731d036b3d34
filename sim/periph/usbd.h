/* SPDX-License-Identifier: Apache-2.0 */
/*
 * USBD: USB 2.0 full-speed device controller (PS v1.7, 6.35).
 *
 * What the model does, file by file, each with its own numbered deviations:
 *   usbd.c           register map, shortcuts, access rules, reset
 *   usbd_power.c     ENABLE and READY, pull-up, suspend, low power, remote wake-up
 *   usbd_dma.c       start tasks, endpoint buffers, the single EasyDMA
 *   usbd_endpoint.c  toggles, halts, SIZE; bulk and interrupt endpoints 1..7
 *   usbd_control.c   endpoint 0
 *   usbd_notice.c    what the firmware was told of packets
 *   usbd_isochronous.c  endpoint 8
 *   usbd_errata.c    what real silicon does wrong
 *   usbd_port.c      the bus: struct usb_port_ops
 *
 * Inputs are WIRE_VBUS, WIRE_HFXO and the wires of errata 171 and 187; outputs WIRE_USB_ENABLE,
 * WIRE_USB_PULLUP, WIRE_USB_RESUME_K and interrupt 39. Which silicon it is: fabric->silicon.
 */
#ifndef SIM_PERIPH_USBD_H
#define SIM_PERIPH_USBD_H

#include "sim/periph/easydma.h"
#include "sim/usb/port.h"

enum {
    USBD_ENDPOINTS = 8, /* control, bulk and interrupt; the isochronous pair stands apart */
    USBD_CHANNELS = 18, /* EPIN[0..7], ISOIN, EPOUT[0..7], ISOOUT, in this order */
    USBD_CORE_BYTES = 2048,
    USBD_ISO_BANK_BYTES = 1024,
};

/* Direction of the endpoint seen from the host, as in bit 7 of an endpoint address. */
struct usbd_in {
    uint8_t buffer[USB_PACKET_MAX];
    uint32_t transfer; /* EasyDMA transfer the packet came from */
    uint32_t implied;  /* transfer whose end the host's ACK has proved */
    uint8_t size;
    uint8_t armed;  /* the packet may go to the host */
    uint8_t sent;   /* it went, and the ACK is awaited */
    uint8_t toggle; /* 0 DATA0, 1 DATA1 */
    uint8_t halted;
    uint8_t stale; /* a transfer was running when its packet became void */
    uint8_t unused[2];
};

struct usbd_out {
    uint8_t buffer[USB_PACKET_MAX];
    uint32_t implied;
    uint8_t size;
    uint8_t full;      /* holds a packet that EasyDMA has not fetched */
    uint8_t accepting; /* the next packet is taken; endpoint 0 has usbd_control for that */
    uint8_t toggle;    /* expected next */
    uint8_t halted;
    uint8_t stale;
    uint8_t fetched; /* EasyDMA was started for the packet it holds */
    uint8_t unused;
};

/* What the firmware was told of an OUT packet, see usbd_notice.c. */
struct usbd_notice {
    uint8_t pending;      /* EPDATASTATUS has the bit */
    uint8_t told;         /* ... and it was read since the packet came */
    uint8_t behind_start; /* a transfer was started since the bit was set */
    uint8_t fetched;      /* the packet was fetched, and there was none since */
};

struct usbd_control {
    uint8_t stage;          /* enum control_stage, usbd_control.c */
    uint8_t status_allowed; /* EP0STATUS */
    uint8_t out_allowed;    /* EP0RCVOUT */
    uint8_t stalled;        /* EP0STALL */
    uint8_t status_waits;   /* EP0STATUS came while EasyDMA was running */
    uint8_t out_waits;      /* EP0RCVOUT came while EasyDMA was running */
    uint8_t begun;          /* a packet of the data stage was acknowledged */
    uint8_t complete;       /* the data stage of a control write is over */
    uint16_t moved;         /* bytes of the data stage that were acknowledged */
    uint8_t fetched;        /* a packet of the data stage was fetched to RAM */
    uint8_t early;          /* an answer came before the firmware could know of this request */
};

struct usbd_power {
    uint8_t enabled;    /* ENABLE was written as 1; the register may read 1 longer */
    uint8_t ready;      /* registers are accessible */
    uint8_t connected;  /* a bus reset was seen since the pull-up was switched on */
    uint8_t suspended;  /* the bus is idle for 3 ms or more */
    uint8_t wake_waits; /* LOWPOWER = 0 was written while suspended, without HFXO */
    uint8_t low_power;  /* LOWPOWER as last written */
    uint8_t selected;   /* endpoint address that DTOGGLE is for */
    uint8_t woke;       /* the device itself has signalled the resume that is to come */
    uint8_t deaf;       /* erratum 211: the bus was resumed, and the core has not noticed */
    uint8_t unused[3];
};

/* One of the two isochronous buffers: half of a bank, or all of it, for each direction. */
struct usbd_iso_bank {
    uint8_t bytes[USBD_ISO_BANK_BYTES];
    uint32_t transfer; /* EasyDMA transfer the IN packet came from */
    uint16_t in_size;
    uint16_t out_size;
    uint8_t in_loaded; /* the packet may go to the host in the frame that the bank is on the bus */
    uint8_t out_received; /* in the frame that it was on the bus */
    uint8_t unused[2];
};

struct usbd_iso {
    struct usbd_iso_bank bank[2];
    uint8_t on_bus; /* the bank that the host's tokens use; EasyDMA has the other */
    uint8_t stale;  /* an IN transfer was running when its packet became void */
    uint8_t unused[2];
};

/* Errata and their like: usbd_errata.c. */
struct usbd_quirks {
    uint8_t start_turn; /* erratum 104: whose turn it is to be lost */
    uint8_t rcvout_turn;
    uint8_t data_turn;
    uint8_t odd;         /* an odd number of bytes was moved since ENABLE */
    uint8_t spoils_next; /* ... before the last ENABLE = 0, so that the next transfer is spoilt */
    uint8_t spoilt;      /* the present transfer is */
    uint8_t unused[2];
};

/* Plain state, one registered region. */
struct usbd_state {
    sim_time idle_since; /* when the host stopped all traffic */
    struct usbd_in in[USBD_ENDPOINTS];
    struct usbd_out out[USBD_ENDPOINTS];
    struct usbd_notice notice[USBD_ENDPOINTS];
    struct usbd_control control;
    struct usbd_power power;
    struct usbd_quirks quirks;
    uint32_t abandoned[USBD_CHANNELS]; /* open transfers when USBRESET was raised */
    uint32_t queued;               /* bit n: channel n waits for EasyDMA (SECOND_START_QUEUED) */
    uint8_t core[USBD_CORE_BYTES]; /* behind MACINDEX and MACDATA */
    struct usbd_iso iso;
};

struct usbd {
    struct usbd_state state;
    /* Wiring. */
    struct regfile regs;
    struct fabric *fabric;
    struct easydma *easydma;
    unsigned channel; /* EasyDMA's number of the first of USBD_CHANNELS */
};

/* The device's side of the bus; its `device` is a struct usbd. */
extern const struct usb_port_ops usbd_port;

/* The register map, for who prints it. */
extern const struct block_spec usbd_spec;

/* Connects the block; it is then as after usbd_reset. */
void usbd_init(struct usbd *usbd, struct fabric *fabric, const struct block_spec *spec);

/* System reset: registers and state to their reset values, running transfers dropped, detached. */
void usbd_reset(struct usbd *usbd, enum reset_kind reason);

#endif
