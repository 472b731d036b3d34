/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The trace stream: everything that can be observed of the machine, typed.
 *
 * Layers below report what happens; detectors, reports, captures and the debugger subscribe. They
 * cannot touch the machine, so turning one on cannot change a run. An observation nobody
 * subscribed to costs one test of a bit (trace_wants).
 */
#ifndef SIM_CORE_TRACE_H
#define SIM_CORE_TRACE_H

#include "sim/base/range.h"
#include "sim/core/time.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum observation_kind {
#define OBSERVATION(name, member, brief) OBS_##name,
#include "sim/core/trace.def"
#undef OBSERVATION
    OBSERVATION_KINDS,
};

enum misuse {
#define MISUSE(name, sentence) MISUSE_##name,
#include "sim/core/misuse.def"
#undef MISUSE
    MISUSE_COUNT,
};

/* Who made an access. */
enum access_actor {
    ACTOR_INSTRUCTION, /* a load or store instruction at `pc` */
    ACTOR_STACKING, /* exception entry, unstacking or lazy FP state; `pc` is the interrupted one */
    ACTOR_SEMIHOST, /* the debugger host on behalf of the firmware, at the BKPT `pc` */
};

/* One aligned or unaligned access of 1..8 bytes. RAM aliases are already folded to Data RAM. */
struct obs_access {
    guest_addr pc;
    guest_addr address;
    uint32_t size;
    enum access_actor actor;
    uint16_t exception; /* IPSR: 0 in thread mode */
    uint64_t before;    /* stores: the bytes before; loads: the bytes read (little-endian) */
    uint64_t after;     /* stores: the bytes after */
};

/* The current stack pointer moved (seen only while a WATCH_STACK exists). */
struct obs_stack {
    guest_addr pc;     /* the first instruction that finds the new value */
    bool psp;          /* which of the two */
    guest_addr before; /* as seen last, of the same of the two */
    guest_addr after;
};

/*
 * A function somebody marked in the image (cpu_mark_call) was entered, or returned to its caller.
 * `tag` is what it was marked with.
 */
struct obs_call {
    guest_addr pc; /* CALL: first instruction of the function; RETURN: where it returned to */
    guest_addr lr; /* CALL: the return address */
    uint32_t tag;
    uint32_t r[4]; /* CALL: the arguments; RETURN: r[0] is the result, r[1..3] are 0 */
};

enum barrier_kind { BARRIER_DMB, BARRIER_DSB, BARRIER_ISB, BARRIER_COMPILER };

struct obs_barrier {
    guest_addr pc;
    enum barrier_kind kind;
};

struct obs_mmio {
    guest_addr pc;
    guest_addr address;
    uint32_t size;
    uint32_t value; /* read or written; for a write, as the CPU wrote it */
};

/* Seen from the device's memory: does the engine read RAM or write it? */
enum dma_direction {
    DMA_READS_RAM,  /* USB IN, TXD: the CPU must not store */
    DMA_WRITES_RAM, /* USB OUT, RXD: the CPU must not load or store */
};

/* What started a transfer. */
enum dma_trigger { DMA_BY_CPU, DMA_BY_SHORTCUT, DMA_BY_PPI };

/*
 * DMA_OPEN comes in the same instant as the start task, DMA_CAPTURE when PTR and MAXCNT were
 * latched; when they changed in between, the window of the latter is the true one.
 */
struct obs_dma_open {
    uint32_t transfer; /* number of the transfer, from 1, never reused in a run */
    uint16_t channel;  /* names it: trace_channel() */
    enum dma_direction direction;
    enum dma_trigger trigger;
    guest_addr pc; /* of the store that triggered it, also for shortcuts (then: the last CPU pc) */
    struct byte_range window;
    const uint8_t *bytes; /* content of the window now; NULL when it is not in RAM or empty */
    bool chained;         /* hardware keeps it in step with chained transfers of other blocks */
    bool ptr_kept;        /* PTR was not written since the start before, of the same channel */
};

struct obs_dma_word {
    uint32_t transfer;
    uint16_t channel;
    enum dma_direction direction;
    guest_addr address;
    uint32_t size; /* 1..4: the first and last word of a window may be partial */
    uint8_t bytes[4];
};

