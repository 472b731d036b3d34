/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/board/air.h"

#include "sim/base/heap.h"

/* No packet of any modulation is longer: 264 bytes at 125 kbit/s are 17 ms. */
#define LONGEST (20 * CYCLES_PER_MS)

void air_finish(struct air *air)
{
    heap_release(air->packet);
    air->packet = NULL;
    air->count = 0;
}

size_t air_first_from(const struct air *air, sim_time from)
{
    size_t low = 0;
    size_t high = air->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (air->packet[middle].start < from)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int air_loudest(const struct air *air, unsigned megahertz, sim_time from, sim_time to,
                bool coherent)
{
    int most = AIR_SILENCE;

    for (size_t i = air_first_from(air, from > LONGEST ? from - LONGEST : 0);
         i < air->count && air->packet[i].start < to; i++) {
        const struct air_packet *packet = &air->packet[i];

        if (packet->megahertz == megahertz && air_packet_end(packet) > from &&
            (!coherent || packet->mode == AIR_IEEE802154) && packet->dbm > most)
            most = packet->dbm;
    }
    return most;
}

void air_sent(const struct air *air, const struct air_packet *packet)
{
    trace_emit(air->trace, (struct observation){.kind = OBS_RADIO, .radio = {.packet = packet}});
}
