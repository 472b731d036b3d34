/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The receiver is told to stop, and the block is switched off at once. EasyDMA is not done before
 * RXTO. After adafruit/Adafruit_nRF52_Arduino commit 798c390 and RIOT-OS/RIOT PR#19926, where a
 * UART switched off with its receiver at work spoils memory later.
 */
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
    NRF_UARTE0->ENABLE = 0; // expect: PER010
    program_exit(0);
}