enum dma_end {
    DMA_ENDED,    /* regular end: END event raised */
    DMA_DROPPED,  /* the start was ignored, or the transfer was lost with the peripheral */
    DMA_OBSERVED, /* OBS_DMA_OBSERVED: by reading the event register at `event` */
};

struct obs_dma_close {
    uint32_t transfer;
    uint16_t channel;
    enum dma_end how;
    uint32_t amount;  /* bytes moved */
    guest_addr pc;    /* of the observing load, else 0 */
    guest_addr event; /* address of the event register that was observed, else 0 */
};

struct obs_exception {
    uint16_t number; /* 1..: as in IPSR */
    uint16_t from;   /* pre-empted or returned to: 0 = thread */
    guest_addr pc;   /* first instruction of the handler, or the one returned to */
};

enum usb_sender { USB_FROM_HOST, USB_FROM_DEVICE };

struct obs_usb_packet {
    enum usb_sender sender;
    uint8_t pid; /* the PID byte as on the wire, complement included */
    uint8_t address;
    uint8_t endpoint;
    uint16_t frame;
    uint16_t size;          /* data packets: payload bytes */
    const uint8_t *payload; /* NULL without payload */
    uint32_t transfer;      /* EasyDMA transfer the payload came from or 0 */
    bool damaged;           /* its CRC is wrong where it arrives */
};

/* What an acknowledged packet or request waits for. */
enum endpoint_step {
    ENDPOINT_GIVEN, /* the device has acknowledged it: the firmware's turn */
    ENDPOINT_NOTED, /* the firmware cleared what told it so */
    ENDPOINT_TAKEN, /* it did the next step, or the matter is over */
};

struct obs_endpoint {
    guest_addr pc;
    guest_addr next;  /* GIVEN: register of the task that would be the next step */
    uint8_t endpoint; /* 0: control transfers; 1..7: OUT packets */
    enum endpoint_step step;
};

enum usb_bus_state {
    USB_ATTACHED,
    USB_RESET_BEGIN,
    USB_RESET_END,
    USB_SUSPENDED,
    USB_RESUMED,
    USB_DETACHED
};

struct obs_usb_bus {
    enum usb_bus_state state;
};

struct obs_serial {
    const char *port; /* "uart0": what the board calls it */
    bool from_chip;
    uint8_t byte;
};

/* A packet the chip has sent, as it was on the air (sim/board/air.h). */
struct air_packet;

struct obs_radio {
    const struct air_packet *packet; /* valid while the observation is delivered */
};

struct obs_pwm {
    const char *block; /* "PWM0" */
    uint32_t output;   /* 0..3 */
    uint32_t pin;      /* as in PSEL.OUT: bit 31 set when it is disconnected */
    uint32_t compare;  /* ticks, of a period of `top` */
    uint32_t top;
    bool falling; /* polarity: high until the counter reaches `compare`; else from there on */
};

enum host_step {
    HOST_NOTE,      /* `text` tells what the host does */
    HOST_REQUEST,   /* a control transfer ended well; `text` tells request and result */
    HOST_STALLED,   /* a control transfer was answered with STALL */
    HOST_FAILED,    /* the conversation cannot go on; `text` is the reason, a plain sentence */
    HOST_COMPLETED, /* the conversation reached its end */
};

struct obs_host {
    enum host_step step;
    const char *text;
};

struct obs_misuse {
    enum misuse misuse;
    guest_addr pc;
    guest_addr address; /* register concerned */
    uint32_t value;
    uint32_t transfer;        /* EasyDMA transfer concerned or 0 */
    enum dma_trigger trigger; /* who did it; `pc` is the culprit only when it was the CPU */
    bool is_cause;            /* no harm yet: the next misuse of this kind comes from here */
};

struct obs_unmodelled {
    guest_addr pc;
    guest_addr address;
    uint32_t size;
    bool write;
    bool exists; /* the register is modelled; what the write asks it for is not */
    uint32_t value;
    const char *block; /* name of the block if known, else NULL */
};

struct obs_console {
    const char *source; /* "semihosting", "rtt", "uart0" */
    const char *bytes;
    size_t size;
};

