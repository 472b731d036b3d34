/* SPDX-License-Identifier: Apache-2.0 */
/* ChaCha, one block of its key stream (RFC 8439, 2.3). */
#ifndef SIM_PERIPH_CHACHA_H
#define SIM_PERIPH_CHACHA_H

#include <stdint.h>

enum { CHACHA_BLOCK = 64, CHACHA_WORDS = 16 };

/* The key stream of the matrix `input` after `rounds` rounds, an even number. */
void chacha_block(const uint32_t input[CHACHA_WORDS], unsigned rounds,
                  uint8_t stream[CHACHA_BLOCK]);

#endif
