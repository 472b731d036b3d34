/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of ccm-counter-ahead.c: the counter is counted up when the packet is encrypted. */
#include "firmware/bugs/parts/nrf_aes.h"

static struct ccm_config config = {.key = {1, 2, 3}, .direction = 1, .iv = {9, 8, 7}};
static uint8_t in[CCM_PACKET] = {0x02, 4, 0, 'p', 'i', 'n', 'g'};
static uint8_t out[CCM_PACKET];
static uint8_t scratch[CCM_SCRATCH];

static void count_up(void)
{
    config.counter[0]++;
}

int main(void)
{
    ccm_open(&config, in, out, scratch);
    for (unsigned i = 0; i < 2; i++) {
        ccm_start();
        ccm_wait();
        count_up();
    }
    program_exit(0);
}
