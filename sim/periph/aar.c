/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AAR: accelerated address resolver (PS v1.7, 6.1).
 *
 * Deviations:
 *   1. A key takes 6 us. The keys behind the one that is found are not read.
 *   2. What is left in the scratch area is the last hash; the specification does not say.
 *   3. START while an address is being resolved has no effect; by the CPU it is reported.
 *   4. Only the six bytes of the address are read, 3 bytes behind ADDRPTR.
 *   5. STOP raises END alone, if an address was being resolved.
 */
#include "sim/periph/aar.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/periph/place.h"

#include <string.h>

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#define FIELD(reg, name, lsb, width, brief) reg##_##name##_LSB = (lsb), reg##_##name##_WIDTH = (width),
#include "driver/regs/aar.def"
};

static const struct reg_desc aar_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/aar.def"
};

static const struct field_desc aar_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/aar.def"
};
/* clang-format on */

enum { INDEX_ADDRESS, INDEX_KEYS, INDEX_SCRATCH };
enum { ENABLED = 3, KEY_TIME = 6 * 64, HEADER = 3, MOST_KEYS = 16 };

static struct easydma *dma_of(const struct aar *aar)
{
    return aar->regs.fabric->easydma;
}

static uint32_t key_count(const struct aar *aar)
{
    uint32_t count = regfile_get(&aar->regs, NIRK);

    return count < MOST_KEYS ? count : MOST_KEYS;
}

/* Of a start by PPI nothing is said: its channel may stay on while there is nothing to resolve. */
static void report_lost_start(struct aar *aar)
{
    bool enabled = regfile_enabled(&aar->regs);

    if (aar->regs.fabric->trigger == DMA_BY_CPU) /* deviation 3 */
        regfile_misuse(&aar->regs, enabled ? MISUSE_DMA_BUSY : MISUSE_DISABLED, TASKS_START, 1);
}

static void start(void *owner, unsigned index, uint32_t value)
{
    struct aar *aar = owner;
    enum dma_trigger trigger = aar->regs.fabric->trigger;

    (void)index, (void)value;
    if (!regfile_enabled(&aar->regs) || easydma_running(dma_of(aar), aar->scratch)) {
        report_lost_start(aar);
        return;
    }
    memset(&aar->state, 0, sizeof aar->state);
    easydma_start(dma_of(aar), aar->scratch, trigger);
    easydma_start(dma_of(aar), aar->keys, trigger);
    easydma_start(dma_of(aar), aar->address, trigger);
}

static void give_up(struct aar *aar)
{
    scheduler_cancel(aar->regs.fabric->scheduler, EVENT_AAR_KEY, 0);
    easydma_abort(dma_of(aar), aar->address);
    easydma_abort(dma_of(aar), aar->keys);
    easydma_abort(dma_of(aar), aar->scratch);
}

static void stop(void *owner, unsigned index, uint32_t value)
{
    struct aar *aar = owner;
    bool running = easydma_running(dma_of(aar), aar->scratch);

    (void)index, (void)value;
    if (!running)
        return;
    give_up(aar);
    regfile_raise(&aar->regs, EVENTS_END); /* deviation 5 */
}

static void enable_written(void *owner, unsigned index, uint32_t value)
{
    struct aar *aar = owner;

    (void)index;
    if (regfile_enabled(&aar->regs) || !easydma_running(dma_of(aar), aar->scratch))
        return;
    regfile_misuse(&aar->regs, MISUSE_DISABLED_IN_FLIGHT, ENABLE, value);
    give_up(aar);
}

/* ---- Keys, one after the other --------------------------------------------------------------- */

static void wait_for_key(struct aar *aar)
{
    scheduler_add(aar->regs.fabric->scheduler, EVENT_AAR_KEY, 0, KEY_TIME, 0);
}

static void ask_for_key(struct aar *aar)
{
    if (easydma_captured(dma_of(aar), aar->keys))
        easydma_request(dma_of(aar), aar->keys, AES_BLOCK);
}

static void look_again(struct aar *aar)
{
    scheduler_add(aar->regs.fabric->scheduler, EVENT_AAR_KEY, 0, 1, 0);
}

/* ah of Bluetooth Core, Vol 3, Part H, 2.2.2: the hash is the low 24 bits of the encrypted prand.
 * The address has its least significant byte first. */
static bool key_fits(struct aar *aar)
{
    const uint8_t *address = aar->state.address;
    const uint8_t *hash = aar->state.hash;
    uint8_t clear[AES_BLOCK] = {0};

    clear[13] = address[5];
    clear[14] = address[4];
    clear[15] = address[3];
    aes_encrypt(aar->state.key, clear, aar->state.hash);
    return hash[13] == address[2] && hash[14] == address[1] && hash[15] == address[0];
}

static void write_scratch(struct aar *aar)
{
    if (easydma_captured(dma_of(aar), aar->scratch))
        easydma_request(dma_of(aar), aar->scratch, AAR_SCRATCH);
}

static bool reads(const struct aar *aar)
{
    return easydma_running(dma_of(aar), aar->address) ||
           easydma_outstanding(dma_of(aar), aar->keys) ||
           !easydma_captured(dma_of(aar), aar->scratch);
}

static void try_key(void *owner, const struct event *event)
{
    struct aar *aar = owner;

    (void)event;
    if (!easydma_running(dma_of(aar), aar->scratch))
        return;
    if (reads(aar)) {
        look_again(aar);
        return;
    }
    aar->state.keys++;
    aar->state.found = key_fits(aar);
    if (aar->state.found || aar->state.keys >= key_count(aar)) {
        write_scratch(aar);
        return;
    }
    ask_for_key(aar);
    wait_for_key(aar);
}

