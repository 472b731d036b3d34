/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/board/codec.h"

#include <string.h>

enum { MILLI = 1000, SOUND_BYTES = 2, WIDE_BYTES = 4 };

enum status codec_plug(struct codec *codec, const char *word, struct failure *failure)
{
    if (!strcmp(word, "off") || !strncmp(word, "out:", 4))
        return STATUS_OK;
    if (strcmp(word, "loopback") != 0)
        return sound_plug(&codec->sound, word, failure);
    codec->loopback = true;
    return STATUS_OK;
}

uint64_t codec_millihertz(const struct codec *codec)
{
    return (uint64_t)(codec->sound.rate ? codec->sound.rate : SOUND_RATE) * MILLI;
}

static void report(const struct codec *codec, bool from_chip, int32_t sample, unsigned bytes)
{
    for (unsigned i = 0; i < (bytes == WIDE_BYTES ? 3 : bytes); i++)
        trace_emit(codec->trace,
                   (struct observation){.kind = OBS_SERIAL,
                                        .serial = {.port = codec->sound.name,
                                                   .from_chip = from_chip,
                                                   .byte = (uint8_t)((uint32_t)sample >> 8 * i)}});
}

/* A sample of 16 bits as one of 8, 16 or 24. */
static int32_t widen(int16_t sample, unsigned bytes)
{
    if (bytes == WIDE_BYTES)
        return sample * 256;
    return bytes == SOUND_BYTES ? sample : sample / 256;
}

void codec_frame(struct codec *codec, uint64_t millihertz, unsigned bytes, bool sends,
                 const int32_t sent[SOUND_CHANNELS], int32_t received[SOUND_CHANNELS])
{
    int16_t heard[SOUND_CHANNELS];

    sound_hear(&codec->sound, millihertz, heard);
    for (unsigned i = 0; i < SOUND_CHANNELS; i++) {
        received[i] = codec->loopback ? sent[i] : widen(heard[i], bytes);
        if (sends)
            report(codec, true, sent[i], bytes);
        report(codec, false, received[i], bytes);
    }
}
