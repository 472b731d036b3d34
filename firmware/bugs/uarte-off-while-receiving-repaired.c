/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of uarte-off-while-receiving.c: it waits for RXTO. */
#include "firmware/bugs/parts/uarte_device.h"

static uint8_t sent[] = "off";
static uint8_t received[32];

int main(void)
{
    uarte_open();
    uarte_start_receiving(received, sizeof received);
    uarte_start_sending(sent, sizeof sent);
    uarte_wait_sent();
    NRF_UARTE0->TASKS_STOPRX = 1;
    while (!NRF_UARTE0->EVENTS_RXTO)
        ;
    dma_end();
    NRF_UARTE0->ENABLE = 0;
    require_equal(received, sent, sizeof sent);
    program_exit(0);
}
