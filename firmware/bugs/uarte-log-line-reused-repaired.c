/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of uarte-log-line-reused.c: it waits for the line before it formats the next. */
#include "firmware/bugs/parts/uarte_device.h"

static uint8_t line[16];

static void format(unsigned number)
{
    for (unsigned i = 0; i < sizeof line; i++)
        line[i] = (uint8_t)('a' + (number + i) % 26);
}

int main(void)
{
    uarte_open();
    for (unsigned number = 0; number < 4; number++) {
        if (number)
            uarte_wait_sent();
        format(number);
        uarte_start_sending(line, sizeof line);
    }
    uarte_wait_sent();
    program_exit(0);
}
