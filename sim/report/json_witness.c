/* SPDX-License-Identifier: Apache-2.0 */
/* What leaves the chip at the extremes of timing, for the reports that are JSON. */
#include "sim/report/json_witness.h"

static void write_channel(struct json *json, const struct dma_channel_name *channel)
{
    if (channel)
        json_format(json, "channel", "%s.%s", channel->block, channel->name);
    else
        json_null(json, "channel");
}

static void write_packet(struct json *json, const struct report_packet *packet)
{
    json_object(json, NULL);
    json_string(json, "timing", packet->timing);
    if (packet->channel)
        json_null(json, "endpoint");
    else
        json_number(json, "endpoint", packet->endpoint);
    write_channel(json, packet->channel);
    json_hex(json, "bytes", packet->bytes, packet->size);
    json_string(json, "replay", packet->replay);
    json_end(json);
}

const struct report_witness *witness_of(const struct report_options *options,
                                        const struct finding *finding)
{
    for (unsigned i = 0; i < options->witness_count; i++) {
        if (options->witnesses[i].finding == finding)
            return &options->witnesses[i];
    }
    return NULL;
}

void json_witness(struct json *json, const struct report_witness *witness)
{
    json_array(json, "witness");
    for (unsigned side = 0; witness && side < 2; side++)
        write_packet(json, &witness->packet[side]);
    json_end(json);
}