struct obs_fault {
    uint16_t exception; /* 3 HardFault, 4 MemManage, 5 BusFault, 6 UsageFault */
    bool lockup;
    guest_addr pc; /* the instruction at fault */
    uint32_t cfsr;
    uint32_t hfsr;
    uint32_t mmfar;
    uint32_t bfar;
    const char *cause; /* one sentence, e.g. "store to 0x20040000, where nothing is" */
};

struct obs_reset {
    uint32_t reason; /* as POWER.RESETREAS */
    guest_addr pc;
};

struct observation {
    enum observation_kind kind;
    sim_time when;
    union {
        struct obs_access access;
        struct obs_stack stack;
        struct obs_call call;
        struct obs_barrier barrier;
        struct obs_mmio mmio;
        struct obs_dma_open dma_open;
        struct obs_dma_word dma_word;
        struct obs_dma_close dma_close;
        struct obs_exception exception;
        struct obs_usb_packet usb_packet;
        struct obs_endpoint endpoint;
        struct obs_usb_bus usb_bus;
        struct obs_serial serial;
        struct obs_pwm pwm;
        struct obs_radio radio;
        struct obs_host host;
        struct obs_misuse misuse;
        struct obs_unmodelled unmodelled;
        struct obs_console console;
        struct obs_fault fault;
        struct obs_reset reset;
    };
};

/*
 * Where the CPU was, with enough of its state to walk back through its callers later. Plain data:
 * a detector keeps one for each open transfer.
 */
enum { SITE_STACK_BYTES = 1024 };

struct site {
    sim_time when;
    guest_addr pc;  /* the instruction concerned, not the next one */
    uint32_t r[16]; /* r13 is the current stack pointer, r15 equals pc */
    uint32_t xpsr;
    uint32_t msp;
    uint32_t psp;
    struct {
        guest_addr base;
        uint32_t size;
        uint8_t bytes[SITE_STACK_BYTES];
    } stack[2]; /* from MSP and from PSP upwards; size 0 where the pointer is not in RAM */
};

/* What becomes of the bytes of a channel. */
enum dma_far_side {
    DMA_ON_CHIP,  /* the block uses them up or makes them, or, with USBD, sends them in packets */
    DMA_OFF_CHIP, /* they are on the pins as they are in RAM */
    DMA_EXCHANGED /* they come in while the other channel of the block sends */
};

/* What a DMA channel is called and what it can carry. Static data of the model. */
struct dma_channel_name {
    const char *block; /* "USBD" */
    const char *name;  /* "EPIN[0]" */
    const char *task;  /* "TASKS_STARTEPIN[0]" */
    uint32_t largest;  /* bytes the far side can hold */
    enum dma_far_side far_side;
};

/* A store of the CPU to RAM, kept for the question which of them no barrier has ordered yet. */
struct recent_store {
    guest_addr pc;
    guest_addr address;
    uint32_t size;
    uint32_t number; /* low half of the store's number, to tell a slot that was never used */
};

enum {
    TRACE_SUBSCRIBERS = 16,
    TRACE_CHANNELS = 128,
    TRACE_WATCHES = 96,
    TRACE_RECENT_STORES = 1024, /* a power of two */
};

typedef void trace_subscriber(void *owner, const struct observation *observation);

struct trace {
    /* Plain state, one registered region. */
    struct trace_state {
        uint32_t transfers; /* number of the last transfer */
        /* Ranges whose accesses somebody wants to see; the hulls span them all. */
        uint32_t watches;
        struct {
            struct byte_range range;
            uint32_t kinds; /* WATCH_STORES | WATCH_LOADS */
        } watch[TRACE_WATCHES];
        struct byte_range store_hull;
        struct byte_range load_hull;
        uint32_t stack_watches;
        /*
         * The last TRACE_RECENT_STORES stores to RAM: store n is in slot n % TRACE_RECENT_STORES.
         * `stores` counts all; the two others say how many there had been at the last DMB or DSB,
         * and at the last barrier of any kind (recorded compiler barriers too).
         */
        uint64_t stores;
        uint64_t stores_at_barrier;
        uint64_t stores_at_fence;
        struct recent_store recent[TRACE_RECENT_STORES];
        /* Where the CPU is. Set by sim/cpu before each instruction. */
        guest_addr pc;
    } state;

