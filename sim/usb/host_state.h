/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the host share. Nobody else includes this.
 *
 *     host.c         the public functions, and what the host says
 *     root_port.c    power, attach, reset, frames, suspend
 *     enumerate.c    the conversation: which request is next, what is done with its answer
 *     manners.c      the conversations of Linux, Windows and macOS as tables
 *     control.c      one control transfer: its stages, retries and time-outs
 *     pipe.c         one bulk or interrupt transfer: toggles, polling, short packets
 *     stream.c       out and in at the same time, as fast as the bus allows; isochronous too
 *     transfer.c     what is said of transfers of all kinds
 *     frame.c        when a token may be sent: room in the frame, pauses
 *     turn.c         lost handshakes, SETUP again, bus reset: where a host may do otherwise
 *     transaction.c  one transaction: its packets
 *     bus_time.c     how long packets take, bit by bit
 *     by_hand.c      what a person makes the host do
 *     activity.c     what the host says it is doing
 *     script_run.c     following a text (conversation.h), step by step
 *     script_judge.c   "expect": was the transfer as it must be?
 *     script_disturb.c "after": how the host misbehaves in a transfer
 *     program.c        conversations that are written while they go on, a chapter at a time
 */
#ifndef SIM_USB_HOST_STATE_H
#define SIM_USB_HOST_STATE_H

#include "sim/usb/host.h"
#include "sim/usb/request.h"

enum port_phase {
    PORT_OFF,
    PORT_EMPTY,     /* VBUS is on, nobody pulls D+ up */
    PORT_DEBOUNCE,  /* a device is there, its contacts may still bounce */
    PORT_ATTACHED,  /* debounced, not reset yet: no traffic */
    PORT_RESET,     /* SE0 */
    PORT_RECOVERY,  /* after SE0: frames, but no transfers */
    PORT_ENABLED,   /* frames and transfers */
    PORT_SUSPENDED, /* no frames, no transfers */
    PORT_RESUME,    /* resume signalling (K) */
};

enum control_stage { STAGE_SETUP, STAGE_DATA, STAGE_STATUS };

/* Whose the latest transfer is. */
enum transfer_kind { ON_CONTROL, ON_PIPE, ON_STREAM };

enum { HOST_TRIES = 3 }; /* transactions without an answer or without progress, in a row */

/* How the device broke the protocol (TRANSFER_BABBLE). */
enum transfer_fault {
    FAULT_NONE,
    FAULT_SETUP_REFUSED,  /* NAK or STALL to SETUP (USB 2.0, 8.5.3) */
    FAULT_PACKET_TOO_BIG, /* more than bMaxPacketSize0 or wMaxPacketSize */
    FAULT_TOO_MUCH_DATA,  /* more than the host asked for */
    FAULT_STATUS_DATA,    /* a status stage that carries data */
    FAULT_TOGGLE,         /* the old data toggle again and again */
    FAULT_PID,            /* neither DATA0 nor DATA1 */
    FAULT_DATA,           /* other bytes than were sent */
    FAULT_BOUNDARY,       /* a packet that ends elsewhere than the one that was sent */
};

/* One control transfer. Members in order of size, so that there is no padding between them. */
struct control_state {
    sim_time deadline; /* of the present stage */
    sim_time patience; /* how long a stage may be NAKed */
    uint32_t stored;   /* bytes in `data` */
    uint32_t packets;  /* moved in the data stage */
    uint16_t done;     /* bytes moved in the data stage */
    uint16_t culprit;  /* a number for the sentence about `fault`: bytes or PID */
    uint8_t setup[8];
    uint8_t outcome;  /* enum transfer_outcome */
    uint8_t stage;    /* enum control_stage */
    uint8_t toggle;   /* PID of the next data packet */
    uint8_t fault;    /* enum transfer_fault */
    uint8_t silences; /* in a row */
    uint8_t repeats;  /* packets with the old toggle, in a row */
    uint8_t ignored;  /* such packets in the whole transfer, at most 255 */
    uint8_t active;
    uint8_t excess; /* bytes of a packet that was not announced; 0: none is to be sent */
    uint8_t early;  /* the status stage was entered early: the transfer begins again behind it */
    uint8_t unused[6];
    uint8_t data[HOST_DATA_MAX];
};

