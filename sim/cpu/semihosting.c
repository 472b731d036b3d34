/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/cpu/semihosting.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/cpu/console.h"

#include <string.h>

enum {
    FAILED = -1, /* what most operations answer when they fail */
    STOPPED_APPLICATION_EXIT = 0x20026,
    CENTISECONDS = 100,
    LONGEST_STRING = 65536, /* of SYS_WRITE0, in case nothing ends it */
    WORD = 4,
};

/* Errors as SYS_ERRNO names them; the numbers are those of the C library. */
enum { ERROR_BAD_HANDLE = 9, ERROR_ACCESS = 13, ERROR_FAULT = 14, ERROR_INVALID = 22 };

/* Handles are fixed: each of our few files has one. 0 is never a handle. */
enum { HANDLE_STDIN = 1, HANDLE_STDOUT, HANDLE_STDERR, HANDLE_FEATURES, HANDLE_COUNT };

/* SH_EXT_EXIT_EXTENDED and SH_EXT_STDOUT_STDERR. */
static const uint8_t features[] = {'S', 'H', 'F', 'B', 0x03};

static uint32_t fail(struct semihosting *s, int32_t error)
{
    s->state.last_error = error;
    return (uint32_t)FAILED;
}

/* ---- The guest's memory ---------------------------------------------------------------------- */

/* Reads the first `count` words of the parameter block at `block`. */
static bool read_block(const struct semihosting *s, guest_addr block, uint32_t *words,
                       uint32_t count)
{
    uint8_t bytes[3 * WORD];

    if (!memory_peek(s->memory, block, bytes, count * WORD))
        return false;
    for (uint32_t i = 0; i < count; i++)
        words[i] = load_le32(bytes + i * WORD);
    return true;
}

/* Tells watchers about an access of at most a word. */
static void tell(struct semihosting *s, enum observation_kind kind, guest_addr address,
                 uint32_t size, uint64_t before, uint64_t after)
{
    unsigned watch = kind == OBS_CPU_STORE ? WATCH_STORES : WATCH_LOADS;
    struct site site;

    if (!trace_wants(s->trace, kind) || !trace_watches(s->trace, watch, address, size))
        return;
    trace_site(s->trace, &site);
    trace_emit(s->trace, (struct observation){
                             .kind = kind,
                             .access = {.pc = s->trace->state.pc,
                                        .address = address,
                                        .size = size,
                                        .actor = ACTOR_SEMIHOST,
                                        .exception = (uint16_t)extract32(site.xpsr, 0, 9),
                                        .before = before,
                                        .after = after},
                         });
}

/* `address` is in Data RAM. */
static void store(struct semihosting *s, guest_addr address, const uint8_t *bytes, uint32_t size)
{
    uint8_t *cell = memory_at(s->memory, (struct byte_range){address, size});
    uint64_t before = load_le(cell, size);

    memory_ram_changing(s->memory, (struct byte_range){address, size});
    memcpy(cell, bytes, size);
    tell(s, OBS_CPU_STORE, address, size, before, load_le(bytes, size));
}

/* Only Data RAM can be written, by either of its addresses. */
static bool write_guest(struct semihosting *s, guest_addr address, const uint8_t *bytes,
                        uint32_t size)
{
    guest_addr at = memory_fold(address);

    if (!memory_is_data_ram((struct byte_range){at, size}))
        return false;
    for (uint32_t done = 0; done < size; done += WORD)
        store(s, at + done, bytes + done, size - done < WORD ? size - done : WORD);
    return true;
}

/* ---- Console output -------------------------------------------------------------------------- */

/* `bytes` are those at `text`: what is printed was loaded. */
static void print(struct semihosting *s, guest_addr text, const uint8_t *bytes, uint32_t size)
{
    for (uint32_t done = 0; done < size; done += WORD) {
        uint32_t count = size - done < WORD ? size - done : WORD;

        tell(s, OBS_CPU_LOAD, memory_fold(text) + done, count, load_le(bytes + done, count), 0);
    }
    console_emit(s->trace, "semihosting", bytes, size);
}

