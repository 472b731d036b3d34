/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of uarte-flash-banner.c: the banner is copied to RAM first. */
#include "firmware/bugs/parts/uarte_device.h"

static const char banner[] = "fencepost 1\n";
static char line[sizeof banner];

int main(void)
{
    uarte_open();
    memcpy(line, banner, sizeof banner);
    NRF_UARTE0->EVENTS_ENDTX = 0;
    NRF_UARTE0->TXD_PTR = DMA_POINTER(line);
    NRF_UARTE0->TXD_MAXCNT = sizeof line - 1;
    dma_start();
    NRF_UARTE0->TASKS_STARTTX = 1;
    uarte_wait_sent();
    program_exit(0);
}
