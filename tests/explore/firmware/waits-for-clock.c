/* SPDX-License-Identifier: Apache-2.0 */
/* Waits for the low-frequency clock that nobody started. */
#include "driver/mmio.h"
#include "driver/registers.h"
#include "firmware/common/startup.h"

int main(void)
{
    while (!mmio_read32(REG_ADDR(CLOCK, EVENTS_LFCLKSTARTED))) {
    }
    return 0;
}
