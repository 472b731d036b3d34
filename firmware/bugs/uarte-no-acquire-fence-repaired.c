/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of uarte-no-acquire-fence.c: an acquire fence stands between. */
#include "firmware/bugs/parts/uarte_device.h"

enum { COUNT = 4 };

static uint8_t sent[COUNT] = "late";
static uint8_t received[COUNT];
static volatile uint8_t first;

int main(void)
{
    uarte_open();
    uarte_start_receiving(received, COUNT);
    uarte_start_sending(sent, COUNT);
    uarte_wait_sent();
    while (!NRF_UARTE0->EVENTS_ENDRX)
        ;
    dma_end();
    first = *(volatile uint8_t *)received;
    uarte_close();
    program_exit(0);
}
