/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware/class/descriptor.h"

#include <stddef.h>

uint32_t configuration_size(const uint8_t *configuration)
{
    return configuration[2] | (uint32_t)configuration[3] << 8;
}

/* The descriptor behind `at`, or NULL at the end. */
static const uint8_t *next(const uint8_t *configuration, const uint8_t *at)
{
    at += at[0];
    return at < configuration + configuration_size(configuration) ? at : NULL;
}

const uint8_t *interface_find(const uint8_t *configuration, uint8_t number, uint8_t alternate)
{
    const uint8_t *at = configuration;

    while ((at = next(configuration, at)) != NULL) {
        if (at[1] == DESCRIPTOR_INTERFACE && at[2] == number && at[3] == alternate)
            return at;
    }
    return NULL;
}

const uint8_t *endpoint_after(const uint8_t *configuration, const uint8_t *at)
{
    while ((at = next(configuration, at)) != NULL && at[1] != DESCRIPTOR_INTERFACE) {
        if (at[1] == DESCRIPTOR_ENDPOINT)
            return at;
    }
    return NULL;
}
