/* SPDX-License-Identifier: Apache-2.0 */
/* AES-128, one block (FIPS 197): what ECB, CCM, AAR and CRYPTOCELL are made of. */
#ifndef SIM_PERIPH_AES_H
#define SIM_PERIPH_AES_H

#include <stdint.h>

enum { AES_BLOCK = 16 };

/* Encrypts `clear` with `key` into `cipher`, which may be `clear`. 16 bytes each, in the order of
 * FIPS 197. */
void aes_encrypt(const uint8_t *key, const uint8_t *clear, uint8_t *cipher);

/* Decrypts `cipher` with `key` into `clear`, which may be `cipher`. */
void aes_decrypt(const uint8_t *key, const uint8_t *cipher, uint8_t *clear);

#endif
