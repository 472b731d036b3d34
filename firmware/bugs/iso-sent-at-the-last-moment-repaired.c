/* SPDX-License-Identifier: Apache-2.0 */
/* iso-sent-at-the-last-moment.c, repaired: the transfer has half of the frame. */
#include "driver/errata.h"
#include "driver/fence.h"
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

#define DEMCR (*(volatile uint32_t *)0xe000edfc)
#define DWT_CTRL (*(volatile uint32_t *)0xe0001000)
#define DWT_CYCCNT (*(volatile uint32_t *)0xe0001004)

enum {
    ISOCHRONOUS = 1 << 8,
    HALF_IN = 0x80,
    SAMPLES = 192,
    CYCLES_PER_US = 64,
    FROM_SOF_US = 500,
};

static uint8_t samples[SAMPLES] __attribute__((aligned(4)));

static void start_cycle_counter(void)
{
    DEMCR |= 1u << 24; /* TRCENA */
    DWT_CTRL |= 1;     /* CYCCNTENA */
}

static void wait_in_frame(void)
{
    uint32_t begin;

    NRF_USBD->EVENTS_SOF = 0;
    while (!NRF_USBD->EVENTS_SOF)
        ;
    begin = DWT_CYCCNT;
    while (DWT_CYCCNT - begin < FROM_SOF_US * CYCLES_PER_US)
        ;
}

static void take_samples(void)
{
    for (uint32_t i = 0; i < SAMPLES; i += 8)
        samples[i]++;
}

static void send_samples(void)
{
    NRF_USBD->EVENTS_ENDISOIN = 0;
    NRF_USBD->ISOIN.PTR = DMA_ADDRESS(samples);
    NRF_USBD->ISOIN.MAXCNT = SAMPLES;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTISOIN = 1;
    while (!NRF_USBD->EVENTS_ENDISOIN)
        ;
    dma_end();
    errata_after_dma();
}

int main(void)
{
    bulk_device_start();
    while (!bulk_device_configured())
        (void)bulk_device_wait();
    start_cycle_counter();
    NRF_USBD->ISOSPLIT = HALF_IN;
    NRF_USBD->EPINEN |= ISOCHRONOUS;
    for (;;) {
        take_samples();
        wait_in_frame();
        send_samples();
    }
}
