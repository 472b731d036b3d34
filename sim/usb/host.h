/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The virtual USB host: full speed, transaction by transaction, in frames of 1 ms.
 *
 * It answers nothing on the device's behalf: every byte it knows came over the wire. What it does
 * is a conversation: one of the built-in enumerations, a text (conversation.h), or transfers asked
 * for one at a time.
 */
#ifndef SIM_USB_HOST_H
#define SIM_USB_HOST_H

#include "sim/core/choice.h"
#include "sim/core/schedule.h"
#include "sim/core/state.h"
#include "sim/core/trace.h"
#include "sim/core/wire.h"
#include "sim/usb/conversation.h"
#include "sim/usb/descriptor.h"
#include "sim/usb/port.h"

enum host_profile {
    HOST_LINUX,
    HOST_WINDOWS,
    HOST_MACOS,
    HOST_MANUAL, /* attach, reset and address only on request: host_control and friends */
    HOST_SCRIPT, /* as the text says */
    HOST_NONE,   /* there is none: VBUS stays off, and the outcome is HOST_IDLE */
};

enum host_outcome {
    HOST_BUSY,   /* the conversation goes on */
    HOST_IDLE,   /* manual: nothing to do */
    HOST_DONE,   /* enumerated: the device is configured; or the script reached its end */
    HOST_GAVE_UP /* host_reason() says why */
};

enum transfer_outcome {
    TRANSFER_BUSY,
    TRANSFER_DONE,
    TRANSFER_STALLED,
    TRANSFER_TIMED_OUT, /* NAKed too long */
    TRANSFER_SILENT,    /* no answer, three times in a row */
    TRANSFER_BABBLE     /* the device sent more than it was asked for, or broke the protocol */
};

enum { HOST_DATA_MAX = 4096 };

struct host;

/*
 * A conversation that depends on what the device says: a chapter of text is written (in the
 * language of docs/host-language.md), followed to its end, and then the next one is asked for.
 *
 * What a program remembers is plain state in `memory`. It may look at the host, above all at
 * descriptors and at host_transfer_data, but its chapter is all it can do.
 */
struct host_writing {
    void *memory; /* all zero at first */
    const struct host *host;
    uint64_t seed;       /* of the run */
    struct text *steps;  /* the chapter */
    struct text *reason; /* PROGRAM_FAILED: a sentence; PROGRAM_DONE: what was done, or nothing */
};

enum program_turn { PROGRAM_GOES_ON, PROGRAM_DONE, PROGRAM_FAILED };

struct host_program {
    const char *name; /* stands in messages */
    size_t memory;    /* bytes */
    enum program_turn (*write)(const struct host_writing *writing);
};

enum { HOST_CHAPTER_MAX = 48 << 10 }; /* bytes of text */

struct host_config {
    struct scheduler *scheduler; /* the host handles EVENT_HOST_* */
    struct chooser *chooser;
    struct wires *wires; /* drives WIRE_VBUS, listens to WIRE_USB_PULLUP */
    struct trace *trace;
    struct state *state;
    const struct usb_port_ops *port;
    void *device;
    enum host_profile profile;
    const struct conversation *script;  /* for HOST_SCRIPT, else NULL; must outlive the host */
    const struct host_program *program; /* goes on when the enumeration is complete; NULL: none */
    uint64_t seed;                      /* for the program */
    /* Asked when no device came for 2 s while the CPU is at work: whether to wait on. NULL: no. */
    bool (*worth_waiting)(const void *owner);
    const void *owner;
};

/* Builds a host; released with host_destroy. */
struct host *host_create(const struct host_config *config);
void host_destroy(struct host *host);

/*
 * Power-on of everything: VBUS is switched on, the conversation starts from its beginning. With
 * HOST_MANUAL the outcome is HOST_BUSY until a device is attached and debounced, then HOST_IDLE.
 * When the device detaches at any time, the same starts again with its next attach.
 */
void host_power_on(struct host *host);

enum host_outcome host_outcome(const struct host *host);

/* The device is configured, and the program is about to begin: a snapshot of this moment serves for
 * as many seeds as one likes. */
bool host_awaits_program(const struct host *host);

/* Another seed for the program, from its next chapter on. Not state. */
void host_reseed(struct host *host, uint64_t seed);

/* Why the host gave up, a plain sentence; "" otherwise. */
const char *host_reason(const struct host *host);

/* The present time, as the host's events have it. */
sim_time host_now(const struct host *host);

/* The address and configuration value the host gave the device; 0 before, and after a bus reset. */
uint8_t host_device_address(const struct host *host);
uint8_t host_configuration(const struct host *host);

/* Descriptors as received: "device" (18 bytes) and first configuration. Owned by the host; size 0
 * before they were read. */
const uint8_t *host_device_descriptor(const struct host *host, size_t *size);
const uint8_t *host_configuration_descriptor(const struct host *host, size_t *size);

/* All it knows, for usb_print_device. The descriptors belong to the host. */
struct usb_device_view host_device_view(const struct host *host);

/*
 * Manual conversation: with HOST_MANUAL, or after HOST_DONE. The outcome is HOST_BUSY while it
 * lasts and HOST_IDLE when it is done.
 *
 * A reset asked for before a device is attached and debounced is done then.
 */
void host_bus_reset(struct host *host);

/* Stops all traffic; a transfer that is going on ends as TRANSFER_SILENT. */
void host_suspend(struct host *host);

/* Resume signalling for 20 ms, then frames again and 10 ms of recovery. Does nothing unless the
 * bus is suspended. */
void host_resume(struct host *host);

