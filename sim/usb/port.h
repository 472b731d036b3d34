/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The seam between the host and a device: a full-speed bus, one transaction at a time.
 *
 * VBUS and the pull-up are wires (WIRE_VBUS, WIRE_USB_PULLUP); the rest is this table. The host
 * reports every packet to the trace stream; the device does not.
 */
#ifndef SIM_USB_PORT_H
#define SIM_USB_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { USB_PACKET_MAX = 64, USB_ISO_MAX = 1023 };

/* PID bytes as on the wire (USB 2.0, 8.3.1). */
enum usb_pid {
    PID_OUT = 0xe1,
    PID_IN = 0x69,
    PID_SOF = 0xa5,
    PID_SETUP = 0x2d,
    PID_DATA0 = 0xc3,
    PID_DATA1 = 0x4b,
    PID_ACK = 0xd2,
    PID_NAK = 0x5a,
    PID_STALL = 0x1e,
};

/* How a device answers a token. */
enum usb_answer {
    USB_ANSWER_ACK, /* to IN: a data packet */
    USB_ANSWER_NAK,
    USB_ANSWER_STALL,
    USB_ANSWER_NONE, /* silence: the host runs into its time-out */
};

struct usb_data {
    uint8_t pid; /* PID_DATA0 or PID_DATA1 */
    uint16_t size;
    uint32_t transfer; /* EasyDMA transfer the payload came from or 0, for reports */
    uint8_t bytes[USB_ISO_MAX];
};

/* All are called by the host with the device, and return at once. None is NULL. */
struct usb_port_ops {
    /* SE0 begins / ends. Between the two the host is silent for at least 10 ms. Reset also ends
     * suspend. */
    void (*reset_begin)(void *device);
    void (*reset_end)(void *device);
    /* A frame starts, every 1 ms. `frame` is 11 bits. Not called while suspended. */
    void (*sof)(void *device, uint16_t frame);
    /* The host stops / restarts all traffic. The device notices suspend after 3 ms by itself. */
    void (*suspend)(void *device);
    void (*resume)(void *device);
    /* Tokens carry the address; a device that has another one answers USB_ANSWER_NONE. */
    enum usb_answer (*setup)(void *device, uint8_t address, const uint8_t packet[8]);
    enum usb_answer (*out)(void *device, uint8_t address, uint8_t endpoint, enum usb_pid pid,
                           const uint8_t *bytes, size_t size);
    enum usb_answer (*in)(void *device, uint8_t address, uint8_t endpoint, struct usb_data *data);
    /* The host's ACK for the data packet of the last `in`. Not called when the ACK is lost. */
    void (*in_acknowledged)(void *device, uint8_t address, uint8_t endpoint);
    /*
     * Isochronous transactions: one packet of up to USB_ISO_MAX bytes, no handshake and no
     * repetition (USB 2.0, 8.5.5). `intact` false: its CRC is wrong. IN: whether the device sent
     * a packet.
     */
    void (*isochronous_out)(void *device, uint8_t address, uint8_t endpoint, const uint8_t *bytes,
                            size_t size, bool intact);
    bool (*isochronous_in)(void *device, uint8_t address, uint8_t endpoint, struct usb_data *data);
};

#endif