/* One bulk or interrupt transfer. */
struct pipe_state {
    sim_time deadline;   /* NAKs are taken until then */
    sim_time patience;   /* how long they are taken between two packets */
    uint32_t size;       /* bytes to write, or wanted */
    uint32_t done;       /* bytes moved */
    uint32_t packets;    /* moved */
    uint16_t packet_max; /* bytes of a full packet */
    uint16_t interval;   /* frames from one poll to the next; 0: bulk */
    uint16_t culprit;    /* a number for the sentence about `fault`: bytes or PID */
    uint8_t endpoint;
    uint8_t reads;
    uint8_t zlp;      /* a zero-length packet ends a write of whole packets */
    uint8_t strict;   /* the first packet read must have the right toggle */
    uint8_t outcome;  /* enum transfer_outcome */
    uint8_t fault;    /* enum transfer_fault */
    uint8_t silences; /* in a row */
    uint8_t repeats;  /* packets with the old toggle, in a row */
    uint8_t ignored;  /* such packets in the whole transfer, at most 255 */
    uint8_t active;
    uint8_t isochronous;
    uint8_t data[HOST_DATA_MAX];
};

/* One direction of a stream. */
struct stream_side {
    sim_time next;       /* no token before */
    uint32_t done;       /* bytes moved */
    uint32_t packets;    /* moved */
    uint32_t lost;       /* isochronous packets that did not come back */
    uint16_t packet_max; /* bytes of a full packet */
    uint16_t interval;   /* interrupt, isochronous: frames from one poll to the next; 0: bulk */
    uint8_t endpoint;
    uint8_t used;
    uint8_t isochronous;
    uint8_t silences; /* in a row */
    uint8_t repeats;  /* packets with the old toggle, in a row */
    uint8_t zlp_due;  /* the transfer ended with a full packet: an empty one must follow */
    uint8_t unused[2];
};

/* Data out and in at the same time. */
struct stream_state {
    struct stream_side side[2]; /* [reads] */
    sim_time started;
    sim_time ended;
    sim_time deadline; /* for the next packet in any direction */
    sim_time patience;
    sim_time pause;       /* of the reader, behind ... */
    uint32_t pause_every; /* ... so many bytes; 0: none */
    uint32_t size;        /* bytes each way */
    uint32_t seed;        /* of the pattern */
    uint32_t boundary;    /* bytes of a transfer; 0: cut as it comes */
    uint32_t unused;
    uint32_t wrong_at; /* FAULT_DATA: the byte, */
    uint8_t wrong;     /* ... what it is, */
    uint8_t right;     /* ... and what it must be */
    uint8_t turn;      /* [reads]: the side that was served last */
    uint8_t outcome;   /* enum transfer_outcome */
    uint8_t fault;     /* enum transfer_fault */
    uint8_t active;
    uint16_t culprit; /* a number for the sentence about `fault` */
};

enum { HOST_STRINGS = 3, STRING_MAX = 255, HOST_ENDPOINTS = 16, SCRIPT_LOOPS_MAX = 8 };

enum script_phase {
    SCRIPT_OFF,         /* no script, or it is over */
    SCRIPT_STEP,        /* EVENT_HOST_SCRIPT does the present step */
    SCRIPT_TIME,        /* a wait is going on */
    SCRIPT_ATTACH,      /* waits for a device, then does the step again */
    SCRIPT_DETACH,      /* waits until it is gone */
    SCRIPT_WAKE_UP,     /* waits until it signals remote wake-up */
    SCRIPT_PORT,        /* waits for the end of reset or resume */
    SCRIPT_ENUMERATION, /* the built-in conversation has taken over */
    SCRIPT_PROGRAM,     /* EVENT_HOST_SCRIPT has the program write its first chapter */
    SCRIPT_TRANSFER,    /* EVENT_HOST_SCRIPT does the present "after" */
};

