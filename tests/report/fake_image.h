/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An image made of three tables, in place of sim/image: reports are then about what they are given,
 * not about what a compiler made of it.
 */
#ifndef TESTS_REPORT_FAKE_IMAGE_H
#define TESTS_REPORT_FAKE_IMAGE_H

#include "sim/image/image.h"

enum {
    FAKE_MEMCPY = 0x2000,     /* a library function: a symbol, no lines */
    FAKE_OWN_MEMCPY = 0x2100, /* the firmware's own, with lines */
    FAKE_ANSWER_STORE = 0x1104,
    FAKE_INLINED_MEMCPY = 0x1108, /* the same, inlined into answer */
    FAKE_ANSWER_START = 0x1100,   /* usbd_start_epin0, inlined from a header into answer */
    FAKE_MAIN = 0x1200,
    FAKE_BUFFER = 0x20000100,
    FAKE_TAIL = 40,  /* offset of buffer.tail, an array of 10 bytes */
    FAKE_LOCAL = 16, /* offset from r13 of `reply`, a local variable of `answer`, of 16 bytes */
    FAKE_FRAME = 32, /* bytes of the innermost stack frame */
    FAKE_FLASH_WORD = 0x3000, /* in a segment of the image: a frame whose caller is FAKE_MAIN */
};

/*
 * Its unwinder goes from the site to r14, and from there to every word from r13 on until it reads
 * 0; a word FAKE_FLASH_WORD is read through once more; bit 0 marks a frame behind an exception.
 */
const struct image *fake_image(void);

#endif
