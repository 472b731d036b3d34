/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The manual gives 7.2 us for a block. The driver counts them off instead of asking ENDECB, and
 * takes the cipher text. Who else uses memory at the time is not counted.
 */
#include "firmware/bugs/parts/nrf_aes.h"

enum { LOOPS = 200 };

static struct ecb_data data = {.key = {1, 2, 3}, .clear = {4, 5, 6}};
static volatile uint8_t first;

static void count_off(void)
{
    for (volatile unsigned i = 0; i < LOOPS; i++)
        ;
}

int main(void)
{
    ecb_start(&data);
    count_off();
    dma_end();
    first = data.cipher[0]; // expect: DMA002
    program_exit(0);
}