static uint32_t sys_writec(struct semihosting *s, uint32_t parameter)
{
    uint8_t byte;

    if (!memory_peek(s->memory, parameter, &byte, 1))
        return fail(s, ERROR_FAULT);
    print(s, parameter, &byte, 1);
    return 0;
}

static uint32_t sys_write0(struct semihosting *s, uint32_t parameter)
{
    uint32_t length = 0;
    const uint8_t *text;

    while (length < LONGEST_STRING) {
        text = memory_at(s->memory, (struct byte_range){parameter, length + 1});
        if (!text)
            return fail(s, ERROR_FAULT);
        if (!text[length])
            break;
        length++;
    }
    print(s, parameter, memory_at(s->memory, (struct byte_range){parameter, length}), length);
    return 0;
}

/* ---- Files ----------------------------------------------------------------------------------- */

static bool is_open(const struct semihosting *s, uint32_t handle)
{
    return handle < HANDLE_COUNT && (s->state.open & bit32(handle));
}

/* True when the `length` bytes at `name` spell `file`. */
static bool named(const struct semihosting *s, guest_addr name, uint32_t length, const char *file)
{
    const uint8_t *bytes = memory_at(s->memory, (struct byte_range){name, length});

    return bytes && length == strlen(file) && !memcmp(bytes, file, length);
}

/* ":tt" opened for reading is the keyboard, for writing the output, for appending the errors. */
static uint32_t console_handle(uint32_t mode)
{
    return mode < 4 ? HANDLE_STDIN : mode < 8 ? HANDLE_STDOUT : HANDLE_STDERR;
}

static uint32_t open_handle(struct semihosting *s, uint32_t handle)
{
    s->state.open |= bit32(handle);
    if (handle == HANDLE_FEATURES)
        s->state.features_position = 0;
    return handle;
}

static uint32_t sys_open(struct semihosting *s, uint32_t parameter)
{
    uint32_t block[3]; /* name, mode, length */

    if (!read_block(s, parameter, block, 3) ||
        !memory_at(s->memory, (struct byte_range){block[0], block[2]}))
        return fail(s, ERROR_FAULT);
    if (block[1] > 11)
        return fail(s, ERROR_INVALID);
    if (named(s, block[0], block[2], ":tt"))
        return open_handle(s, console_handle(block[1]));
    if (named(s, block[0], block[2], ":semihosting-features") && block[1] < 2)
        return open_handle(s, HANDLE_FEATURES);
    return fail(s, ERROR_ACCESS);
}

/* Reads the handle in the first word of the block, together with `count - 1` words behind it. */
static bool take_handle(struct semihosting *s, guest_addr parameter, uint32_t *block,
                        uint32_t count)
{
    if (!read_block(s, parameter, block, count)) {
        s->state.last_error = ERROR_FAULT;
        return false;
    }
    if (!is_open(s, block[0])) {
        s->state.last_error = ERROR_BAD_HANDLE;
        return false;
    }
    return true;
}

static uint32_t sys_close(struct semihosting *s, uint32_t parameter)
{
    uint32_t handle;

    if (!take_handle(s, parameter, &handle, 1))
        return (uint32_t)FAILED;
    s->state.open &= ~bit32(handle);
    return 0;
}

/* Answers the number of bytes that were not written. */
static uint32_t sys_write(struct semihosting *s, uint32_t parameter)
{
    uint32_t block[3]; /* handle, bytes, size */
    const uint8_t *bytes;

    if (!take_handle(s, parameter, block, 3))
        return (uint32_t)FAILED;
    bytes = memory_at(s->memory, (struct byte_range){block[1], block[2]});
    if ((block[0] != HANDLE_STDOUT && block[0] != HANDLE_STDERR) || (block[2] && !bytes)) {
        s->state.last_error = bytes ? ERROR_BAD_HANDLE : ERROR_FAULT;
        return block[2];
    }
    print(s, block[1], bytes, block[2]);
    return 0;
}

