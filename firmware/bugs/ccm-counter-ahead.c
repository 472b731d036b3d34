/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The packet counter of a connection is counted up right behind KSGEN, while CCM still reads key
 * and nonce: this packet goes out with a nonce that its receiver does not expect.
 */
#include "firmware/bugs/parts/nrf_aes.h"

static struct ccm_config config = {.key = {1, 2, 3}, .direction = 1, .iv = {9, 8, 7}};
static uint8_t in[CCM_PACKET] = {0x02, 4, 0, 'p', 'i', 'n', 'g'};
static uint8_t out[CCM_PACKET];
static uint8_t scratch[CCM_SCRATCH];

static void count_up(void)
{
    config.counter[0]++; // expect: DMA001
}

int main(void)
{
    ccm_open(&config, in, out, scratch);
    for (unsigned i = 0; i < 2; i++) {
        ccm_start();
        count_up();
        ccm_wait();
    }
    program_exit(0);
}
