/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two threads, correct in an unusual style: the buffers are on the stack of the one that fills
 * them, the other one starts and ends the transfers, and both stacks are in one array, as kernels
 * have it.
 */
#include "firmware/bugs/parts/thread.h"
#include "firmware/bugs/parts/uarte_device.h"

#include <stddef.h>

enum { ROUNDS = 6 };

static struct thread threads[2];

/* A letter box of one message. */
static const uint8_t *volatile message;
static volatile uint32_t message_size;

static void post(const uint8_t *bytes, uint32_t size)
{
    message_size = size;
    message = bytes;
    while (message)
        thread_yield();
}

/* Each message is in another frame, at another depth. */
__attribute__((noinline)) static uint32_t tell(unsigned depth)
{
    uint8_t line[24];
    uint32_t sum = 0;

    if (depth)
        sum += tell(depth - 1);
    for (unsigned i = 0; i < sizeof line; i++)
        line[i] = (uint8_t)(depth + i);
    post(line, sizeof line);
    for (unsigned i = 0; i < sizeof line; i++)
        sum += line[i];
    return sum;
}

static void writer(void)
{
    uint32_t sum = 0;

    for (unsigned round = 0; round < ROUNDS; round++)
        sum += tell(round % 4);
    program_exit(sum == 0);
}

/* Yields while the line is sent, and sends an acknowledgement of its own from its own stack. */
__attribute__((noinline)) static void send_line(void)
{
    uint8_t sent[4] = {'o', 'k', '\r', '\n'};

    uarte_start_sending((const void *)message, message_size);
    while (!NRF_UARTE0->EVENTS_ENDTX)
        thread_yield();
    uarte_wait_sent();
    uarte_start_sending(sent, sizeof sent);
    thread_yield();
    uarte_wait_sent();
    message = NULL;
}

static void sender(void)
{
    for (;;) {
        if (message)
            send_line();
        thread_yield();
    }
}

int main(void)
{
    uarte_open();
    threads_run(&threads[1], writer, &threads[0], sender);
}