/* Where the host is in its script. */
struct script_state {
    sim_time first_token; /* of the present transfer; SIM_TIME_NEVER before it */
    sim_time pace;        /* between tokens and requests, when `paced` */
    uint32_t step;
    uint32_t done; /* steps done so far */
    uint32_t echo; /* the step that sent data last, counted from 1; 0: none did */
    uint32_t rounds[SCRIPT_LOOPS_MAX]; /* that are left of each open loop */
    uint8_t loops;                     /* open ones */
    uint8_t phase;                     /* enum script_phase */
    uint8_t clause;                    /* "after" that is next */
    uint8_t armed;                     /* its point is reached, EVENT_HOST_SCRIPT will do it */
    uint8_t paced;
};

struct host_state {
    sim_time frame_start;
    sim_time bus_free;                     /* when the latest transaction is over */
    sim_time asleep_since;                 /* the CPU, if it is */
    sim_time next_poll[2][HOST_ENDPOINTS]; /* [reads][endpoint] of interrupt endpoints */
    struct control_state control;
    struct pipe_state pipe;
    struct stream_state stream;
    struct script_state script;
    uint32_t configuration_size;
    uint16_t frame;       /* 11 bits */
    uint16_t language;    /* LANGID for strings; 0: the device has none */
    uint16_t attaches;    /* without a configured device */
    uint16_t toggles[2];  /* [reads], bit n: endpoint n goes on with DATA1 */
    uint8_t phase;        /* enum port_phase */
    uint8_t profile;      /* enum host_profile: whose manners the port has now */
    uint8_t outcome;      /* enum host_outcome */
    uint8_t automatic;    /* the conversation decides what is next, not the caller */
    uint8_t reset_wanted; /* host_bus_reset before the device is debounced */
    uint8_t address;
    uint8_t configuration;
    uint8_t on_program; /* the script is a chapter of the program */
    uint8_t woken;      /* the device ended the last suspend by remote wake-up */
    uint8_t kind;       /* enum transfer_kind of the latest transfer */
    uint8_t packet_max; /* of endpoint 0 */
    uint8_t step;       /* row of the conversation */
    uint8_t try_number; /* of the present row, from 0 */
    uint8_t round;      /* bus reset and all, from 0 */
    uint8_t waits;      /* ATTACH_LIMITs that were waited for the device */
    uint8_t deaf;       /* the next handshake is lost (turn.c) */
    uint8_t device_size;
    uint8_t string_size[HOST_STRINGS];
    uint8_t device[18];
    uint8_t configuration_bytes[HOST_DATA_MAX];
    uint8_t string[HOST_STRINGS][STRING_MAX];
    char reason[320]; /* the padding behind it stays 0: members are set one by one */
};

/* Rows of a conversation. The three strings are named after the device descriptor's indexes. */
enum enumeration_action {
    DO_RESET,
    DO_DEVICE,
    DO_ADDRESS,
    DO_QUALIFIER,
    DO_CONFIGURATION, /* length WHOLE: wTotalLength bytes */
    DO_LANGUAGES,
    DO_MANUFACTURER,
    DO_PRODUCT,
    DO_SERIAL,
    DO_CONFIGURE,
    DO_END,
};

enum on_failure {
    START_OVER, /* from a bus reset, while rounds are left */
    GO_ON,      /* nobody depends on the answer */
    STOP,
};

enum { WHOLE = 0 };

/* One row. */
struct enumeration_step {
    enum enumeration_action action;
    uint16_t length; /* bytes wanted */
    uint8_t tries;
    enum on_failure on_failure;
    uint16_t pause_ms; /* before the next row, besides CHOICE_HOST_REQUEST */
};

/* How a family of hosts treats a port. Static data. */
struct host_manners {
    uint16_t reset_ms;
    uint16_t recovery_ms;
    uint8_t rounds;                       /* attempts from a bus reset onwards */
    const struct enumeration_step *steps; /* NULL: manual */
};

