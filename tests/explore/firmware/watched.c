/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MWU watches a variable, a peripheral and, as a non-maskable interrupt, a second variable. Exit
 * code 0: it saw what the CPU did, at once, and nothing else.
 */
#include "firmware/common/semihosting.h"
#include "firmware/common/startup.h"

#include <stdint.h>

#define REG(address) (*(volatile uint32_t *)(uint32_t)(address))

enum { MWU = 0x40020000, REGION0_WA = MWU + 0x100, REGION1_RA = MWU + 0x10c };
enum { PREGION1_RA = MWU + 0x16c, NMIENSET = MWU + 0x324, REGIONENSET = MWU + 0x514 };
enum { REGION_START = MWU + 0x600, REGION_END = MWU + 0x604, PREGION1_SUBS = MWU + 0x6d8 };
enum { RTC2 = 0x40024000, RTC2_PAGE = 1 << 4 };

static volatile uint32_t written;
static volatile uint32_t read_only;
static volatile uint32_t free_for_all;
static volatile uint32_t interrupts;

void nmi_handler(void)
{
    interrupts++;
}

static void watch(unsigned region, volatile uint32_t *variable)
{
    REG(REGION_START + 16 * (int)region) = (uint32_t)(uintptr_t)variable;
    REG(REGION_END + 16 * (int)region) = (uint32_t)(uintptr_t)variable + 3;
}

static void require(uint32_t good, int code)
{
    if (!good)
        program_exit(code);
}

int main(void)
{
    watch(0, &written);
    watch(1, &read_only);
    REG(PREGION1_SUBS) = RTC2_PAGE;
    REG(NMIENSET) = 1 << 3;                       /* reads of region 1 */
    REG(REGIONENSET) = 1 << 0 | 1 << 3 | 1 << 27; /* and of peripheral region 1 */
    free_for_all = written + 1;
    require(!REG(REGION0_WA) && !interrupts && !REG(PREGION1_RA), 1);
    written = 1;
    require(REG(REGION0_WA), 2);
    free_for_all = read_only;
    require(REG(REGION1_RA) && interrupts == 1, 3);
    (void)REG(RTC2 + 0x504);
    require(REG(PREGION1_RA), 4);
    program_exit(0);
}