/*
 * Starts a control transfer with the device at its present address. For OUT transfers `data` holds
 * wLength bytes, at most HOST_DATA_MAX, which are copied. Only one at a time, and none while an
 * enumeration is going on (assert); ask host_transfer for its end. Without a device that was reset
 * and is not suspended it ends at once, as TRANSFER_SILENT.
 */
void host_control(struct host *host, const uint8_t setup[8], const uint8_t *data);
enum transfer_outcome host_transfer(const struct host *host);

/* One direction of an endpoint, for bulk and interrupt transfers. */
struct host_pipe {
    uint8_t endpoint;    /* 1..15 */
    uint8_t zlp;         /* true: a write of whole packets ends with a zero-length packet */
    uint8_t isochronous; /* true: one packet a frame, without handshake */
    uint16_t interval;   /* interrupt: frames from one poll to the next, 1..; 0: bulk */
    uint16_t packet_max; /* bytes of a full packet, 1..64; isochronous: ..1023 */
    uint8_t toggle; /* PID of the first packet: of what is written, or what must come; 0: as it is
                       due */
    sim_time patience; /* how long it may be NAKed; 0: 5 s */
};

/*
 * A number of bytes out, in, or both at the same time as fast as the bus allows. The bytes are a
 * pattern without a period; what comes in must be what went out, in its order, however the device
 * cuts it into packets. Isochronous packets may get lost, which is counted.
 */
struct host_stream {
    struct host_pipe out; /* endpoint 0: nothing goes out */
    struct host_pipe in;  /* endpoint 0: nothing comes in */
    uint32_t size;        /* bytes each way */
    uint32_t seed;        /* of the pattern */
    sim_time pause;       /* the host stops reading for so long ... */
    uint32_t pause_every; /* ... whenever so many bytes have come; 0: never */
    uint32_t boundary; /* a short packet, of length zero if need be, ends every so many bytes, and
                        * must come back in its place; 0: bytes are all that counts */
    sim_time patience; /* without any progress; 0: 5 s */
};

enum { HOST_STREAM_MAX = 64 << 20 };

/* As the configuration descriptor describes endpoint 1..15, if the host has it; else bulk with
 * packets of 64 bytes. */
struct host_pipe host_pipe(const struct host *host, uint8_t endpoint, bool reads);

/*
 * Starts a bulk or interrupt transfer, under the same conditions as host_control and with the same
 * end: host_transfer and host_transfer_data. Writes `size` bytes (0: a zero-length packet), at most
 * HOST_DATA_MAX, which are copied; or reads until a short packet or `size` bytes have come.
 *
 * Tokens follow each other as fast as full speed allows: 19 packets of 64 bytes a frame. Data
 * toggles are kept for each endpoint; they start again after a bus reset, SET_CONFIGURATION,
 * SET_INTERFACE and CLEAR_FEATURE(ENDPOINT_HALT).
 */
void host_pipe_write(struct host *host, const struct host_pipe *pipe, const uint8_t *data,
                     size_t size);
void host_pipe_read(struct host *host, const struct host_pipe *pipe, size_t size);

/* Starts a stream, under the same conditions; ask host_transfer for its end. */
void host_stream(struct host *host, const struct host_stream *stream);

/* What a stream has moved so far, or had moved at its end. */
struct host_stream_figures {
    uint32_t out; /* bytes */
    uint32_t in;
    uint32_t packets_out;
    uint32_t packets_in;
    uint32_t lost; /* isochronous packets that did not come back */
    sim_time duration;
};
struct host_stream_figures host_stream_figures(const struct host *host);

/*
 * Sends no further token of the transfer under way, as when the program that asked for it gave up,
 * and ends whatever conversation is going on. The device learns of it by the next SETUP (USB 2.0,
 * 5.5.5). Nothing when there is none.
 */
void host_abandon(struct host *host);

/*
 * Follows `script` from its first step, from whatever state bus and device are in; under the same
 * conditions as host_control. The outcome is HOST_BUSY, then HOST_DONE or HOST_GAVE_UP. The script
 * must outlive the host or the next call. With HOST_MANUAL.
 */
void host_follow(struct host *host, const struct conversation *script);

/*
 * The host drops whatever it is doing, enumeration, script or transfer, and does from here on what
 * it is asked, as with HOST_MANUAL. A bus reset or resume that is going on is finished. With a
 * device that comes anew (host_plug) it begins its own conversation again, unless that was a
 * script.
 */
void host_take_over(struct host *host);

/* Pulls the cable out: VBUS is off; puts it back in. Nothing when it is so already. */
void host_unplug(struct host *host);
void host_plug(struct host *host);

/* The data toggle of the next packet of bulk or interrupt endpoint 1..15: 0 or 1. */
unsigned host_toggle(const struct host *host, uint8_t endpoint, bool reads);

/* Whether a device is there that may be spoken to: reset, and not suspended. */
bool host_can_speak(const struct host *host);

/* Appends what the host is doing or waiting for now: "GET_DESCRIPTOR(Device), 64 bytes wanted:
 * data stage, 0 bytes so far". Neither full stop nor line end. */
void host_print_activity(struct text *text, const struct host *host);

/* What an IN transfer brought, its first HOST_DATA_MAX bytes; or what an OUT transfer was given. */
const uint8_t *host_transfer_data(const struct host *host, size_t *size);

/*
 * For those who decide late when a token is sent: from when on the pause before the token that is
 * scheduled now is counted, and when, at `when` or in the frame behind it, a token may be sent that
 * leaves room for any transaction in its frame.
 */
bool host_streams(const struct host *host); /* its pauses are not counted from one place */
sim_time host_pause_begins(const struct host *host);
sim_time host_token_fits(const struct host *host, sim_time when);

/* After a successful SET_ADDRESS by host_control the host uses the new address by itself. */

#endif