struct host {
    struct host_state state;
    struct host_config wiring;
    const struct conversation *script; /* that is followed; NULL: none, or a program's */
    struct program *program;           /* NULL without one */
};

/* ---- host.c ---------------------------------------------------------------------------------- */

void host_say(struct host *host, enum host_step step, const char *text);

/* The conversation cannot go on: `reason` is a sentence. The port falls silent. */
void host_give_up(struct host *host, const char *reason);

/* A transfer has just ended. */
void host_transfer_ended(struct host *host);

/* No further token of any transfer: the device is gone, the bus is reset or suspended, or the
 * caller gave up. A transfer under way ends as TRANSFER_SILENT. */
void host_abort(struct host *host);

bool host_transferring(const struct host *host);

/* Appends what the latest transfer was for, and how it ended. */
void host_print_request(struct text *text, const struct host *host);
void host_print_result(struct text *text, const struct host *host);

/* ---- root_port.c ----------------------------------------------------------------------------- */

void port_connect(struct host *host);
void port_power_on(struct host *host);

/* A device is there, was reset, and may be spoken to. */
bool port_enabled(const struct host *host);

/* SE0 (for so long as the port's manners are), then recovery, then the next thing of the
 * conversation or HOST_IDLE. */
void port_reset(struct host *host);
void port_reset_for(struct host *host, sim_time duration);

/* VBUS on; off. */
void port_plug(struct host *host);
void port_unplug(struct host *host);

/* Debounced; it may be reset. */
bool port_has_device(const struct host *host);

/* enumerate_next in `delay`. */
void port_pause(struct host *host, sim_time delay);

void port_suspend(struct host *host);
void port_resume(struct host *host);

/* ---- manners.c ------------------------------------------------------------------------------- */

const struct host_manners *host_manners(enum host_profile profile);

/* ---- enumerate.c ----------------------------------------------------------------------------- */

void enumerate_begin(struct host *host);

/* Once more from the bus reset, for no fault of the device. */
void enumerate_again(struct host *host);

/* Does the present row. */
void enumerate_next(struct host *host);

/* Judges the transfer the present row made, and goes on. */
void enumerate_transfer_ended(struct host *host);

/* ---- control.c ------------------------------------------------------------------------------- */

/* Starts a transfer; its first token is sent after a choice of HOST_TOKEN. `data` as wLength says,
 * may be NULL when nothing is written. `patience`: how long a stage may be NAKed; 0: the usual. */
void control_begin(struct host *host, const uint8_t setup[8], const uint8_t *data,
                   sim_time patience);

/* Goes to the status stage early; nothing unless a data stage is going on. */
void control_go_to_status(struct host *host);

/* Behind the last data packet of a write: one that was not announced. Nothing elsewhere. */
void control_send_excess(struct host *host);

/* The same transfer from its SETUP packet, which is sent at once. False while that is what comes
 * next anyway. */
bool control_again(struct host *host);

/* The status stage of a read that is in its data stage is next; then the transfer begins again.
 * False: it is none. */
bool control_status_early(struct host *host);

/* No token before `pause` is over. */
void control_postpone(struct host *host, sim_time pause);

/* One transaction: EVENT_HOST_TOKEN. */
void control_token(struct host *host);

/* Appends how the transfer ended: "18 bytes: 12 01 ...", "ok", "STALL", "no answer to ...". */
void control_print_result(struct text *text, const struct host *host);

/* ---- pipe.c ---- */

/* Starts a transfer of `size` bytes. `data`: what to write; unused when it reads. */
void pipe_begin(struct host *host, const struct host_pipe *pipe, bool reads, const uint8_t *data,
                size_t size);

/* One transaction: EVENT_HOST_TOKEN. */
void pipe_token(struct host *host);

/* No token before `pause` is over. */
void pipe_postpone(struct host *host, sim_time pause);

/* Endpoints start again with DATA0: all of them, those of one interface, or the one with this
 * address. */
void pipe_reset_toggles(struct host *host);
void pipe_reset_interface_toggles(struct host *host, uint8_t interface);
void pipe_reset_toggle(struct host *host, uint8_t address);

