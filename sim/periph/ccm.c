/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CCM: AES CCM mode encryption of packets (PS v1.7, 6.4).
 *
 * Deviations:
 *   1. The key stream takes the time of choice CCM_KSGEN. A packet is read as fast as EasyDMA and,
 *      while RADIO is still receiving it, RADIO allow; DATARATE and RATEOVERRIDE make no
 * difference.
 *   2. What is left in the scratch area is the key stream; the specification does not say.
 *   3. CRYPT while the key stream is generated waits for it. Without one it raises ERROR.
 *   4. KSGEN drops what is under way and begins anew. STOP drops it without an event.
 *   5. A payload longer than LENGTH and MAXPACKETSIZE allow is cut off, without ERROR.
 *   6. A packet to decrypt that is shorter than its MIC gives a payload of length 0.
 *   7. ECB, CCM and AAR do not share their AES core.
 */
#include "sim/periph/ccm.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/periph/ccm_cipher.h"
#include "sim/periph/place.h"

#include <string.h>

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#define FIELD(reg, name, lsb, width, brief) reg##_##name##_LSB = (lsb), reg##_##name##_WIDTH = (width),
#include "driver/regs/ccm.def"
};

static const struct reg_desc ccm_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/ccm.def"
};

static const struct field_desc ccm_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/ccm.def"
};
/* clang-format on */

enum phase { IDLE, GENERATING, GENERATED, WORKING };
enum { INDEX_CONFIG, INDEX_SCRATCH, INDEX_IN, INDEX_OUT };
enum { ENABLED = 2, HEADER = 3, SHORT_PAYLOAD = 27, SHORT_LENGTH = 0x1f };
enum { SHORTEST_KSGEN = 640 }; /* lowest answer of CCM_KSGEN */

