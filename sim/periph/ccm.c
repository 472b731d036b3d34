/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CCM: AES CCM mode encryption of packets (PS v1.7, 6.4).
 *
 * Deviations:
 *   1. The key stream takes the time of choice CCM_KSGEN. A packet is read as fast as EasyDMA and,
 *      while RADIO is still receiving it, RADIO allow, whatever DATARATE and RATEOVERRIDE say.
 *   2. What is left in the scratch area is the key stream; the specification does not say.
 *   3. CRYPT while the key stream is generated waits for it. Without one it raises ERROR.
 *   4. KSGEN drops what is under way and begins anew. STOP drops it without an event.
 *   5. A payload longer than LENGTH and MAXPACKETSIZE allow is cut off, without ERROR.
 *   6. A packet to decrypt that is shorter than its MIC gives a payload of length 0.
 *   7. ECB, CCM and AAR do not share their AES core.
 */
#include "sim/base/compiler.h"
#include "sim/periph/ccm_cipher.h"
#include "sim/periph/ccm_parts.h"
#include "sim/periph/place.h"

#include <string.h>

/* clang-format off */
static const struct reg_desc ccm_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/ccm.def"
};

static const struct field_desc ccm_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/ccm.def"
};
/* clang-format on */

enum { INDEX_CONFIG, INDEX_SCRATCH, INDEX_IN, INDEX_OUT };
enum { ENABLED = 2 };
enum { SHORTEST_KSGEN = 640 }; /* lowest answer of CCM_KSGEN */

static void schedule(struct ccm *ccm, enum event_id id, sim_time delay)
{
    scheduler_add(ccm->regs.fabric->scheduler, id, 0, delay, 0);
}

/* ---- Tasks ----------------------------------------------------------------------------------- */

/* Channels of PPI may stay on while there is nothing to encrypt: not worth a word. */
static bool arrives(struct ccm *ccm, uint32_t task)
{
    if (regfile_enabled(&ccm->regs))
        return true;
    if (ccm->regs.fabric->trigger == DMA_BY_CPU)
        regfile_misuse(&ccm->regs, MISUSE_DISABLED, task, 1);
    return false;
}

static void give_up(struct ccm *ccm)
{
    scheduler_cancel(ccm->regs.fabric->scheduler, EVENT_CCM_STREAM, 0);
    for (unsigned channel = ccm->config; channel <= ccm->out; channel++) {
        if (easydma_running(ccm_dma(ccm), channel))
            easydma_abort(ccm_dma(ccm), channel);
    }
    ccm->state.phase = IDLE;
    ccm->state.waiting = false;
}

static void ksgen(void *owner, unsigned index, uint32_t value)
{
    struct ccm *ccm = owner;

    (void)index, (void)value;
    if (!arrives(ccm, TASKS_KSGEN))
        return;
    give_up(ccm);
    ccm->state.phase = GENERATING;
    easydma_start(ccm_dma(ccm), ccm->config, ccm->regs.fabric->trigger);
    easydma_start(ccm_dma(ccm), ccm->scratch, ccm->regs.fabric->trigger);
}

static void crypt(void *owner, unsigned index, uint32_t value)
{
    struct ccm *ccm = owner;

    (void)index, (void)value;
    if (!arrives(ccm, TASKS_CRYPT))
        return;
    ccm->state.trigger = (uint8_t)ccm->regs.fabric->trigger;
    if (ccm->state.phase == GENERATED)
        ccm_begin_packet(ccm);
    else if (ccm->state.phase == GENERATING)
        ccm->state.waiting = true;
    else if (ccm->state.phase == IDLE)
        regfile_raise(&ccm->regs, EVENTS_ERROR); /* deviation 3 */
    else
        regfile_misuse(&ccm->regs, MISUSE_DMA_BUSY, TASKS_CRYPT, 1);
}

static void stop(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    give_up(owner);
}

