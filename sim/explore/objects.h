/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the image tells of memory objects: variables, arrays, and the members they are made of.
 *
 * The answers to what a checker asks (struct checker_options); their `owner` is the image, cast.
 */
#ifndef SIM_EXPLORE_OBJECTS_H
#define SIM_EXPLORE_OBJECTS_H

#include "sim/core/trace.h"
#include "sim/image/image.h"

/* The variable or array with a symbol that contains `address`. */
bool object_at(void *image, guest_addr address, struct byte_range *object);

/*
 * Whether `window`, of a transfer that was started at `site`, reaches past the end of what it
 * begins in: a variable with a symbol, a local variable of a function that is running at `site`, or
 * an array within one of these. Then `object` is that.
 */
bool object_left(void *image, const struct site *site, struct byte_range window,
                 struct byte_range *object);

#endif
