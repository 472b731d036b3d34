/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two receive buffers follow each other by a shortcut. The second one is written to PTR right
 * behind the start of the first, without waiting for RXSTARTED: which of the two EasyDMA captures
 * is open. After zephyrproject-rtos/zephyr PR#24209 and #53188, where the next receive buffer is
 * set at a moment at which it may be the wrong one.
 */
#include "firmware/bugs/parts/uarte_device.h"

enum { HALF = 2 };

static uint8_t sent[2 * HALF] = "upto";
static uint8_t received[2 * HALF];

int main(void)
{
    uarte_open();
    NRF_UARTE0->SHORTS = UARTE_ENDRX_STARTRX;
    uarte_start_receiving(received, HALF);
    NRF_UARTE0->RXD_PTR = DMA_POINTER(received + HALF); // expect: PER002
    uarte_start_sending(sent, sizeof sent);
    uarte_wait_sent();
    program_exit(0);
}