/* Answers the number of bytes that were not read: all of them at the end of the file. */
static uint32_t sys_read(struct semihosting *s, uint32_t parameter)
{
    uint32_t block[3]; /* handle, buffer, size */
    uint32_t rest;

    if (!take_handle(s, parameter, block, 3))
        return (uint32_t)FAILED;
    if (block[0] != HANDLE_FEATURES)
        return block[2]; /* deviation 2 */
    rest = (uint32_t)sizeof features - s->state.features_position;
    rest = rest < block[2] ? rest : block[2];
    if (!write_guest(s, block[1], features + s->state.features_position, rest))
        return fail(s, ERROR_FAULT);
    s->state.features_position += rest;
    return block[2] - rest;
}

static uint32_t sys_readc(struct semihosting *s, uint32_t parameter)
{
    (void)s;
    (void)parameter;
    return (uint32_t)FAILED; /* deviation 2 */
}

static uint32_t sys_seek(struct semihosting *s, uint32_t parameter)
{
    uint32_t block[2]; /* handle, position */

    if (!take_handle(s, parameter, block, 2))
        return (uint32_t)FAILED;
    if (block[0] != HANDLE_FEATURES || block[1] > sizeof features)
        return fail(s, ERROR_INVALID);
    s->state.features_position = block[1];
    return 0;
}

static uint32_t sys_flen(struct semihosting *s, uint32_t parameter)
{
    uint32_t handle;

    if (!take_handle(s, parameter, &handle, 1))
        return (uint32_t)FAILED;
    return handle == HANDLE_FEATURES ? (uint32_t)sizeof features : 0;
}

static uint32_t sys_istty(struct semihosting *s, uint32_t parameter)
{
    uint32_t handle;

    if (!take_handle(s, parameter, &handle, 1))
        return (uint32_t)FAILED;
    return handle != HANDLE_FEATURES;
}

static uint32_t sys_iserror(struct semihosting *s, uint32_t parameter)
{
    uint32_t status;

    if (!read_block(s, parameter, &status, 1))
        return fail(s, ERROR_FAULT);
    return status >> 31;
}

/* What would reach the host's files or its shell: deviation 1. */
static uint32_t sys_refused(struct semihosting *s, uint32_t parameter)
{
    (void)parameter;
    return fail(s, ERROR_ACCESS);
}

static uint32_t sys_errno(struct semihosting *s, uint32_t parameter)
{
    (void)parameter;
    return (uint32_t)s->state.last_error;
}

/* ---- Time ------------------------------------------------------------------------------------ */

static uint32_t sys_clock(struct semihosting *s, uint32_t parameter)
{
    (void)parameter;
    return (uint32_t)(s->scheduler->state.now / (CYCLES_PER_SECOND / CENTISECONDS));
}

static uint32_t sys_time(struct semihosting *s, uint32_t parameter)
{
    (void)parameter;
    return (uint32_t)(s->scheduler->state.now / CYCLES_PER_SECOND);
}

static uint32_t sys_elapsed(struct semihosting *s, uint32_t parameter)
{
    uint8_t ticks[2 * WORD];

    store_le(ticks, sizeof ticks, s->scheduler->state.now);
    return write_guest(s, parameter, ticks, sizeof ticks) ? 0 : fail(s, ERROR_FAULT);
}

static uint32_t sys_tickfreq(struct semihosting *s, uint32_t parameter)
{
    (void)s;
    (void)parameter;
    return (uint32_t)CYCLES_PER_SECOND;
}

/* ---- The program's surroundings -------------------------------------------------------------- */

static uint32_t sys_get_cmdline(struct semihosting *s, uint32_t parameter)
{
    static const uint8_t line[] = "firmware";
    uint32_t block[2]; /* buffer, size; the size is answered without the NUL */
    uint8_t length[WORD];

    if (!read_block(s, parameter, block, 2))
        return fail(s, ERROR_FAULT);
    if (block[1] < sizeof line)
        return fail(s, ERROR_INVALID);
    store_le32(length, (uint32_t)sizeof line - 1);
    if (!write_guest(s, block[0], line, sizeof line) ||
        !write_guest(s, parameter + WORD, length, sizeof length))
        return fail(s, ERROR_FAULT);
    return 0;
}