static void enable_written(void *owner, unsigned index, uint32_t value)
{
    struct ccm *ccm = owner;

    (void)index;
    if (regfile_enabled(&ccm->regs))
        return;
    if (easydma_running(ccm_dma(ccm), ccm->in) || easydma_running(ccm_dma(ccm), ccm->out))
        regfile_misuse(&ccm->regs, MISUSE_DISABLED_IN_FLIGHT, ENABLE, value);
    give_up(ccm);
}

/* ---- The key stream -------------------------------------------------------------------------- */

static void config_is_read(struct ccm *ccm)
{
    schedule(ccm, EVENT_CCM_STREAM, choose(ccm->regs.fabric->chooser, CHOICE_CCM_KSGEN, 0));
}

static void stream_is_generated(void *owner, const struct event *event)
{
    struct ccm *ccm = owner;

    (void)event;
    if (!easydma_captured(ccm_dma(ccm), ccm->scratch)) {
        schedule(ccm, EVENT_CCM_STREAM, 1);
        return;
    }
    ccm_stream(ccm->state.config, CCM_STREAM / AES_BLOCK, ccm->state.stream);
    easydma_request(ccm_dma(ccm), ccm->scratch, ccm_scratch_size(ccm));
}

static void scratch_is_written(struct ccm *ccm)
{
    ccm->state.phase = GENERATED;
    regfile_raise(&ccm->regs, EVENTS_ENDKSGEN);
    if (ccm->state.phase == GENERATED && ccm->state.waiting)
        ccm_begin_packet(ccm);
}

/* ---- EasyDMA --------------------------------------------------------------------------------- */

static struct byte_range window(void *owner, unsigned index, guest_addr pointer)
{
    const struct ccm *ccm = owner;

    if (index == INDEX_CONFIG)
        return (struct byte_range){pointer, CCM_CONFIG};
    if (index == INDEX_SCRATCH)
        return (struct byte_range){pointer, ccm_scratch_size(ccm)};
    if (index == INDEX_IN)
        return (struct byte_range){pointer, CCM_HEADER + ccm_expected_input(ccm)};
    return (struct byte_range){pointer,
                               CCM_HEADER + ccm_output_bytes(ccm, ccm_expected_input(ccm))};
}

static void started(void *owner, unsigned index)
{
    struct ccm *ccm = owner;

    if (index == INDEX_IN)
        easydma_request(ccm_dma(ccm), ccm->in, CCM_HEADER);
    else if (index == INDEX_OUT)
        ccm_offer(ccm);
}

static void receive(void *owner, unsigned index, uint32_t offset, const uint8_t *bytes,
                    uint32_t size)
{
    struct ccm *ccm = owner;

    if (index == INDEX_CONFIG) {
        memcpy(ccm->state.config + offset, bytes, size);
        return;
    }
    ccm_take(ccm, offset, bytes, size);
}

static void supply(void *owner, unsigned index, uint32_t offset, uint8_t *bytes, uint32_t size)
{
    struct ccm *ccm = owner;

    memcpy(bytes, (index == INDEX_SCRATCH ? ccm->state.stream : ccm->state.out) + offset, size);
}

static void drained(void *owner, unsigned index)
{
    struct ccm *ccm = owner;

    if (index == INDEX_OUT) {
        ccm->state.written = true;
        ccm_finish(ccm);
    } else {
        easydma_end(ccm_dma(ccm), ccm->config + index);
    }
}

static void ended(void *owner, unsigned index, uint32_t amount)
{
    struct ccm *ccm = owner;

    (void)amount;
    if (index == INDEX_CONFIG) {
        config_is_read(ccm);
    } else if (index == INDEX_SCRATCH) {
        scratch_is_written(ccm);
    } else if (index == INDEX_IN) {
        ccm_packet_is_read(ccm);
    } else {
        ccm->state.phase = IDLE;
        regfile_raise(&ccm->regs, EVENTS_ENDCRYPT);
    }
}

/* ---- Wiring ---------------------------------------------------------------------------------- */

static const struct reg_hook ccm_hooks[] = {
    {TASKS_KSGEN, ksgen, NULL},
    {TASKS_CRYPT, crypt, NULL},
    {TASKS_STOP, stop, NULL},
    {ENABLE, enable_written, NULL},
    {0, NULL, NULL},
};

