/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of ccm-key-stream-taken-for-packet.c: ENDCRYPT is waited for. */
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
    ccm_wait();
    length = out[1];
    program_exit(0);
}