#define FIELD_OF(ccm, reg, field)                                                                  \
    extract32(regfile_get(&(ccm)->regs, reg), reg##_##field##_LSB, reg##_##field##_WIDTH)

static struct easydma *dma_of(const struct ccm *ccm)
{
    return ccm->regs.fabric->easydma;
}

static void schedule(struct ccm *ccm, enum event_id id, sim_time delay)
{
    scheduler_add(ccm->regs.fabric->scheduler, id, 0, delay, 0);
}

/* ---- Sizes ----------------------------------------------------------------------------------- */

static bool is_extended(const struct ccm *ccm)
{
    return FIELD_OF(ccm, MODE, LENGTH);
}

static bool decrypts(const struct ccm *ccm)
{
    return ccm->state.decrypts;
}

static uint32_t longest_payload(const struct ccm *ccm)
{
    return is_extended(ccm) ? FIELD_OF(ccm, MAXPACKETSIZE, MAXPACKETSIZE) : SHORT_PAYLOAD;
}

static uint32_t scratch_size(const struct ccm *ccm)
{
    return AES_BLOCK + longest_payload(ccm);
}

/* Bytes behind the header that are read when the length byte is `length`. */
static uint32_t input_bytes(const struct ccm *ccm, uint8_t length)
{
    uint32_t bytes = is_extended(ccm) ? length : length & (uint32_t)SHORT_LENGTH;
    uint32_t most = longest_payload(ccm) + (decrypts(ccm) ? CCM_MIC : 0);

    return bytes < most ? bytes : most;
}

/* And that are written. An empty packet has no MIC. */
static uint32_t output_bytes(const struct ccm *ccm, uint32_t input)
{
    if (!input)
        return 0;
    if (!decrypts(ccm))
        return input + CCM_MIC;
    return input > CCM_MIC ? input - CCM_MIC : 0;
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
        if (easydma_running(dma_of(ccm), channel))
            easydma_abort(dma_of(ccm), channel);
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
    easydma_start(dma_of(ccm), ccm->config, ccm->regs.fabric->trigger);
    easydma_start(dma_of(ccm), ccm->scratch, ccm->regs.fabric->trigger);
}

static void begin_packet(struct ccm *ccm)
{
    struct ccm_state *state = &ccm->state;

    state->phase = WORKING;
    state->decrypts = (uint8_t)FIELD_OF(ccm, MODE, MODE);
    state->waiting = false;
    state->got = 0;
    state->in_size = 0;
    state->out_size = 0;
    state->made = 0;
    state->offered = 0;
    state->written = false;
    memset(state->in, 0, sizeof state->in);
    memset(state->out, 0, sizeof state->out);
    easydma_start(dma_of(ccm), ccm->in, (enum dma_trigger)state->trigger);
    easydma_start(dma_of(ccm), ccm->out, (enum dma_trigger)state->trigger);
}

static void crypt(void *owner, unsigned index, uint32_t value)
{
    struct ccm *ccm = owner;

    (void)index, (void)value;
    if (!arrives(ccm, TASKS_CRYPT))
        return;
    ccm->state.trigger = (uint8_t)ccm->regs.fabric->trigger;
    if (ccm->state.phase == GENERATED)
        begin_packet(ccm);
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
    if (easydma_running(dma_of(ccm), ccm->in) || easydma_running(dma_of(ccm), ccm->out))
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
    if (!easydma_captured(dma_of(ccm), ccm->scratch)) {
        schedule(ccm, EVENT_CCM_STREAM, 1);
        return;
    }
    ccm_stream(ccm->state.config, CCM_STREAM / AES_BLOCK, ccm->state.stream);
    easydma_request(dma_of(ccm), ccm->scratch, scratch_size(ccm));
}

static void scratch_is_written(struct ccm *ccm)
{
    ccm->state.phase = GENERATED;
    regfile_raise(&ccm->regs, EVENTS_ENDKSGEN);
    if (ccm->state.phase == GENERATED && ccm->state.waiting)
        begin_packet(ccm);
}

/* ---- The packet ------------------------------------------------------------------------------ */

static void resize(struct ccm *ccm, unsigned channel, uint32_t size)
{
    if (easydma_captured(dma_of(ccm), channel)) /* else the capture will ask */
        easydma_resize(dma_of(ccm), channel, size);
}

static uint32_t input_size(const struct ccm *ccm)
{
    return ccm->state.in_size - (uint32_t)HEADER;
}

static uint32_t output_size(const struct ccm *ccm)
{
    return ccm->state.out_size - (uint32_t)HEADER;
}

/* Bytes of the output so far are free to go to RAM. */
static void offer(struct ccm *ccm)
{
    struct ccm_state *state = &ccm->state;

    if (state->made > state->offered && easydma_captured(dma_of(ccm), ccm->out)) {
        easydma_request(dma_of(ccm), ccm->out, (uint32_t)state->made - state->offered);
        state->offered = state->made;
    }
}

/* The length byte has come: now it is known how much there is to read and to write. */
static void header_is_read(struct ccm *ccm)
{
    struct ccm_state *state = &ccm->state;
    uint32_t input = input_bytes(ccm, state->in[1]);

    state->in_size = (uint16_t)(HEADER + input);
    state->out_size = (uint16_t)(HEADER + output_bytes(ccm, input));
    resize(ccm, ccm->in, state->in_size);
    resize(ccm, ccm->out, state->out_size);
    memcpy(state->out, state->in, HEADER);
    state->out[1] = (uint8_t)output_size(ccm);
    state->made = HEADER;
    if (input)
        easydma_request(dma_of(ccm), ccm->in, input);
}

/* What was read of the payload, encrypted or decrypted byte by byte. */
static void apply_stream(struct ccm *ccm)
{
    struct ccm_state *state = &ccm->state;
    uint32_t payload = decrypts(ccm) ? output_size(ccm) : input_size(ccm);
    uint32_t end = state->got < HEADER + payload ? state->got : HEADER + payload;

    for (; state->made < end; state->made++)
        state->out[state->made] =
            state->in[state->made] ^ state->stream[AES_BLOCK + state->made - HEADER];
}

/* The MIC as it is on the air, of the payload in clear at `packet`. */
static void make_mic(const struct ccm *ccm, const uint8_t *packet, size_t size,
                     uint8_t mic[CCM_MIC])
{
    ccm_mic(ccm->state.config, packet[0], packet + HEADER, size, mic);
    for (unsigned i = 0; i < CCM_MIC; i++)
        mic[i] ^= ccm->state.stream[i];
}

static void append_mic(struct ccm *ccm)
{
    struct ccm_state *state = &ccm->state;

    if (!input_size(ccm))
        return;
    make_mic(ccm, state->in, input_size(ccm), state->out + state->in_size);
    state->made = state->out_size;
}

static bool mic_is_right(const struct ccm *ccm)
{
    uint8_t mic[CCM_MIC];

    if (!input_size(ccm))
        return true;
    make_mic(ccm, ccm->state.out, output_size(ccm), mic);
    return input_size(ccm) > CCM_MIC && !memcmp(mic, ccm->state.in + ccm->state.out_size, CCM_MIC);
}

/* All is read, and all that there is to write is written. */
static void finish(struct ccm *ccm)
{
    if (!easydma_running(dma_of(ccm), ccm->in) && ccm->state.written)
        easydma_end(dma_of(ccm), ccm->out);
}

static void packet_is_read(struct ccm *ccm)
{
    if (decrypts(ccm))
        regfile_set(&ccm->regs, MICSTATUS, mic_is_right(ccm));
    else
        append_mic(ccm);
    offer(ccm);
    finish(ccm);
}

/* ---- EasyDMA --------------------------------------------------------------------------------- */

/* Of the packet at INPTR the header alone is certain as long as RADIO may still write it. */
static uint32_t expected_input(const struct ccm *ccm)
{
    guest_addr packet = regfile_get(&ccm->regs, INPTR);
    struct byte_range header = {packet, HEADER};
    uint8_t bytes[HEADER] = {0};

    if (ccm->state.in_size)
        return ccm->state.in_size - (uint32_t)HEADER;
    if (easydma_is_awaited(dma_of(ccm), ccm->in, header))
        return 0;
    if (memory_is_data_ram(header))
        memory_master_read(ccm->regs.fabric->memory, packet, bytes, HEADER);
    return input_bytes(ccm, bytes[1]);
}

static struct byte_range window(void *owner, unsigned index, guest_addr pointer)
{
    const struct ccm *ccm = owner;

    if (index == INDEX_CONFIG)
        return (struct byte_range){pointer, CCM_CONFIG};
    if (index == INDEX_SCRATCH)
        return (struct byte_range){pointer, scratch_size(ccm)};
    if (index == INDEX_IN)
        return (struct byte_range){pointer, HEADER + expected_input(ccm)};
    return (struct byte_range){pointer, HEADER + output_bytes(ccm, expected_input(ccm))};
}

static void started(void *owner, unsigned index)
{
    struct ccm *ccm = owner;

    if (index == INDEX_IN)
        easydma_request(dma_of(ccm), ccm->in, HEADER);
    else if (index == INDEX_OUT)
        offer(ccm);
}

static void receive(void *owner, unsigned index, uint32_t offset, const uint8_t *bytes,
                    uint32_t size)
{
    struct ccm *ccm = owner;

    if (index == INDEX_CONFIG) {
        memcpy(ccm->state.config + offset, bytes, size);
        return;
    }
    memcpy(ccm->state.in + offset, bytes, size);
    ccm->state.got = (uint16_t)(offset + size);
    if (ccm->state.got == HEADER)
        header_is_read(ccm);
    if (ccm->state.got >= HEADER)
        apply_stream(ccm);
    offer(ccm);
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
        finish(ccm);
    } else {
        easydma_end(dma_of(ccm), ccm->config + index);
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
        packet_is_read(ccm);
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
