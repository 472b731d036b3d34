/* SPDX-License-Identifier: Apache-2.0 */
/* A fast 64-bit fingerprint of bytes, for comparing machine states. Not cryptographic. */
#ifndef SIM_BASE_HASH_H
#define SIM_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_SEED 0xcbf29ce484222325u

/* Fingerprint of `bytes` continued from `hash`; start with HASH_SEED. The same on every host. */
uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t size);

#endif
