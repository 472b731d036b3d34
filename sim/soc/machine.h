/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole machine: an nRF52840 with firmware in its flash and a USB host at its connector.
 *
 * This is the API for programs that embed the simulator, for instance a test of your own firmware
 * (tests/machine/test_example.c shows one from start to end):
 *
 *     machine_create  ->  machine_load  ->  (subscribe to machine_trace)  ->  machine_power_on
 *     machine_run / machine_control ...  ->  machine_destroy
 *
 * Runs are deterministic: the same image and the same options give the same run to the last bit.
 */
#ifndef SIM_SOC_MACHINE_H
#define SIM_SOC_MACHINE_H

#include "sim/base/status.h"
#include "sim/board/board.h"
#include "sim/core/choice.h"
#include "sim/core/state.h"
#include "sim/core/trace.h"
#include "sim/cpu/cpu.h"
#include "sim/hosts/hosts.h"
#include "sim/image/image.h"
#include "sim/periph/gpio.h"
#include "sim/periph/silicon.h"
#include "sim/usb/host.h"

struct machine;
struct usbd;

struct machine_options {
    enum choice_policy dma;  /* when EasyDMA moves its words */
    uint64_t seed;           /* for the random policy */
    enum host_profile host;  /* whose enumeration the host follows, HOST_MANUAL or HOST_SCRIPT */
    uint8_t ram_pattern;     /* what never-written RAM holds */
    bool faults_continue;    /* a HardFault does not end the run: its handler goes on */
    enum host_talk talk;     /* what the host does when its enumeration is complete */
    const char *host_script; /* a file the host follows (docs/host-language.md) with HOST_SCRIPT */
    uint32_t
        store_buffer; /* stores EasyDMA does not see before a barrier; 0: all are seen at once */
    struct silicon silicon;     /* which chip: silicon_of(SILICON_REV3); all zero: without errata */
    struct board_options board; /* what is plugged in besides the host */
};

/* Builds a machine without firmware. `options` NULL: realistic DMA, Linux host. */
MUST_CHECK enum status machine_create(struct machine **machine,
                                      const struct machine_options *options,
                                      struct failure *failure);
void machine_destroy(struct machine *machine);

/* Puts an image into flash and RAM (ELF, HEX, UF2 or BIN). May be called for several images; the
 * one with debug information is used for names. Where two images hold the same byte, it must have
 * the same value (IMAGES_OVERLAP). */
MUST_CHECK enum status machine_load(struct machine *machine, const char *path,
                                    struct failure *failure);

/*
 * Flash and UICR from a file that machine_save_flash wrote, before images are loaded over them; a
 * file that does not exist changes nothing. With it, what firmware stores outlives the run.
 */
MUST_CHECK enum status machine_load_flash(struct machine *machine, const char *path,
                                          struct failure *failure);
MUST_CHECK enum status machine_save_flash(const struct machine *machine, const char *path,
                                          struct failure *failure);

/*
 * The vector table the CPU begins with: at 0 or, when nothing is loaded there, that of the first
 * image behind the boot loader which is missing. VTOR points to it then, as a boot loader that
 * forwards exceptions makes it appear.
 */
guest_addr machine_begins_at(const struct machine *machine);

/* Releases reset with VBUS present and the host attached. Time starts at 0. */
void machine_power_on(struct machine *machine);

enum machine_stop {
    MACHINE_STOP_TIME,        /* the time given is over */
    MACHINE_STOP_CONDITION,   /* the condition of machine_run_until became true */
    MACHINE_STOP_HOST_DONE,   /* the host's conversation reached its end */
    MACHINE_STOP_HOST_FAILED, /* the host gave up; machine_host() says why */
    MACHINE_STOP_EXIT,        /* the firmware ended itself (semihosting); machine_exit_code() */
    MACHINE_STOP_FAULT,       /* HardFault or lock-up */
    MACHINE_STOP_ASLEEP,      /* asleep, and nothing will ever happen again */
    MACHINE_STOP_OFF,         /* switched off (System OFF), and nothing in sight wakes the chip */
};

/* Runs for `duration` cycles of virtual time, or until something ends it. */
enum machine_stop machine_run(struct machine *machine, sim_time duration);

