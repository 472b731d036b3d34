/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses that the code of an image names: words it loads from literal pools, and pairs of MOVW
 * and MOVT (Armv7-M, A7.7). Found in the bytes, so symbols are not needed.
 *
 * Deviations:
 *   1. Code is not followed: every halfword is looked at as if an instruction began there. Data
 * that looks like a load of a literal which is such an address is taken for one.
 *   2. Addresses that are calculated in other ways, or stand in tables, are not found.
 */
#ifndef SIM_IMAGE_REFERENCES_H
#define SIM_IMAGE_REFERENCES_H

#include "sim/image/image.h"

/* Calls `found` for each place `at` that names an `address` of `within`, by `at`. */
void image_references(const struct image *image, struct byte_range within,
                      void (*found)(void *owner, guest_addr at, guest_addr address), void *owner);

#endif