/* Appends e.g. "IN endpoint 1, 64 bytes wanted" and how the transfer ended. */
void pipe_print_request(struct text *text, const struct host *host);
void pipe_print_result(struct text *text, const struct host *host);

/* Toggle of one direction of an endpoint: the PID that is due; the other one is due now. */
enum usb_pid pipe_toggle(const struct host *host, bool reads, uint8_t endpoint);
void pipe_flip_toggle(struct host *host, bool reads, uint8_t endpoint);

/* ---- stream.c ---- */

/* Starts a stream. */
void stream_begin(struct host *host, const struct host_stream *stream);

/* One transaction: EVENT_HOST_TOKEN. */
void stream_token(struct host *host);

/* No token before `pause` is over. */
void stream_postpone(struct host *host, sim_time pause);

/* Of the packet a side moves next; what is still to come in. */
size_t stream_packet_size(const struct stream_state *stream, const struct stream_side *side);
uint32_t stream_bytes_due(const struct stream_state *stream);

/* ---- stream_print.c ---- */

/* Packets and bytes so far, in both directions together. */
uint32_t stream_packets(const struct host *host);
uint32_t stream_bytes(const struct host *host);

void stream_print_request(struct text *text, const struct host *host);
void stream_print_result(struct text *text, const struct host *host);

/* ---- frame.c ---- */

/* Schedules the next token, of at most `payload` bytes, for `pause` after the bus is free or later:
 * no transaction crosses the end of a frame. */
void frame_schedule_token(struct host *host, size_t payload, sim_time pause);

/* A pause in the host's doings: a choice, unless a script sets the pace. */
sim_time frame_pause(struct host *host, enum choice_point point, uint32_t instance);

/* The first time for a token in the frame that starts `frames` after the present one. */
sim_time frame_opening(const struct host *host, unsigned frames);

/* ---- transaction.c --------------------------------------------------------------------------- */

/* What one transaction brought. */
struct transaction {
    enum usb_answer answer;
    sim_time rest; /* how long the bus is busy from then on, an ACK of the host included */
};

/* Bus time from the beginning of the token to the moment of the transaction. */
sim_time transaction_lead_setup(const struct host *host, const uint8_t setup[8]);
sim_time transaction_lead_out(const struct host *host, uint8_t endpoint, uint8_t pid,
                              const uint8_t *bytes, size_t size);
sim_time transaction_lead_in(const struct host *host, uint8_t endpoint);

void transaction_sof(struct host *host);
/* `intact` false: the data packet arrives with a wrong CRC. The device does not see it; of an IN
 * packet the host sees nothing it could use, and does not acknowledge it. */
struct transaction transaction_setup(struct host *host, const uint8_t setup[8], bool intact);
struct transaction transaction_out(struct host *host, uint8_t endpoint, enum usb_pid pid,
                                   const uint8_t *bytes, size_t size, bool intact);
/* The data packet, if any, is left in `data`; it is not acknowledged yet. */
struct transaction transaction_in(struct host *host, uint8_t endpoint, struct usb_data *data,
                                  bool intact);
void transaction_acknowledge(struct host *host, uint8_t endpoint);

/* Isochronous, without a handshake (USB 2.0, 8.5.5). OUT: `intact` false spoils the CRC on the way;
 * the answer is always ACK. IN: the answer is ACK when there was a packet, else NONE. */
struct transaction transaction_isochronous_out(struct host *host, uint8_t endpoint,
                                               const uint8_t *bytes, size_t size, bool intact);
struct transaction transaction_isochronous_in(struct host *host, uint8_t endpoint,
                                              struct usb_data *data);

/* ---- turn.c ---- */

/* It is the host's turn to send a token. False: it does something else instead (enum host_turn). */
bool turn_keeps_to_transfer(struct host *host);

/* Is the handshake of the token under way lost? True only once. */
bool turn_loses_handshake(struct host *host);

/* ---- transfer.c ---- */

