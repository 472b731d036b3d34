/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of ecb-next-block-too-soon.c: the counter is stepped behind ENDECB. */
#include "firmware/bugs/parts/nrf_aes.h"

static struct ecb_data data = {.key = {1, 2, 3}, .clear = {0}};
static volatile uint8_t stream[2][16];

static void step_counter(void)
{
    for (unsigned i = 16; i-- > 0 && !++data.clear[i];)
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
        ecb_wait();
        step_counter();
        keep(block);
    }
    program_exit(0);
}