/* ---- EasyDMA --------------------------------------------------------------------------------- */

static struct byte_range window(void *owner, unsigned index, guest_addr pointer)
{
    const struct aar *aar = owner;

    if (index == INDEX_ADDRESS)
        return (struct byte_range){pointer + HEADER, AAR_ADDRESS};
    if (index == INDEX_KEYS)
        return (struct byte_range){pointer, key_count(aar) * AES_BLOCK};
    return (struct byte_range){pointer, AAR_SCRATCH};
}

static void started(void *owner, unsigned index)
{
    struct aar *aar = owner;

    if (index == INDEX_KEYS && key_count(aar)) {
        ask_for_key(aar);
        wait_for_key(aar);
    } else if (index == INDEX_SCRATCH && !key_count(aar)) {
        write_scratch(aar);
    }
}

static void receive(void *owner, unsigned index, uint32_t offset, const uint8_t *bytes,
                    uint32_t size)
{
    struct aar *aar = owner;

    if (index == INDEX_ADDRESS)
        memcpy(aar->state.address + offset, bytes, size);
    else
        for (uint32_t i = 0; i < size; i++)
            aar->state.key[(offset + i) % AES_BLOCK] = bytes[i];
}

static void supply(void *owner, unsigned index, uint32_t offset, uint8_t *bytes, uint32_t size)
{
    struct aar *aar = owner;

    (void)index;
    memcpy(bytes, aar->state.hash + AES_BLOCK - AAR_SCRATCH + offset, size);
}

static void drained(void *owner, unsigned index)
{
    struct aar *aar = owner;

    if (index == INDEX_ADDRESS)
        easydma_end(dma_of(aar), aar->address);
    else if (index == INDEX_SCRATCH)
        easydma_end(dma_of(aar), aar->scratch);
}

static void finish(struct aar *aar)
{
    if (easydma_running(dma_of(aar), aar->keys))
        easydma_end(dma_of(aar), aar->keys);
    if (easydma_running(dma_of(aar), aar->address)) /* no keys: nobody waited for it */
        easydma_end(dma_of(aar), aar->address);
    if (aar->state.found)
        regfile_set(&aar->regs, STATUS, aar->state.keys - 1u);
    regfile_raise(&aar->regs, EVENTS_END);
    regfile_raise(&aar->regs, aar->state.found ? EVENTS_RESOLVED : EVENTS_NOTRESOLVED);
}

static void ended(void *owner, unsigned index, uint32_t amount)
{
    (void)amount;
    if (index == INDEX_SCRATCH)
        finish(owner);
}

/* ---- Wiring ---------------------------------------------------------------------------------- */

static const struct reg_hook aar_hooks[] = {
    {TASKS_START, start, NULL},
    {TASKS_STOP, stop, NULL},
    {ENABLE, enable_written, NULL},
    {0, NULL, NULL},
};

const struct block_spec aar_spec = {
    .name = "AAR",
    .base = BASE_CCM_AAR,
    .size = REGFILE_SIZE,
    .irq = LINE_CCM_AAR,
    .regs = aar_regs,
    .reg_count = ARRAY_LENGTH(aar_regs),
    .fields = aar_fields,
    .field_count = ARRAY_LENGTH(aar_fields),
    .hooks = aar_hooks,
    .enable = ENABLE,
    .personality = ENABLED,
};

static const struct easydma_ops dma_ops = {.window = window,
                                           .started = started,
                                           .receive = receive,
                                           .supply = supply,
                                           .drained = drained,
                                           .ended = ended};

static void add_channels(struct aar *aar, struct easydma *dma)
{
    struct easydma_channel channel = {
        .name = {"AAR", "ADDR", "TASKS_START", AAR_ADDRESS, DMA_ON_CHIP},
        .direction = DMA_READS_RAM,
        .index = INDEX_ADDRESS,
        .ptr = ADDRPTR,
        .end_event = EVENTS_END,
        .tells = {EVENTS_RESOLVED, EVENTS_NOTRESOLVED},
        .unit = 1,
        .chained = true};

    aar->address = easydma_add(dma, &aar->regs, channel, &dma_ops, aar);
    channel.paced = true;
    channel.chained = false;
    channel.name =
        (struct dma_channel_name){"AAR", "IRK", "TASKS_START", MOST_KEYS * AES_BLOCK, DMA_ON_CHIP};
    channel.index = INDEX_KEYS;
    channel.ptr = IRKPTR;
    aar->keys = easydma_add(dma, &aar->regs, channel, &dma_ops, aar);
    channel.name =
        (struct dma_channel_name){"AAR", "SCRATCH", "TASKS_START", AAR_SCRATCH, DMA_ON_CHIP};
    channel.index = INDEX_SCRATCH;
    channel.ptr = SCRATCHPTR;
    channel.direction = DMA_WRITES_RAM;
    aar->scratch = easydma_add(dma, &aar->regs, channel, &dma_ops, aar);
}

void aar_init(struct aar *aar, struct fabric *fabric, const struct block_spec *spec)
{
    memset(&aar->state, 0, sizeof aar->state);
    regfile_init(&aar->regs, spec, fabric, aar);
    state_register(fabric->state, "AAR", &aar->state, sizeof aar->state);
    scheduler_handle(fabric->scheduler, EVENT_AAR_KEY, try_key, aar);
    add_channels(aar, fabric->easydma);
}

void aar_reset(struct aar *aar, enum reset_kind reason)
{
    (void)reason;
    regfile_reset(&aar->regs);
    give_up(aar);
    memset(&aar->state, 0, sizeof aar->state);
}