/* As machine_run, and also stops as soon as `condition` holds; it is asked after every event the
 * host or a peripheral causes. */
enum machine_stop machine_run_until(struct machine *machine, sim_time duration,
                                    bool (*condition)(void *owner, struct machine *machine),
                                    void *owner);

/* Makes machine_run return MACHINE_STOP_CONDITION before the next instruction. For trace
 * subscribers and debuggers, while it runs. */
void machine_request_stop(struct machine *machine);

/*
 * What the board does to the chip, for a test of the reader's own: the level of a pin (0..47, P1.00
 * is 32), voltages at an analog pin (0..7) and on VDD, the temperature. They stay as they are
 * through resets.
 */
void machine_drive_pin(struct machine *machine, unsigned pin, enum level level);
void machine_drive_analog(struct machine *machine, unsigned input, unsigned millivolts); /* AINn */
void machine_set_supply(struct machine *machine, unsigned millivolts); /* 3300 at first */
void machine_set_temperature(struct machine *machine, double celsius); /* 25 at first */

/* What the chip does to a pin: the level it drives or pulls to, or LEVEL_FLOATING. */
enum level machine_pin(struct machine *machine, unsigned pin);

/* Of the text the host follows with HOST_SCRIPT; 0: it follows none. */
uint64_t machine_script_hash(const struct machine *machine);

/* Of what is plugged into the board, files included; 0: nothing is. */
uint64_t machine_board_fingerprint(const struct machine *machine);

/* When the board has begun the last thing it does by itself, and no one has to wait for more. */
sim_time machine_board_last_time(const struct machine *machine);

int machine_exit_code(const struct machine *machine);

/* Result of machine_control and its like. */
enum control_result { CONTROL_DONE, CONTROL_STALLED, CONTROL_TIMED_OUT, CONTROL_STOPPED };

/*
 * The host makes one control transfer on endpoint 0 while the machine runs, at most `duration`.
 * `data` holds or receives wLength bytes; `size` gets how many were transferred (may be NULL).
 * CONTROL_STOPPED: the run ended otherwise (fault, exit); see machine_last_stop().
 */
enum control_result machine_control(struct machine *machine, const uint8_t setup[8], uint8_t *data,
                                    size_t *size, sim_time duration);

/*
 * As machine_control, with a bulk or interrupt endpoint (1..15) as the configuration descriptor
 * describes it: writes `size` bytes, at most HOST_DATA_MAX, 0 is a zero-length packet; or reads
 * until a short packet or `*size` bytes came, and sets `*size` to how many.
 */
enum control_result machine_pipe_write(struct machine *machine, uint8_t endpoint,
                                       const uint8_t *data, size_t size, sim_time duration);
enum control_result machine_pipe_read(struct machine *machine, uint8_t endpoint, uint8_t *data,
                                      size_t *size, sim_time duration);
enum machine_stop machine_last_stop(const struct machine *machine);

/* The parts. All owned by the machine. */
struct trace *machine_trace(struct machine *machine);
struct state *machine_state(struct machine *machine);
struct cpu *machine_cpu(struct machine *machine);
struct host *machine_host(struct machine *machine);
const struct usbd *machine_usbd(struct machine *machine); /* the device's side of the bus */
struct memory *machine_memory(struct machine *machine);
struct bus *machine_bus(struct machine *machine);
struct wires *machine_wires(struct machine *machine);
struct scheduler *machine_scheduler(struct machine *machine);
struct chooser *machine_chooser(struct machine *machine);
const struct image *machine_image(const struct machine *machine); /* NULL before machine_load */
sim_time machine_now(const struct machine *machine);

/* Copies `size` bytes of memory; false if there is none. With the signature that reports ask for.
 */
bool machine_peek(void *machine, guest_addr address, void *bytes, uint32_t size);

/* A copy of everything, to come back to. Released with snapshot_free. The second form reuses the
 * memory of an old snapshot (NULL: a new one). */
struct snapshot *machine_save(struct machine *machine);
struct snapshot *machine_save_into(struct machine *machine, struct snapshot *snapshot);
void machine_restore(struct machine *machine, const struct snapshot *snapshot);

/* Fingerprint of the whole state; equal machines have equal hashes on every host. */
uint64_t machine_hash(struct machine *machine);

#endif
