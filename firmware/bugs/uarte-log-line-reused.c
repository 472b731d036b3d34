/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each line of a log is formatted into one buffer and sent from there. The second line is put
 * together while the first is still on its way. After openthread/ot-nrf528xx PR#255, where transmit
 * data is replaced while a transfer is in progress.
 */
#include "firmware/bugs/parts/uarte_device.h"

static uint8_t line[16];

static void format(unsigned number)
{
    for (unsigned i = 0; i < sizeof line; i++)
        line[i] = (uint8_t)('a' + (number + i) % 26); // expect: DMA001
}

int main(void)
{
    uarte_open();
    for (unsigned number = 0; number < 4; number++) {
        format(number);
        if (number)
            uarte_wait_sent();
        uarte_start_sending(line, sizeof line);
    }
    uarte_wait_sent();
    program_exit(0);
}
