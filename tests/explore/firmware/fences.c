/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The small programs that memory models are explained with, between the CPU and EasyDMA: each
 * vendor request is answered with two words in RAM, `flag` in front of `data`, both 0 at first.
 * What the host receives, and `seen`, is the outcome.
 */
#include "driver/memory.h"
#include "firmware/bugs/parts/ep0_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

struct words {
    uint32_t flag;
    uint32_t data;
};

static volatile struct words words;
static volatile uint32_t seen;

#define COMPILER() __asm__ volatile("" ::: "memory")
#define DMB() __asm__ volatile("dmb" ::: "memory")
#define DSB() __asm__ volatile("dsb" ::: "memory")
#define NONE()

static void start(void)
{
    NRF_USBD->TASKS_STARTEPIN[0] = 1;
}

/* data = 1; fence; start */
#define HAND_OVER(name, fence)                                                                     \
    static __attribute__((noinline, used)) void name(void)                                         \
    {                                                                                              \
        words.data = 1;                                                                            \
        fence();                                                                                   \
        start();                                                                                   \
    }

/* data = 1; fence; flag = 1; start */
#define TWO_WORDS(name, fence)                                                                     \
    static __attribute__((noinline, used)) void name(void)                                         \
    {                                                                                              \
        words.data = 1;                                                                            \
        fence();                                                                                   \
        words.flag = 1;                                                                            \
        start();                                                                                   \
    }

/* start; data = 1; fence; flag = 1 */
#define MESSAGE(name, fence)                                                                       \
    static __attribute__((noinline, used)) void name(void)                                         \
    {                                                                                              \
        start();                                                                                   \
        words.data = 1;                                                                            \
        fence();                                                                                   \
        words.flag = 1;                                                                            \
    }

/* start; data = 1; fence; seen = STARTED */
#define STORE_BUFFERING(name, fence)                                                               \
    static __attribute__((noinline, used)) void name(void)                                         \
    {                                                                                              \
        start();                                                                                   \
        words.data = 1;                                                                            \
        fence();                                                                                   \
        seen = NRF_USBD->EVENTS_STARTED;                                                           \
    }

#define ALL(shape, name)                                                                           \
    shape(name##_none, NONE) shape(name##_compiler, COMPILER) shape(name##_dmb, DMB)               \
        shape(name##_dsb, DSB)

ALL(HAND_OVER, hand_over)
ALL(TWO_WORDS, two_words)
ALL(MESSAGE, message)
ALL(STORE_BUFFERING, store_buffering)

static void (*const programs[])(void) = {
    hand_over_none,       hand_over_compiler,       hand_over_dmb,       hand_over_dsb,
    two_words_none,       two_words_compiler,       two_words_dmb,       two_words_dsb,
    message_none,         message_compiler,         message_dmb,         message_dsb,
    store_buffering_none, store_buffering_compiler, store_buffering_dmb, store_buffering_dsb,
};

enum { PROGRAMS = sizeof programs / sizeof *programs };

static uint8_t packet[64];

static void prepare(const volatile void *bytes, uint32_t size)
{
    NRF_USBD->EVENTS_ENDEPIN[0] = 0;
    NRF_USBD->EVENTS_STARTED = 0;
    NRF_USBD->EPIN[0].PTR = (uint32_t)(uintptr_t)bytes;
    NRF_USBD->EPIN[0].MAXCNT = size;
}

void ep0_send(const uint8_t *bytes, uint32_t size)
{
    memcpy(packet, bytes, size);
    prepare(packet, size);
    DMB();
    start();
}

bool ep0_vendor(const struct usbd_setup *setup)
{
    if (setup->request_type != 0xc0 || setup->value >= PROGRAMS)
        return false;
    NRF_USBD->SHORTS = SHORT_EP0DATADONE_EP0STATUS;
    words.flag = 0;
    words.data = 0;
    seen = 0;
    prepare(&words, sizeof words);
    DSB();
    programs[setup->value]();
    return true;
}

/* The answer has gone: the outcome is there. */
void ep0_data_done(void)
{
}

int main(void)
{
    ep0_device_run();
}
