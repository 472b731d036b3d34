/* SPDX-License-Identifier: Apache-2.0 */
/* A FIFO of bytes in plain state, the oldest first. Unused bytes are 0: equal ones hash alike. */
#ifndef SIM_BASE_FIFO_H
#define SIM_BASE_FIFO_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Moves the `size` oldest of `*waiting` bytes to `to`. `room`: bytes that `fifo` can hold. */
static inline void fifo_take(uint8_t *to, uint8_t *fifo, size_t room, uint8_t *waiting, size_t size)
{
    memcpy(to, fifo, size);
    memmove(fifo, fifo + size, room - size);
    memset(fifo + room - size, 0, size);
    *waiting = (uint8_t)(*waiting - size);
}

#endif
