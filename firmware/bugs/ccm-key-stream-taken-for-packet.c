/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ENDKSGEN is taken for the end of the encryption. It says that the key stream is there; the packet
 * is being encrypted with it from then on.
 */
#include "firmware/bugs/parts/nrf_aes.h"

static struct ccm_config config = {.key = {1, 2, 3}, .direction = 1, .iv = {9, 8, 7}};
static uint8_t in[CCM_PACKET] = {0x02, 4, 0, 'p', 'i', 'n', 'g'};
static uint8_t out[CCM_PACKET];
static uint8_t scratch[CCM_SCRATCH];
static volatile uint8_t length;

int main(void)
{
    ccm_open(&config, in, out, scratch);
    ccm_start();
    while (!NRF_CCM->EVENTS_ENDKSGEN)
        ;
    dma_end();
    length = out[1]; // expect: DMA002
    ccm_wait();
    program_exit(0);
}
