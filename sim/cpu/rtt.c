/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/cpu/rtt.h"

#include "sim/base/bits.h"
#include "sim/cpu/console.h"

#include <string.h>

/* The control block: id[16], MaxNumUpBuffers, MaxNumDownBuffers, aUp[]; and the fields of aUp[0].
 */
enum {
    ID_SIZE = 16,
    UP_COUNT = 0x10,
    UP_BUFFER = RTT_UP0 + 0x04,
    UP_SIZE = RTT_UP0 + 0x08,
    UP_RDOFF = RTT_UP0 + 0x10,
    BLOCK_SIZE = RTT_UP0 + 0x18, /* as far as it concerns us */
};

static const char signature[ID_SIZE] = "SEGGER RTT";

/* Up-channel 0 as the firmware left it. */
struct ring {
    const uint8_t *bytes;
    uint32_t size;
    uint32_t write;
    uint32_t read;
};

void rtt_init(struct rtt *rtt, struct memory *memory, struct trace *trace)
{
    *rtt = (struct rtt){.memory = memory, .trace = trace};
}

void rtt_register_state(struct rtt *rtt, struct state *state)
{
    state_register(state, "rtt", &rtt->state, sizeof rtt->state);
}

void rtt_set_address(struct rtt *rtt, guest_addr block)
{
    guest_addr folded = memory_fold(block);
    bool inside = memory_is_data_ram((struct byte_range){folded, BLOCK_SIZE});

    rtt->state.block = inside ? folded : 0;
}

bool rtt_search(struct rtt *rtt)
{
    const uint32_t first = load_le32((const uint8_t *)signature);

    for (uint32_t at = 0; !rtt->state.block && at + BLOCK_SIZE <= RAM_SIZE; at += 4) {
        if (load_le32(rtt->memory->ram + at) == first &&
            !memcmp(rtt->memory->ram + at, signature, ID_SIZE))
            rtt->state.block = RAM_BASE + at;
    }
    return rtt->state.block != 0;
}

/* False when the control block is not initialised or damaged. */
static bool open_ring(const struct rtt *rtt, const uint8_t *block, struct ring *ring)
{
    struct byte_range buffer = {memory_fold(load_le32(block + UP_BUFFER)),
                                load_le32(block + UP_SIZE)};

    if (memcmp(block, signature, ID_SIZE) != 0 || load_le32(block + UP_COUNT) == 0 ||
        !memory_is_data_ram(buffer))
        return false;
    *ring = (struct ring){.bytes = memory_at(rtt->memory, buffer),
                          .size = buffer.size,
                          .write = load_le32(block + RTT_WROFF),
                          .read = load_le32(block + UP_RDOFF)};
    return ring->write < ring->size && ring->read < ring->size;
}

void rtt_drain(struct rtt *rtt)
{
    struct ring ring;
    uint8_t *block;

    if (!rtt->state.block)
        return;
    block = memory_at(rtt->memory, (struct byte_range){rtt->state.block, BLOCK_SIZE});
    if (!open_ring(rtt, block, &ring))
        return;
    if (ring.write < ring.read) {
        console_emit(rtt->trace, "rtt", ring.bytes + ring.read, ring.size - ring.read);
        ring.read = 0;
    }
    console_emit(rtt->trace, "rtt", ring.bytes + ring.read, ring.write - ring.read);
    memory_ram_changing(rtt->memory, (struct byte_range){rtt->state.block, BLOCK_SIZE});
    store_le32(block + UP_RDOFF, ring.write);
}
