/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a microphone hears or a codec sends: silence, a tone, or a file of samples. A file is RIFF
 * WAVE (PCM of 16 bits) or raw samples of 16 bits, little-endian, one channel. At its end it begins
 * again.
 */
#ifndef SIM_BOARD_SOUND_H
#define SIM_BOARD_SOUND_H

#include "sim/base/status.h"
#include "sim/core/state.h"

#include <stdbool.h>
#include <stdint.h>

enum { SOUND_CHANNELS = 2, SOUND_FULL = 32767, SOUND_RATE = 16000, SOUND_HIGHEST_TONE = 20000 };

struct sound {
    /* Plain state, one registered region: frames that were heard. */
    struct sound_state {
        uint64_t position;
    } state;
    /* Wiring. */
    const char *name; /* "pdm" */
    uint32_t tone;    /* Hz; 0: none */
    uint32_t rate;    /* of the file, frames a second; SOUND_RATE without one */
    uint8_t channels; /* of the file */
    int16_t *samples; /* of the file, NULL: none */
    uint32_t frames;
};

/* Plugs in "tone:440" or the name of a file. Released with sound_finish. */
MUST_CHECK enum status sound_plug(struct sound *sound, const char *word, struct failure *failure);
void sound_finish(struct sound *sound);

/* Is there anything to hear? */
bool sound_is_plugged(const struct sound *sound);

/* The next frame, at `millihertz` frames a second: samples of left and right. */
void sound_hear(struct sound *sound, uint64_t millihertz, int16_t frame[SOUND_CHANNELS]);

#endif
