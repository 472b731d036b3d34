/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A packet of 600 bytes, while ISOSPLIT gives IN no
 * more than half of the buffer of 1 KiB: the rest of the packet would be where OUT packets arrive.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

enum { ISOCHRONOUS = 1 << 8, HALF_IN = 0x80, SAMPLES = 600 };

static uint8_t samples[SAMPLES] __attribute__((aligned(4)));

static void wait_for_frame(void)
{
    NRF_USBD->EVENTS_SOF = 0;
    while (!NRF_USBD->EVENTS_SOF)
        ;
}

static void compute_samples(void)
{
    for (uint32_t i = 0; i < SAMPLES; i++)
        samples[i]++;
}

static void send_samples(void)
{
    NRF_USBD->EVENTS_ENDISOIN = 0;
    NRF_USBD->ISOIN.PTR = DMA_ADDRESS(samples);
    NRF_USBD->ISOIN.MAXCNT = SAMPLES;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTISOIN = 1; // expect: BUF006
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
    NRF_USBD->ISOSPLIT = HALF_IN;
    NRF_USBD->EPINEN |= ISOCHRONOUS;
    wait_for_frame();
    for (;;) {
        compute_samples();
        wait_for_frame();
        send_samples();
    }
}
