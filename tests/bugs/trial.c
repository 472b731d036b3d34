/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bugs/trial.h"

#include "sim/base/hash.h"
#include "sim/base/heap.h"
#include "sim/base/text.h"
#include "sim/explore/checked.h"
#include "sim/explore/plan.h"
#include "sim/explore/uninitialised.h"
#include "sim/report/place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LIMIT_MS = 2000,  /* of virtual time; an enumeration takes a quarter of it */
    RAM_PATTERN = 165 /* of `fencepost run` */
};

/* ---- What is kept of a run ------------------------------------------------------------------- */

static void complain(struct trial *trial, const char *what, guest_addr address, guest_addr pc)
{
    if (trial->complaint[0] == '\0')
        (void)snprintf(trial->complaint, sizeof trial->complaint, "%s: 0x%08x at pc 0x%08x", what,
                       (unsigned)address, (unsigned)pc);
}

static void keep_window(struct trial *trial, struct byte_range window)
{
    for (unsigned i = 0; i < trial->windows; i++) {
        if (trial->window[i].start == window.start && trial->window[i].size == window.size)
            return;
    }
    if (window.size && trial->windows < WINDOWS_MAX)
        trial->window[trial->windows++] = window;
}

static void keep_packet(struct trial *trial, const struct obs_usb_packet *packet)
{
    if (packet->sender == USB_FROM_DEVICE && packet->size)
        trial->sent = hash_bytes(trial->sent, packet->payload, packet->size);
}

static void hear(void *owner, const struct observation *seen)
{
    struct trial *trial = owner;

    if (seen->kind == OBS_MISUSE && !seen->misuse.is_cause)
        complain(trial, misuse_sentence(seen->misuse.misuse), seen->misuse.address,
                 seen->misuse.pc);
    else if (seen->kind == OBS_UNMODELLED)
        complain(trial, "not modelled", seen->unmodelled.address, seen->unmodelled.pc);
    else if (seen->kind == OBS_DMA_CAPTURE)
        keep_window(trial, seen->dma_open.window);
    else if (seen->kind == OBS_USB_PACKET)
        keep_packet(trial, &seen->usb_packet);
    else if (seen->kind == OBS_SERIAL && seen->serial.from_chip)
        trial->sent = hash_bytes(trial->sent, &seen->serial.byte, 1);
}

/* ---- Running --------------------------------------------------------------------------------- */

/* As `fencepost run` does it. `path` has to live as long as the plan, and so has `board`, which
 * board_file_free releases. */
static struct plan plan_of(const struct trial_options *options, char **path,
                           struct board_file *board)
{
    struct plan plan = {
        .machine = {.host = options->script[0] ? HOST_SCRIPT : HOST_LINUX,
                    .host_script = options->script[0] ? options->script : NULL,
                    .ram_pattern = options->ram_pattern ? options->ram_pattern : RAM_PATTERN},
        .timeout = (sim_time)LIMIT_MS * CYCLES_PER_MS,
        .image_count = 1,
        .images = path,
    };

    if (options->undocumented[0] &&
        !silicon_read_undocumented(&plan.machine.silicon, options->undocumented))
        abort(); /* the source of the bug names an answer that does not exist */
    *board = (struct board_file){0};
    if (options->board[0] &&
        board_file_read(board, &plan.machine.board, options->board, NULL) != STATUS_OK)
        plan.machine.board.port[0] = options->board; /* what no port takes: the build says why */
    return plan;
}

/* Where the program is. Released with heap_release. */
static char *path_of(const struct trial_options *options)
{
    struct text path = {0};

    text_printf(&path, "%s/%s/%s.elf", FIRMWARE_DIR, options->build, options->program);
    return path.bytes;
}

static enum status run(struct trial *trial, const struct plan *plan, bool residue,
                       struct failure *failure)
{
    struct uninitialised bytes;
    struct wire_log log = {0};
    enum status status = plan_build(plan, &trial->machine, failure);

    if (status != STATUS_OK)
        return status;
    trial->checker = checked_attach(trial->machine, NULL);
    wire_log_attach(&log, machine_trace(trial->machine));
    trace_subscribe(machine_trace(trial->machine),
                    TRACE_KIND(MISUSE) | TRACE_KIND(UNMODELLED) | TRACE_KIND(DMA_CAPTURE) |
                        TRACE_KIND(USB_PACKET) | TRACE_KIND(SERIAL),
                    hear, trial);
    trial->stop = plan_run(plan, trial->machine);
    if (residue)
        status = uninitialised_search(plan, &log, trial->checker, &bytes, failure);
    wire_log_free(&log);
    return status;
}

