/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-1 and SHA-256, one block (FIPS 180-4, 6.1.2 and 6.2.2). */
#ifndef SIM_PERIPH_SHA_H
#define SIM_PERIPH_SHA_H

#include <stdint.h>

enum { SHA_BLOCK = 64, SHA1_WORDS = 5, SHA256_WORDS = 8 };

void sha1_block(uint32_t hash[SHA1_WORDS], const uint8_t block[SHA_BLOCK]);
void sha256_block(uint32_t hash[SHA256_WORDS], const uint8_t block[SHA_BLOCK]);

#endif
