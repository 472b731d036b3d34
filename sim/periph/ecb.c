/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ECB: AES electronic codebook mode encryption (PS v1.7, 6.7).
 *
 * Deviations:
 *   1. ECB, CCM and AAR do not share their AES core: ERRORECB comes from STOPECB alone.
 *   2. STARTECB while a block is under way is reported and has no effect.
 *   3. A block takes 7.2 us from STARTECB on, or longer when EasyDMA is slow.
 */
#include "sim/periph/ecb.h"

#include "sim/base/compiler.h"
#include "sim/periph/place.h"

#include <string.h>

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#include "driver/regs/ecb.def"
};

static const struct reg_desc ecb_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/ecb.def"
};
/* clang-format on */

enum { INDEX_READER, INDEX_WRITER };
enum { BLOCK_TIME = 461 }; /* 7.2 us */

static struct easydma *dma_of(const struct ecb *ecb)
{
    return ecb->regs.fabric->easydma;
}

static void startecb(void *owner, unsigned index, uint32_t value)
{
    struct ecb *ecb = owner;
    enum dma_trigger trigger = ecb->regs.fabric->trigger;

    (void)index, (void)value;
    if (easydma_running(dma_of(ecb), ecb->writer)) {
        regfile_misuse(&ecb->regs, MISUSE_DMA_BUSY, TASKS_STARTECB, 1); /* deviation 2 */
        return;
    }
    ecb->state.started = ecb->regs.fabric->scheduler->state.now;
    easydma_start(dma_of(ecb), ecb->reader, trigger);
    easydma_start(dma_of(ecb), ecb->writer, trigger);
}

static void give_up(struct ecb *ecb)
{
    scheduler_cancel(ecb->regs.fabric->scheduler, EVENT_ECB_DONE, 0);
    easydma_abort(dma_of(ecb), ecb->reader);
    easydma_abort(dma_of(ecb), ecb->writer);
}

static void stopecb(void *owner, unsigned index, uint32_t value)
{
    struct ecb *ecb = owner;

    (void)index, (void)value;
    if (!easydma_running(dma_of(ecb), ecb->writer))
        return;
    give_up(ecb);
    regfile_raise(&ecb->regs, EVENTS_ERRORECB);
}

/* ---- EasyDMA --------------------------------------------------------------------------------- */

static struct byte_range window(void *owner, unsigned index, guest_addr pointer)
{
    (void)owner;
    if (index == INDEX_READER)
        return (struct byte_range){pointer, 2 * AES_BLOCK};
    return (struct byte_range){pointer + 2 * AES_BLOCK, AES_BLOCK};
}

static void receive(void *owner, unsigned index, uint32_t offset, const uint8_t *bytes,
                    uint32_t size)
{
    struct ecb *ecb = owner;

    (void)index;
    memcpy(ecb->state.input + offset, bytes, size);
}

static void supply(void *owner, unsigned index, uint32_t offset, uint8_t *bytes, uint32_t size)
{
    struct ecb *ecb = owner;

    (void)index;
    memcpy(bytes, ecb->state.cipher + offset, size);
}

/* All is read: the rest of its time goes into the encryption. */
static void encrypt(struct ecb *ecb)
{
    struct scheduler *scheduler = ecb->regs.fabric->scheduler;
    sim_time end = ecb->state.started + BLOCK_TIME;

    aes_encrypt(ecb->state.input, ecb->state.input + AES_BLOCK, ecb->state.cipher);
    scheduler_add(scheduler, EVENT_ECB_DONE, 0,
                  end > scheduler->state.now ? end - scheduler->state.now : 0, 0);
}

static void block_is_encrypted(void *owner, const struct event *event)
{
    struct ecb *ecb = owner;

    (void)event;
    if (easydma_captured(dma_of(ecb), ecb->writer))
        easydma_request(dma_of(ecb), ecb->writer, AES_BLOCK);
    else /* slower than all the rest */
        scheduler_add(ecb->regs.fabric->scheduler, EVENT_ECB_DONE, 0, 1, 0);
}

static void drained(void *owner, unsigned index)
{
    struct ecb *ecb = owner;

    easydma_end(dma_of(ecb), index == INDEX_READER ? ecb->reader : ecb->writer);
}

static void ended(void *owner, unsigned index, uint32_t amount)
{
    struct ecb *ecb = owner;

    (void)amount;
    if (index == INDEX_READER)
        encrypt(ecb);
    else
        regfile_raise(&ecb->regs, EVENTS_ENDECB);
}

/* ---- Wiring ---------------------------------------------------------------------------------- */

static const struct reg_hook ecb_hooks[] = {
    {TASKS_STARTECB, startecb, NULL},
    {TASKS_STOPECB, stopecb, NULL},
    {0, NULL, NULL},
};

const struct block_spec ecb_spec = {
    .name = "ECB",
    .base = BASE_ECB,
    .size = REGFILE_SIZE,
    .irq = LINE_ECB,
    .regs = ecb_regs,
    .reg_count = ARRAY_LENGTH(ecb_regs),
    .hooks = ecb_hooks,
};

static const struct easydma_ops dma_ops = {
    .window = window, .receive = receive, .supply = supply, .drained = drained, .ended = ended};

void ecb_init(struct ecb *ecb, struct fabric *fabric, const struct block_spec *spec)
{
    struct easydma_channel channel = {
        .name = {"ECB", "DATA", "TASKS_STARTECB", 2 * AES_BLOCK, DMA_ON_CHIP},
        .direction = DMA_READS_RAM,
        .index = INDEX_READER,
        .ptr = ECBDATAPTR,
        .end_event = EVENTS_ENDECB,
        .tells = {EVENTS_ERRORECB},
        .unit = 1};

    memset(&ecb->state, 0, sizeof ecb->state);
    regfile_init(&ecb->regs, spec, fabric, ecb);
    state_register(fabric->state, "ECB", &ecb->state, sizeof ecb->state);
    state_mark_clock(fabric->state, &ecb->state.started, sizeof ecb->state.started);
    scheduler_handle(fabric->scheduler, EVENT_ECB_DONE, block_is_encrypted, ecb);
    ecb->reader = easydma_add(fabric->easydma, &ecb->regs, channel, &dma_ops, ecb);
    channel.name =
        (struct dma_channel_name){"ECB", "CIPHERTEXT", "TASKS_STARTECB", AES_BLOCK, DMA_ON_CHIP};
    channel.direction = DMA_WRITES_RAM;
    channel.index = INDEX_WRITER;
    channel.paced = true;
    ecb->writer = easydma_add(fabric->easydma, &ecb->regs, channel, &dma_ops, ecb);
}

void ecb_reset(struct ecb *ecb, enum reset_kind reason)
{
    (void)reason;
    regfile_reset(&ecb->regs);
    give_up(ecb);
    memset(&ecb->state, 0, sizeof ecb->state);
}