bool trial_run(struct trial *trial, const struct trial_options *options)
{
    char *path = path_of(options);
    struct board_file board;
    struct plan plan = plan_of(options, &path, &board);
    struct failure failure;
    enum status status;

    *trial = (struct trial){.machine = NULL};
    status = run(trial, &plan, options->residue, &failure);
    heap_release(path);
    board_file_free(&board);
    if (status != STATUS_OK) {
        (void)snprintf(trial->complaint, sizeof trial->complaint, "%s", failure.message);
        return false;
    }
    trial->ended_well =
        trial->stop == MACHINE_STOP_HOST_DONE ||
        (trial->stop == MACHINE_STOP_EXIT && machine_exit_code(trial->machine) == 0);
    return true;
}

void trial_close(struct trial *trial)
{
    machine_destroy(trial->machine);
    checker_destroy(trial->checker);
}

/* ---- Which accesses come from a line --------------------------------------------------------- */

struct eye {
    struct machine *machine;
    const char *file;
    unsigned line;
    struct line_accesses seen;
    unsigned open; /* windows that belong to EasyDMA */
    struct {
        uint32_t transfer;
        struct byte_range window;
    } transfer[WINDOWS_MAX];
};

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* Whether an instruction, or the call that led to it from one caller up, is of the line. */
static bool is_of_line(const struct eye *eye, guest_addr pc)
{
    struct source_place place[PLACES];
    unsigned count = image_places(machine_image(eye->machine), pc, place, PLACES);

    for (unsigned i = 0; i < count; i++) {
        if (place[i].line == eye->line && strcmp(base_name(place[i].file), eye->file) == 0)
            return true;
    }
    return false;
}

/* A copy routine acts for its caller, whose address LR still holds in a leaf function. */
static bool acts_for_line(const struct eye *eye, guest_addr pc)
{
    struct site site;

    if (is_of_line(eye, pc))
        return true;
    trace_site(machine_trace(eye->machine), &site);
    return is_of_line(eye, (site.r[14] & ~1u) - 2);
}

static bool is_in_flight(const struct eye *eye, const struct obs_access *access)
{
    struct byte_range range = {access->address, access->size};

    for (unsigned i = 0; i < eye->open; i++) {
        if (ranges_overlap(eye->transfer[i].window, range))
            return true;
    }
    return false;
}

static void forget(struct eye *eye, uint32_t transfer)
{
    for (unsigned i = 0; i < eye->open; i++) {
        if (eye->transfer[i].transfer == transfer) {
            eye->transfer[i] = eye->transfer[--eye->open];
            return;
        }
    }
}

static void look(void *owner, const struct observation *seen)
{
    struct eye *eye = owner;

    if (seen->kind == OBS_DMA_OPEN && eye->open < WINDOWS_MAX) {
        eye->transfer[eye->open].transfer = seen->dma_open.transfer;
        eye->transfer[eye->open++].window = seen->dma_open.window;
    } else if (seen->kind == OBS_DMA_OBSERVED) {
        forget(eye, seen->dma_close.transfer);
    } else if ((seen->kind == OBS_CPU_STORE || seen->kind == OBS_CPU_LOAD) &&
               acts_for_line(eye, seen->access.pc)) {
        if (is_in_flight(eye, &seen->access))
            eye->seen.in_flight++;
        else
            eye->seen.elsewhen++;
    }
}

struct line_accesses trial_accesses(const struct trial *trial, const struct trial_options *options,
                                    const char *file, unsigned line)
{
    char *path = path_of(options);
    struct board_file board;
    struct plan plan = plan_of(options, &path, &board);
    struct eye eye = {.file = file, .line = line};
    struct failure failure;
    enum status status = plan_build(&plan, &eye.machine, &failure);

    heap_release(path);
    board_file_free(&board);
    if (status != STATUS_OK)
        return eye.seen;
    struct trace *trace = machine_trace(eye.machine);
    trace_subscribe(trace,
                    TRACE_KIND(CPU_STORE) | TRACE_KIND(CPU_LOAD) | TRACE_KIND(DMA_OPEN) |
                        TRACE_KIND(DMA_OBSERVED),
                    look, &eye);
    machine_power_on(eye.machine);
    for (unsigned i = 0; i < trial->windows; i++)
        trace_watch(trace, trial->window[i], WATCH_STORES | WATCH_LOADS);
    (void)plan_proceed(&plan, eye.machine);
    machine_destroy(eye.machine);
    return eye.seen;
}
