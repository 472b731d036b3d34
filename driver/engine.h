/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one EasyDMA that all endpoints of USBD share, and who has it (PS v1.7, 6.35 USBD: EasyDMA).
 *
 * A second start before the end of the first is forbidden, and so are some tasks and registers. So
 * nobody but this file starts a transfer: an endpoint asks for one, and the engine starts them one
 * after the other, in turn, so that no endpoint starves. All functions may be called from thread
 * and interrupt; each decides with interrupts masked for a few dozen instructions.
 *
 * A buffer is EasyDMA's from engine_move until engine_owns says no. The fence before the start
 * and the one behind the end are here.
 */
#ifndef DRIVER_ENGINE_H
#define DRIVER_ENGINE_H

#include "driver/status.h"

#include <stdbool.h>
#include <stdint.h>

/* What the engine can be asked for: IN endpoints 0..7 and isochronous IN, then the same for OUT. */
enum {
    ENGINE_ISOIN = 8,
    ENGINE_ISOOUT = 17,
    ENGINE_CHANNELS = 18,
};
#define ENGINE_IN(endpoint) (endpoint)
#define ENGINE_OUT(endpoint) (9u + (endpoint))

/*
 * Moves a packet, now or when it is this channel's turn.
 *
 * buffer  IN: `size` bytes to the endpoint. OUT: the packet the endpoint holds, at most `size`
 * bytes; how many is read from SIZE when the transfer starts. In Data RAM. It must be the caller's,
 * and the channel must not own another.
 */
void engine_move(unsigned channel, void *buffer, uint32_t size);

/* Whether the buffer of the last engine_move is EasyDMA's still, waiting or at work. */
bool engine_owns(unsigned channel);

/* Bytes of the last transfer of the channel. */
uint32_t engine_size(unsigned channel);

/*
 * Whether a SETUP or a bus reset was there when the last packet of IN endpoint 0 had been started.
 * One that came behind the start has dropped the packet, as hardware does. One that came in the few
 * cycles before has not: the packet may go out as the answer to the next request.
 */
bool engine_started_late(void);

/* Whether the bytes moved since the program began are an even number. */
bool engine_moved_even(void);

/*
 * Gives up a transfer. One that only waits is forgotten. One at work cannot be stopped: waits for
 * its end, some 10 us, at most some 100000 cycles. Returns whether the buffer is the caller's.
 */
bool engine_take_back(unsigned channel);

/*
 * Whether a transfer has ended: looks at the end event of the one at work, and starts the next.
 * usbd_next_event calls it. Returns the channels of endpoints 1..8 that ended since the last call,
 * bit n for channel n.
 */
uint32_t engine_poll(void);

/*
 * Waits until EasyDMA is idle, at most some 100000 cycles, and keeps it so until engine_resume: for
 * tasks and registers that must not be touched while it works. May be nested.
 *
 * USBD_TIMEOUT  it did not end; engine_resume must not be called
 */
USBD_MUST_CHECK enum usbd_status engine_pause(void);
void engine_resume(void);

/* Forgets what waits, and what ended and was not told yet: the endpoints are gone. Only while
 * EasyDMA is paused. */
void engine_forget(void);

#endif