static const struct reg_short ccm_shorts[] = {
    {SHORTS_ENDKSGEN_CRYPT_LSB, EVENTS_ENDKSGEN, TASKS_CRYPT},
};

const struct block_spec ccm_spec = {
    .name = "CCM",
    .base = BASE_CCM_AAR,
    .size = REGFILE_SIZE,
    .irq = LINE_CCM_AAR,
    .regs = ccm_regs,
    .reg_count = ARRAY_LENGTH(ccm_regs),
    .fields = ccm_fields,
    .field_count = ARRAY_LENGTH(ccm_fields),
    .hooks = ccm_hooks,
    .shorts = ccm_shorts,
    .short_count = ARRAY_LENGTH(ccm_shorts),
    .enable = ENABLE,
    .personality = ENABLED,
};

static const struct easydma_ops dma_ops = {.window = window,
                                           .started = started,
                                           .receive = receive,
                                           .supply = supply,
                                           .drained = drained,
                                           .ended = ended};

/* The scratch area is in use from KSGEN to ENDCRYPT: ENDKSGEN does not tell of it. */
static const struct easydma_channel channels[] = {
    {.name = {"CCM", "CNF", "TASKS_KSGEN", CCM_CONFIG, DMA_ON_CHIP},
     .direction = DMA_READS_RAM,
     .index = INDEX_CONFIG,
     .ptr = CNFPTR,
     .end_event = EVENTS_ENDKSGEN,
     .tells = {EVENTS_ENDCRYPT, EVENTS_ERROR},
     .unit = 1,
     .least = SHORTEST_KSGEN},
    {.name = {"CCM", "SCRATCH", "TASKS_KSGEN", CCM_STREAM, DMA_ON_CHIP},
     .direction = DMA_WRITES_RAM,
     .index = INDEX_SCRATCH,
     .ptr = SCRATCHPTR,
     .tells = {EVENTS_ENDCRYPT, EVENTS_ERROR},
     .unit = 1,
     .paced = true},
    {.name = {"CCM", "IN", "TASKS_CRYPT", CCM_PACKET, DMA_ON_CHIP},
     .direction = DMA_READS_RAM,
     .index = INDEX_IN,
     .ptr = INPTR,
     .end_event = EVENTS_ENDCRYPT,
     .tells = {EVENTS_ERROR},
     .unit = 1,
     .paced = true,
     .chained = true},
    {.name = {"CCM", "OUT", "TASKS_CRYPT", CCM_PACKET, DMA_ON_CHIP},
     .direction = DMA_WRITES_RAM,
     .index = INDEX_OUT,
     .ptr = OUTPTR,
     .end_event = EVENTS_ENDCRYPT,
     .tells = {EVENTS_ERROR},
     .unit = 1,
     .paced = true,
     .chained = true}};

void ccm_init(struct ccm *ccm, struct fabric *fabric, const struct block_spec *spec)
{
    memset(&ccm->state, 0, sizeof ccm->state);
    regfile_init(&ccm->regs, spec, fabric, ccm);
    state_register(fabric->state, "CCM", &ccm->state, sizeof ccm->state);
    scheduler_handle(fabric->scheduler, EVENT_CCM_STREAM, stream_is_generated, ccm);
    ccm->config = easydma_add(fabric->easydma, &ccm->regs, channels[INDEX_CONFIG], &dma_ops, ccm);
    ccm->scratch = easydma_add(fabric->easydma, &ccm->regs, channels[INDEX_SCRATCH], &dma_ops, ccm);
    ccm->in = easydma_add(fabric->easydma, &ccm->regs, channels[INDEX_IN], &dma_ops, ccm);
    ccm->out = easydma_add(fabric->easydma, &ccm->regs, channels[INDEX_OUT], &dma_ops, ccm);
}

void ccm_reset(struct ccm *ccm, enum reset_kind reason)
{
    (void)reason;
    regfile_reset(&ccm->regs);
    give_up(ccm);
    memset(&ccm->state, 0, sizeof ccm->state);
}