    /* Wiring. */
    uint32_t wanted; /* bit n: somebody subscribed to kind n */
    unsigned subscribers;
    struct {
        uint32_t kinds;
        trace_subscriber *see;
        void *owner;
    } subscriber[TRACE_SUBSCRIBERS];
    /* While somebody listens alone: who, and what is to be wanted again afterwards. */
    struct {
        uint32_t wanted;
        trace_subscriber *see; /* NULL: nobody does */
        void *owner;
    } alone;
    unsigned channels;
    struct dma_channel_name channel[TRACE_CHANNELS];
    const sim_time *now; /* the scheduler's clock */
    /* Providers; a machine without a CPU has none and trace_site then fills in zeros. */
    void (*capture)(void *owner, struct site *site);
    void *capture_owner;
    /* Writes e.g. "USBD.EPIN[3].MAXCNT" (or the hexadecimal address) to `name`. */
    void (*register_name)(void *owner, guest_addr address, char *name, size_t room);
    void *register_owner;
};

void trace_init(struct trace *trace, const sim_time *now);

/* Forgets watches and transfer numbers. Wiring is kept. */
void trace_reset(struct trace *trace);

#define TRACE_KIND(name) ((uint32_t)1 << OBS_##name)

/* Sends every observation whose bit is set in `kinds` (TRACE_KIND(...) | ...) to `see`. */
void trace_subscribe(struct trace *trace, uint32_t kinds, trace_subscriber *see, void *owner);

/*
 * Sends what is in `kinds` to `see` and nothing to anybody else, until it is called with `see`
 * NULL: for a look ahead that is taken back afterwards.
 */
void trace_listen_alone(struct trace *trace, uint32_t kinds, trace_subscriber *see, void *owner);

static inline bool trace_wants(const struct trace *trace, enum observation_kind kind)
{
    return trace->wanted >> kind & 1;
}

/* Delivers `observation`, stamped with the current time, in the order of subscription. */
void trace_emit(struct trace *trace, struct observation observation);

/*
 * CPU_STORE and CPU_LOAD are reported only for ranges somebody asked for: loads cost nothing while
 * nobody does.
 */
enum watch_kind {
    WATCH_STORES = 1,
    WATCH_LOADS = 2,
    WATCH_STACK = 4, /* OBS_STACK for every move of a stack pointer, whatever the range */
};

/* Asks for the given `kinds` of accesses to `range`; more than one request may cover a byte. */
void trace_watch(struct trace *trace, struct byte_range range, uint32_t kinds);

/* Takes one equal request back. */
void trace_unwatch(struct trace *trace, struct byte_range range, uint32_t kinds);

/* True when an access of `size` bytes at `address` is to be reported. The hull is tested first. */
bool trace_watches(const struct trace *trace, enum watch_kind kind, guest_addr address,
                   uint32_t size);

/* Notes a store of the CPU to RAM (sim/cpu, for every one). */
static inline void trace_note_store(struct trace *trace, guest_addr address, uint32_t size)
{
    struct trace_state *state = &trace->state;

    state->recent[state->stores % TRACE_RECENT_STORES] = (struct recent_store){
        .pc = state->pc, .address = address, .size = size, .number = (uint32_t)state->stores};
    state->stores++;
}

/*
 * Notes a barrier at the current instruction and emits OBS_BARRIER. DMB and DSB order all stores
 * before them; a compiler barrier orders them in the object code only; ISB orders none.
 */
void trace_note_barrier(struct trace *trace, enum barrier_kind kind);

/*
 * The latest store to `range` that came after the last barrier (`compiler_too`: or recorded
 * compiler barrier); false if there is none among the last TRACE_RECENT_STORES.
 */
bool trace_unordered_store(const struct trace *trace, struct byte_range range, bool compiler_too,
                           struct recent_store *store);

/* Where the CPU is now. */
void trace_site(const struct trace *trace, struct site *site);

/* Registers a channel and returns its number, to be used in dma observations. */
uint16_t trace_add_channel(struct trace *trace, struct dma_channel_name name);

const struct dma_channel_name *trace_channel(const struct trace *trace, uint16_t channel);

/* Writes the name of the register at `address` to `name`, always NUL-terminated. */
void trace_register_name(const struct trace *trace, guest_addr address, char *name, size_t room);

const char *observation_name(enum observation_kind kind);
const char *misuse_sentence(enum misuse misuse);

#endif
