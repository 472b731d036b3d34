/* SPDX-License-Identifier: Apache-2.0 */
/* The encryption of packets of the link layer (Bluetooth Core, Vol 6, Part E; RFC 3610). */
#ifndef SIM_PERIPH_CCM_CIPHER_H
#define SIM_PERIPH_CCM_CIPHER_H

#include <stddef.h>
#include <stdint.h>

enum { CCM_MIC = 4 };

/* Writes `blocks` blocks of key stream: the first is for the MIC. `config` is the structure CNFPTR
 * leads to. */
void ccm_stream(const uint8_t *config, unsigned blocks, uint8_t *stream);

/* The MIC, not encrypted, of a payload in clear behind `header`, the first byte of the packet. */
void ccm_mic(const uint8_t *config, uint8_t header, const uint8_t *payload, size_t size,
             uint8_t mic[CCM_MIC]);

#endif
