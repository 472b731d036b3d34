/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware/class/string.h"

#include "driver/mmio.h"
#include "driver/registers.h"
#include "firmware/class/descriptor.h"

#include <stddef.h>

enum { US_ENGLISH = 0x0409, CHARACTERS_MAX = 40, SERIAL_DIGITS = 16 };

static uint8_t descriptor[2 + 2 * CHARACTERS_MAX];

static void begin(void)
{
    descriptor[0] = 2;
    descriptor[1] = DESCRIPTOR_STRING;
}

static void put(unsigned character)
{
    if (descriptor[0] == sizeof descriptor)
        return;
    descriptor[descriptor[0]] = (uint8_t)character;
    descriptor[descriptor[0] + 1u] = (uint8_t)(character >> 8);
    descriptor[0] = (uint8_t)(descriptor[0] + 2);
}

/* Each chip has a number of its own (PS v1.7, 4.4 FICR: DEVICEID). */
static void put_serial_number(void)
{
    for (unsigned i = 0; i < SERIAL_DIGITS; i++) {
        uint32_t word = mmio_read32(REG_ADDR_N(FICR, DEVICEID, 1 - i / 8));

        put((unsigned)"0123456789ABCDEF"[word >> (28 - i % 8 * 4) & 0xf]);
    }
}

static void put_text(const char *text)
{
    while (*text != '\0')
        put((unsigned char)*text++);
}

const uint8_t *string_descriptor(const struct device *device, uint8_t index, uint16_t language)
{
    if (index > device->string_count || language != (index == 0 ? 0 : US_ENGLISH))
        return NULL;
    begin();
    if (index == 0)
        put(US_ENGLISH);
    else if (device->strings[index - 1])
        put_text(device->strings[index - 1]);
    else
        put_serial_number();
    return descriptor;
}
