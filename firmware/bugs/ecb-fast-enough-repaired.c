/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of ecb-fast-enough.c: ENDECB is asked. */
#include "firmware/bugs/parts/nrf_aes.h"

static struct ecb_data data = {.key = {1, 2, 3}, .clear = {4, 5, 6}};
static volatile uint8_t first;

int main(void)
{
    ecb_start(&data);
    ecb_wait();
    first = data.cipher[0];
    program_exit(0);
}
