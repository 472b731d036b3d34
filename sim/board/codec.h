/* SPDX-License-Identifier: Apache-2.0 */
/* What hangs on the wires of I2S: nothing, a wire from SDOUT to SDIN, or a source of sound. */
#ifndef SIM_BOARD_CODEC_H
#define SIM_BOARD_CODEC_H

#include "sim/board/sound.h"
#include "sim/core/trace.h"

struct codec {
    struct sound sound; /* what it sends */
    /* Wiring. */
    struct trace *trace;
    bool loopback;
};

/* One word of what is plugged in: "loopback", "tone:440", "out:FILE" (kept by who watches), FILE.
 */
MUST_CHECK enum status codec_plug(struct codec *codec, const char *word, struct failure *failure);

/* Frames a second (in thousandths) that the codec gives when it makes the clocks. */
uint64_t codec_millihertz(const struct codec *codec);

/* One frame: samples of left and right, `bytes` wide (1, 2 or 4, of which 3 count), go out where
 * `sends` and come in. */
void codec_frame(struct codec *codec, uint64_t millihertz, unsigned bytes, bool sends,
                 const int32_t sent[SOUND_CHANNELS], int32_t received[SOUND_CHANNELS]);

#endif