/* All zero: the start-up code is to use what its linker script says. */
static uint32_t sys_heapinfo(struct semihosting *s, uint32_t parameter)
{
    static const uint8_t unknown[4 * WORD];
    uint32_t block;

    if (!read_block(s, parameter, &block, 1) || !write_guest(s, block, unknown, sizeof unknown))
        return fail(s, ERROR_FAULT);
    return 0;
}

static uint32_t end_with(struct semihosting *s, int32_t code)
{
    s->state.exited = 1;
    s->state.exit_code = code;
    return 0;
}

static uint32_t sys_exit(struct semihosting *s, uint32_t parameter)
{
    return end_with(s, parameter == STOPPED_APPLICATION_EXIT ? 0 : 1);
}

static uint32_t sys_exit_extended(struct semihosting *s, uint32_t parameter)
{
    uint32_t block[2]; /* reason, code */

    if (!read_block(s, parameter, block, 2) || block[0] != STOPPED_APPLICATION_EXIT)
        return end_with(s, 1);
    return end_with(s, (int32_t)block[1]);
}

/* ---- Which operation is which ---------------------------------------------------------------- */

typedef uint32_t semihost_operation(struct semihosting *s, uint32_t parameter);

static semihost_operation *const operations[] = {
    [0x01] = sys_open,     [0x02] = sys_close,         [0x03] = sys_writec,
    [0x04] = sys_write0,   [0x05] = sys_write,         [0x06] = sys_read,
    [0x07] = sys_readc,    [0x08] = sys_iserror,       [0x09] = sys_istty,
    [0x0a] = sys_seek,     [0x0c] = sys_flen,          [0x0d] = sys_refused, /* SYS_TMPNAM */
    [0x0e] = sys_refused,                                                    /* SYS_REMOVE */
    [0x0f] = sys_refused,                                                    /* SYS_RENAME */
    [0x10] = sys_clock,    [0x11] = sys_time,          [0x12] = sys_refused, /* SYS_SYSTEM */
    [0x13] = sys_errno,    [0x15] = sys_get_cmdline,   [0x16] = sys_heapinfo,
    [0x18] = sys_exit,     [0x20] = sys_exit_extended, [0x30] = sys_elapsed,
    [0x31] = sys_tickfreq,
};

void semihosting_init(struct semihosting *s, struct memory *memory, struct trace *trace,
                      const struct scheduler *scheduler)
{
    *s = (struct semihosting){.memory = memory, .trace = trace, .scheduler = scheduler};
}

void semihosting_reset(struct semihosting *s)
{
    s->state = (struct semihosting_state){0};
}

void semihosting_register_state(struct semihosting *s, struct state *state)
{
    state_register(state, "semihosting", &s->state, sizeof s->state);
}

static void report_unknown(struct semihosting *s, uint32_t operation)
{
    trace_emit(s->trace, (struct observation){
                             .kind = OBS_UNMODELLED,
                             .unmodelled = {.pc = s->trace->state.pc,
                                            .address = s->trace->state.pc,
                                            .size = 2,
                                            .value = operation,
                                            .block = "semihosting"},
                         });
}

enum semihost_result semihosting_call(struct semihosting *s, uint32_t operation, uint32_t parameter,
                                      uint32_t *result)
{
    store_buffer_drain(&s->memory->stores); /* a core that was halted keeps no store back */
    if (operation >= ARRAY_LENGTH(operations) || !operations[operation]) {
        report_unknown(s, operation);
        *result = fail(s, ERROR_INVALID);
        return SEMIHOST_CONTINUE;
    }
    s->state.exited = 0;
    *result = operations[operation](s, parameter);
    return s->state.exited ? SEMIHOST_EXIT : SEMIHOST_CONTINUE;
}

int semihosting_exit_code(const struct semihosting *s)
{
    return s->state.exit_code;
}
