/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/periph/ccm_cipher.h"

#include "sim/periph/aes.h"

#include <string.h>

enum { KEY = 0, COUNTER = 16, DIRECTION = 24, IV = 25, NONCE = 13, COUNTER_BYTES = 5 };
enum { FLAGS_B0 = 0x49, FLAGS_A = 0x01, HEADER_MASK = 0xe3 };

/* Counter of 39 bits, direction above it, IV. */
static void write_nonce(const uint8_t *config, uint8_t *nonce)
{
    memcpy(nonce, config + COUNTER, COUNTER_BYTES);
    nonce[4] = (uint8_t)((nonce[4] & 0x7f) | (config[DIRECTION] & 1) << 7);
    memcpy(nonce + COUNTER_BYTES, config + IV, NONCE - COUNTER_BYTES);
}

void ccm_stream(const uint8_t *config, unsigned blocks, uint8_t *stream)
{
    uint8_t counter[AES_BLOCK] = {FLAGS_A};

    write_nonce(config, counter + 1);
    for (unsigned i = 0; i < blocks; i++) {
        counter[15] = (uint8_t)i;
        aes_encrypt(config + KEY, counter, stream + i * AES_BLOCK);
    }
}

static void chain(const uint8_t *config, uint8_t *sum, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        sum[i] ^= bytes[i];
    aes_encrypt(config + KEY, sum, sum);
}

void ccm_mic(const uint8_t *config, uint8_t header, const uint8_t *payload, size_t size,
             uint8_t mic[CCM_MIC])
{
    uint8_t sum[AES_BLOCK] = {FLAGS_B0};
    const uint8_t associated[] = {0, 1, header & HEADER_MASK};

    write_nonce(config, sum + 1);
    sum[15] = (uint8_t)size;
    aes_encrypt(config + KEY, sum, sum);
    chain(config, sum, associated, sizeof associated);
    for (size_t done = 0; done < size; done += AES_BLOCK)
        chain(config, sum, payload + done, size - done < AES_BLOCK ? size - done : AES_BLOCK);
    memcpy(mic, sum, CCM_MIC);
}
