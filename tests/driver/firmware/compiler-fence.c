/* SPDX-License-Identifier: Apache-2.0 */
/* Hands a buffer over twice with a compiler barrier that is recorded (driver/fence.h). */
#include "driver/fence.h"
#include "firmware/common/startup.h"

#include <stdint.h>

static uint8_t buffer[4];
static uint8_t *volatile handed_over;

static inline void hand_over(uint8_t byte)
{
    buffer[0] = byte;
    COMPILER_FENCE();
    handed_over = buffer;
}

int main(void)
{
    hand_over(1);
    hand_over(2);
    return buffer[0] - 2;
}
