/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/board/sound.h"

#include "sim/base/bits.h"
#include "sim/base/file.h"
#include "sim/base/heap.h"

#include <string.h>

enum { RIFF_HEADER = 12, CHUNK_HEADER = 8, FORMAT_SIZE = 16, PCM = 1, MILLI = 1000 };

/* ---- A tone ---------------------------------------------------------------------------------- */

/* Half a wave, 0 <= at < half: Bhaskara's sine, whole numbers, within 0.2 % of full scale. */
static int32_t half_wave(int64_t at, int64_t half)
{
    int64_t product = at * (half - at);

    return (int32_t)(SOUND_FULL * 16 * product / (5 * half * half - 4 * product));
}

static int16_t tone_at(uint32_t hertz, uint64_t position, uint64_t millihertz)
{
    const int64_t half = 1 << 15;
    uint64_t turned = position * hertz * MILLI % millihertz; /* of a wave, in parts of the rate */
    int64_t at = (int64_t)(turned * 2 * (uint64_t)half / millihertz);

    return (int16_t)(at < half ? half_wave(at, half) : -half_wave(at - half, half));
}

/* ---- A file ---------------------------------------------------------------------------------- */

static enum status use_samples(struct sound *sound, const char *path, const uint8_t *bytes,
                               size_t size, struct failure *failure)
{
    size_t count = size / 2 / sound->channels * sound->channels;

    if (!count || count > UINT32_MAX)
        return failure_set(failure, STATUS_BOARD, path, "no samples of 16 bits in it");
    sound->samples = heap_allocate(count, sizeof *sound->samples);
    for (size_t i = 0; i < count; i++)
        sound->samples[i] = (int16_t)load_le16(bytes + 2 * i);
    sound->frames = (uint32_t)(count / sound->channels);
    return STATUS_OK;
}

static enum status use_format(struct sound *sound, const char *path, const uint8_t *chunk,
                              size_t size, struct failure *failure)
{
    unsigned channels = size < FORMAT_SIZE ? 0 : load_le16(chunk + 2);

    if (!channels || load_le16(chunk) != PCM || load_le16(chunk + 14) != 16 ||
        channels > SOUND_CHANNELS || !load_le32(chunk + 4))
        return failure_set(failure, STATUS_BOARD, path,
                           "a WAVE file, but not PCM of 16 bits with one or two channels");
    sound->channels = (uint8_t)channels;
    sound->rate = load_le32(chunk + 4);
    return STATUS_OK;
}

static enum status use_wave(struct sound *sound, const char *path, const uint8_t *bytes,
                            size_t size, struct failure *failure)
{
    size_t at = RIFF_HEADER;
    bool known = false;

    while (at + CHUNK_HEADER <= size) {
        const uint8_t *chunk = bytes + at + CHUNK_HEADER;
        size_t left = size - at - CHUNK_HEADER;
        size_t length = load_le32(bytes + at + 4);
        enum status status;

        length = length < left ? length : left;
        if (known && !memcmp(bytes + at, "data", 4))
            return use_samples(sound, path, chunk, length, failure);
        if (!memcmp(bytes + at, "fmt ", 4)) {
            status = use_format(sound, path, chunk, length, failure);
            if (status != STATUS_OK)
                return status;
            known = true;
        }
        at += CHUNK_HEADER + length + (length & 1);
    }
    return failure_set(failure, STATUS_BOARD, path, "a WAVE file without samples");
}

static enum status read_sound(struct sound *sound, const char *path, struct failure *failure)
{
    uint8_t *bytes;
    size_t size;
    enum status status = file_read(path, &bytes, &size, failure);

    if (status != STATUS_OK)
        return status;
    if (size >= RIFF_HEADER && !memcmp(bytes, "RIFF", 4) && !memcmp(bytes + 8, "WAVE", 4))
        status = use_wave(sound, path, bytes, size, failure);
    else
        status = use_samples(sound, path, bytes, size, failure);
    heap_release(bytes);
    return status;
}

/* ---- What is plugged in ---------------------------------------------------------------------- */

static bool read_tone(const char *text, uint32_t *hertz)
{
    uint32_t value = 0;

    for (; *text >= '0' && *text <= '9' && value <= SOUND_HIGHEST_TONE; text++)
        value = 10 * value + (uint32_t)(*text - '0');
    *hertz = value;
    return !*text && value && value <= SOUND_HIGHEST_TONE;
}

enum status sound_plug(struct sound *sound, const char *word, struct failure *failure)
{
    if (sound_is_plugged(sound))
        return failure_set(failure, STATUS_BOARD, word, "%s has a sound already", sound->name);
    sound->rate = SOUND_RATE;
    sound->channels = 1;
    if (strncmp(word, "tone:", 5) != 0)
        return read_sound(sound, word, failure);
    if (!read_tone(word + 5, &sound->tone))
        return failure_set(failure, STATUS_BOARD, word, "not a tone of 1 to %d Hz",
                           SOUND_HIGHEST_TONE);
    return STATUS_OK;
}

void sound_finish(struct sound *sound)
{
    heap_release(sound->samples);
    sound->samples = NULL;
}

bool sound_is_plugged(const struct sound *sound)
{
    return sound->tone || sound->samples;
}

void sound_hear(struct sound *sound, uint64_t millihertz, int16_t frame[SOUND_CHANNELS])
{
    uint64_t position = sound->state.position++;

    for (unsigned i = 0; i < SOUND_CHANNELS; i++) {
        unsigned channel = i < sound->channels ? i : 0;

        if (sound->samples)
            frame[i] = sound->samples[position % sound->frames * sound->channels + channel];
        else
            frame[i] = sound->tone ? tone_at(sound->tone, position, millihertz) : 0;
    }
}
