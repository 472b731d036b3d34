/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware/common/semihosting.h"

#include <stdint.h>

enum {
    SYS_WRITE0 = 0x04,
    SYS_EXIT = 0x18,

    ADP_STOPPED_RUN_TIME_ERROR = 0x20023,
    ADP_STOPPED_APPLICATION_EXIT = 0x20026,
};

static void semihosting_call(uint32_t operation, uint32_t argument)
{
    register uint32_t r0 __asm__("r0") = operation;
    register uint32_t r1 __asm__("r1") = argument;

    __asm__ volatile("bkpt #0xab" : "+r"(r0) : "r"(r1) : "memory");
}

void console_write(const char *text)
{
    semihosting_call(SYS_WRITE0, (uint32_t)(uintptr_t)text);
}

void program_exit(int code)
{
    semihosting_call(SYS_EXIT,
                     code == 0 ? ADP_STOPPED_APPLICATION_EXIT : ADP_STOPPED_RUN_TIME_ERROR);
    for (;;)
        ;
}
