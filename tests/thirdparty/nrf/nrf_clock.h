/* SPDX-License-Identifier: Apache-2.0 */
/* The four functions TinyUSB calls of the vendor's clock layer (PS v1.7, 5.4 CLOCK). */
#ifndef NRF_CLOCK_H
#define NRF_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    volatile uint32_t word[0x1000 / 4];
} NRF_CLOCK_Type;

#define NRF_CLOCK ((NRF_CLOCK_Type *)0x40000000)

typedef enum { NRF_CLOCK_HFCLK_LOW_ACCURACY, NRF_CLOCK_HFCLK_HIGH_ACCURACY } nrf_clock_hfclk_t;
typedef enum {
    NRF_CLOCK_TASK_HFCLKSTART = 0x000,
    NRF_CLOCK_TASK_HFCLKSTOP = 0x004
} nrf_clock_task_t;
typedef enum { NRF_CLOCK_EVENT_HFCLKSTARTED = 0x100 } nrf_clock_event_t;

/* HFCLKSTAT: STATE is bit 16, SRC (the crystal) bit 0. */
static inline bool nrf_clock_hf_is_running(const NRF_CLOCK_Type *clock, nrf_clock_hfclk_t source)
{
    return (clock->word[0x40c / 4] & 0x10001u) == (0x10000u | (uint32_t)source);
}

static inline void nrf_clock_event_clear(NRF_CLOCK_Type *clock, nrf_clock_event_t event)
{
    clock->word[event / 4] = 0;
}

static inline void nrf_clock_task_trigger(NRF_CLOCK_Type *clock, nrf_clock_task_t task)
{
    clock->word[task / 4] = 1;
}

#endif
