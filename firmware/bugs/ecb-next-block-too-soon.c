/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Key stream is made block by block. The counter is stepped while ECB still reads it: which of two
 * counters is encrypted is open, or a mixture of both.
 */
#include "firmware/bugs/parts/nrf_aes.h"

static struct ecb_data data = {.key = {1, 2, 3}, .clear = {0}};
static volatile uint8_t stream[2][16];

static void step_counter(void)
{
    for (unsigned i = 16; i-- > 0 && !++data.clear[i];) // expect: DMA001
        continue;
}

static void keep(unsigned block)
{
    for (unsigned i = 0; i < 16; i++)
        stream[block][i] = data.cipher[i];
}

int main(void)
{
    for (unsigned block = 0; block < 2; block++) {
        ecb_start(&data);
        step_counter();
        ecb_wait();
        keep(block);
    }
    program_exit(0);
}
