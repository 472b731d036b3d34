/* SPDX-License-Identifier: Apache-2.0 */
/* RTC0 from the 32.768 kHz RC oscillator (PS v1.7, 6.22 RTC; 5.4 CLOCK). */
#include "firmware/common/timer.h"

#include "driver/mmio.h"
#include "firmware/common/core.h"
#include "firmware/common/startup.h"

#include <stddef.h>

enum {
    LFCLKSTART = 0x40000008,
    LFCLKSRC = 0x40000518, /* 0: RC oscillator */

    RTC_START = 0x4000b000,
    RTC_STOP = 0x4000b004,
    RTC_CLEAR = 0x4000b008,
    RTC_COMPARE0 = 0x4000b140,
    RTC_INTENSET = 0x4000b304,
    RTC_PRESCALER = 0x4000b508,
    RTC_CC0 = 0x4000b540,

    RTC_IRQ = 11,
    INTERRUPT_COMPARE0 = 1 << 16,
    TICKS_A_SECOND = 32768,
};

static void (*on_expired)(void);

void timer_start(uint32_t milliseconds, void (*expired)(void))
{
    timer_stop();
    on_expired = expired;
    mmio_write32(LFCLKSRC, 0);
    task_trigger(LFCLKSTART);
    task_trigger(RTC_CLEAR);
    mmio_write32(RTC_PRESCALER, 0);
    mmio_write32(RTC_CC0, milliseconds * (TICKS_A_SECOND / 8) / 125 + 2);
    mmio_write32(RTC_INTENSET, INTERRUPT_COMPARE0);
    nvic_enable(RTC_IRQ);
    task_trigger(RTC_START);
}

void timer_stop(void)
{
    task_trigger(RTC_STOP);
    event_clear(RTC_COMPARE0);
    on_expired = NULL;
}

void rtc0_handler(void)
{
    void (*expired)(void) = on_expired;

    timer_stop();
    if (expired)
        expired();
}