/* Appends the sentence about a broken protocol. `limit`: the most bytes that a packet of
 * `endpoint`, or the transfer, may have. */
void transfer_print_fault(struct text *text, enum transfer_fault fault, unsigned culprit,
                          unsigned limit, uint8_t endpoint);

/* Appends ": 12 01 00 ...", the first bytes of `data`; nothing when there are none. */
void transfer_print_bytes(struct text *text, const uint8_t *data, size_t size);

/* Appends how many packets with the wrong toggle were ignored, if any were. */
void transfer_print_ignored(struct text *text, unsigned ignored);

/* ---- script_run.c ---- */

/* A script is going on: it decides what is next. */
bool script_running(const struct host *host);

/* ... and has left it to a built-in enumeration for now. */
bool script_enumerates(const struct host *host);

/* EVENT_HOST_SCRIPT in a moment: the program's first chapter. */
void script_await_program(struct host *host);

/* Its story ends here, with the step it is at. Nothing when none is going on. */
void script_stop(struct host *host);

/* Power-on: from its first step. */
void script_begin(struct host *host);

/* EVENT_HOST_SCRIPT. */
void script_continue(struct host *host);

/* What the script may have waited for. */
void script_port_ready(struct host *host);
void script_transfer_ended(struct host *host);
void script_enumerated(struct host *host);

/* The device detached; `during` tells of a transfer or reset that was going on. */
void script_device_gone(struct host *host, bool during);

/* Appends "FILE:LINE: " of the present step. The script is over. */
void script_give_up(struct text *text, struct host *host);

/* For the other two files: the present step; its failure; the next one. */
const struct step *script_step(const struct host *host);
void script_fail(struct host *host, const char *reason);
void script_next(struct host *host);
void script_wait_for_port(struct host *host);

/* The conversation that is followed. */
const struct conversation *script_of(const struct host *host);

/* ---- program.c ---- */

void program_create(struct host *host);
void program_destroy(struct host *host);

/* Power-on: nothing is written yet. */
void program_reset(struct host *host);

/* A program is there and has begun, and not come to its end. */
bool program_running(const struct host *host);

/* The device is configured: the first chapter. A chapter is over: the next one, or the end. */
void program_begin(struct host *host);
void program_next(struct host *host);

/* It is over, whoever says so. */
void program_stop(struct host *host);

/* The present chapter. */
const struct conversation *program_chapter(const struct host *host);

/* Appends the words of line `line` of the present chapter in quotation marks. */
void program_print_line(struct text *text, const struct host *host, unsigned line);

/* ---- script_judge.c ---- */

/* True: the transfer that has just ended is as the step expects. `cut`: the host itself ended it.
 * Otherwise appends a sentence. */
bool script_judge(struct text *text, const struct host *host, bool cut);

/* ---- script_disturb.c ---- */

/* Around every token of a transfer. */
void script_before_token(struct host *host);
void script_after_token(struct host *host);

/* Is the handshake behind this packet lost? Asked when it would arrive; true only once. */
bool script_loses_handshake(struct host *host, enum control_stage stage, size_t size);

/* What happens to the packet that is about to be sent, or asked for. Once for each clause. */
enum packet_fate {
    FATE_USUAL,
    FATE_SPOILT, /* arrives with a wrong CRC */
    FATE_BABBLE, /* OUT: is longer than any packet may be */
    FATE_STALE,  /* OUT: a packet with the wrong toggle goes before it */
};
enum packet_fate script_packet_fate(struct host *host, enum control_stage stage, size_t size);

/* The transaction that `fate` makes of an OUT packet; `pid` and the rest are those of the packet as
 * it should be. */
struct transaction script_disturbed_out(struct host *host, enum packet_fate fate, uint8_t endpoint,
                                        enum usb_pid pid, const uint8_t *bytes, size_t size);

/* A transfer begins; its end was as expected; EVENT_HOST_SCRIPT while it goes on. */
void script_clauses_begin(struct host *host);
void script_clauses_settle(struct host *host);
void script_clause_due(struct host *host);

#endif
