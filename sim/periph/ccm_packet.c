/* SPDX-License-Identifier: Apache-2.0 */
/* CCM: a packet is encrypted or decrypted, byte by byte as it comes (PS v1.7, 6.4). */
#include "sim/periph/ccm_cipher.h"
#include "sim/periph/ccm_parts.h"

#include <string.h>

enum { SHORT_PAYLOAD = 27, SHORT_LENGTH = 0x1f };

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

uint32_t ccm_scratch_size(const struct ccm *ccm)
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

/* An empty packet has no MIC. */
uint32_t ccm_output_bytes(const struct ccm *ccm, uint32_t input)
{
    if (!input)
        return 0;
    if (!decrypts(ccm))
        return input + CCM_MIC;
    return input > CCM_MIC ? input - CCM_MIC : 0;
}

uint32_t ccm_expected_input(const struct ccm *ccm)
{
    guest_addr packet = regfile_get(&ccm->regs, INPTR);
    struct byte_range header = {packet, CCM_HEADER};
    uint8_t bytes[CCM_HEADER] = {0};

    if (ccm->state.in_size)
        return ccm->state.in_size - (uint32_t)CCM_HEADER;
    if (easydma_is_awaited(ccm_dma(ccm), ccm->in, header))
        return 0;
    if (memory_is_data_ram(header))
        memory_master_read(ccm->regs.fabric->memory, packet, bytes, CCM_HEADER);
    return input_bytes(ccm, bytes[1]);
}

/* ---- The packet ------------------------------------------------------------------------------ */

void ccm_begin_packet(struct ccm *ccm)
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
    easydma_start(ccm_dma(ccm), ccm->in, (enum dma_trigger)state->trigger);
    easydma_start(ccm_dma(ccm), ccm->out, (enum dma_trigger)state->trigger);
}

static void resize(struct ccm *ccm, unsigned channel, uint32_t size)
{
    if (easydma_captured(ccm_dma(ccm), channel)) /* else the capture will ask */
        easydma_resize(ccm_dma(ccm), channel, size);
}

static uint32_t input_size(const struct ccm *ccm)
{
    return ccm->state.in_size - (uint32_t)CCM_HEADER;
}

static uint32_t output_size(const struct ccm *ccm)
{
    return ccm->state.out_size - (uint32_t)CCM_HEADER;
}

void ccm_offer(struct ccm *ccm)
{
    struct ccm_state *state = &ccm->state;

    if (state->made > state->offered && easydma_captured(ccm_dma(ccm), ccm->out)) {
        easydma_request(ccm_dma(ccm), ccm->out, (uint32_t)state->made - state->offered);
        state->offered = state->made;
    }
}

/* The length byte has come: now it is known how much there is to read and to write. */
static void header_is_read(struct ccm *ccm)
{
    struct ccm_state *state = &ccm->state;
    uint32_t input = input_bytes(ccm, state->in[1]);

    state->in_size = (uint16_t)(CCM_HEADER + input);
    state->out_size = (uint16_t)(CCM_HEADER + ccm_output_bytes(ccm, input));
    resize(ccm, ccm->in, state->in_size);
    resize(ccm, ccm->out, state->out_size);
    memcpy(state->out, state->in, CCM_HEADER);
    state->out[1] = (uint8_t)output_size(ccm);
    state->made = CCM_HEADER;
    if (input)
        easydma_request(ccm_dma(ccm), ccm->in, input);
}

/* What was read of the payload, encrypted or decrypted byte by byte. */
static void apply_stream(struct ccm *ccm)
{
    struct ccm_state *state = &ccm->state;
    uint32_t payload = decrypts(ccm) ? output_size(ccm) : input_size(ccm);
    uint32_t end = state->got < CCM_HEADER + payload ? state->got : CCM_HEADER + payload;

    for (; state->made < end; state->made++)
        state->out[state->made] =
            state->in[state->made] ^ state->stream[AES_BLOCK + state->made - CCM_HEADER];
}

void ccm_take(struct ccm *ccm, uint32_t offset, const uint8_t *bytes, uint32_t size)
{
    memcpy(ccm->state.in + offset, bytes, size);
    ccm->state.got = (uint16_t)(offset + size);
    if (ccm->state.got == CCM_HEADER)
        header_is_read(ccm);
    if (ccm->state.got >= CCM_HEADER)
        apply_stream(ccm);
    ccm_offer(ccm);
}

/* The MIC as it is on the air, of the payload in clear at `packet`. */
static void make_mic(const struct ccm *ccm, const uint8_t *packet, size_t size,
                     uint8_t mic[CCM_MIC])
{
    ccm_mic(ccm->state.config, packet[0], packet + CCM_HEADER, size, mic);
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

void ccm_finish(struct ccm *ccm)
{
    if (!easydma_running(ccm_dma(ccm), ccm->in) && ccm->state.written)
        easydma_end(ccm_dma(ccm), ccm->out);
}

void ccm_packet_is_read(struct ccm *ccm)
{
    if (decrypts(ccm))
        regfile_set(&ccm->regs, MICSTATUS, mic_is_right(ccm));
    else
        append_mic(ccm);
    ccm_offer(ccm);
    ccm_finish(ccm);
}
