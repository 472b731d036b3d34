/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/mem/store_buffer.h"

#include <assert.h>
#include <string.h>

void store_buffer_add(struct store_buffer *buffer, const uint8_t *ram, uint32_t offset,
                      uint32_t size)
{
    struct pending_store *slot;

    assert(size <= sizeof slot->before && buffer->depth <= STORE_BUFFER_MAX);
    if (!buffer->depth)
        return;
    if (buffer->count == buffer->depth) {
        buffer->first = (buffer->first + 1) % STORE_BUFFER_MAX;
        buffer->count--;
    }
    slot = &buffer->slot[(buffer->first + buffer->count++) % STORE_BUFFER_MAX];
    *slot = (struct pending_store){.offset = offset, .size = size};
    memcpy(slot->before, ram + offset, size);
}

void store_buffer_drain(struct store_buffer *buffer)
{
    buffer->first = 0;
    buffer->count = 0;
}

static struct pending_store *slot_at(struct store_buffer *buffer, uint32_t number)
{
    return &buffer->slot[(buffer->first + number) % STORE_BUFFER_MAX];
}

static bool touches(const struct pending_store *slot, uint32_t offset, uint32_t size)
{
    return slot->offset < offset + size && offset < slot->offset + slot->size;
}

bool store_buffer_find(const struct store_buffer *buffer, uint32_t offset, uint32_t size,
                       uint32_t *cursor)
{
    for (; *cursor < buffer->count; ++*cursor) {
        if (touches(&buffer->slot[(buffer->first + *cursor) % STORE_BUFFER_MAX], offset, size))
            return true;
    }
    return false;
}

void store_buffer_arrive(struct store_buffer *buffer, uint32_t number)
{
    const struct pending_store arrived = *slot_at(buffer, number);
    uint32_t kept = 0;

    assert(number < buffer->count);
    for (uint32_t i = 0; i < buffer->count; i++) {
        const struct pending_store *slot = slot_at(buffer, i);

        if (i > number || !touches(slot, arrived.offset, arrived.size))
            *slot_at(buffer, kept++) = *slot;
    }
    for (uint32_t i = kept; i < buffer->count; i++)
        *slot_at(buffer, i) = (struct pending_store){0};
    buffer->count = kept;
}

/* The byte at `offset` as it was before the oldest pending store to it; NULL: none is pending. */
static const uint8_t *before(const struct store_buffer *buffer, uint32_t offset)
{
    for (uint32_t i = 0; i < buffer->count; i++) {
        const struct pending_store *slot = &buffer->slot[(buffer->first + i) % STORE_BUFFER_MAX];

        if (offset - slot->offset < slot->size)
            return &slot->before[offset - slot->offset];
    }
    return NULL;
}

/* The cell behind a pending store takes a new byte, which that store will overwrite. */
static void replace_before(struct store_buffer *buffer, uint32_t offset, uint8_t byte)
{
    for (uint32_t i = 0; i < buffer->count; i++) {
        struct pending_store *slot = &buffer->slot[(buffer->first + i) % STORE_BUFFER_MAX];

        if (offset - slot->offset < slot->size) {
            slot->before[offset - slot->offset] = byte;
            return;
        }
    }
}

void store_buffer_read(const struct store_buffer *buffer, const uint8_t *ram, uint32_t offset,
                       uint8_t *bytes, uint32_t size)
{
    memcpy(bytes, ram + offset, size);
    for (uint32_t i = 0; buffer->count && i < size; i++) {
        const uint8_t *old = before(buffer, offset + i);

        if (old)
            bytes[i] = *old;
    }
}

void store_buffer_write(struct store_buffer *buffer, uint8_t *ram, uint32_t offset,
                        const uint8_t *bytes, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        if (buffer->count && before(buffer, offset + i))
            replace_before(buffer, offset + i, bytes[i]);
        else
            ram[offset + i] = bytes[i];
    }
}
