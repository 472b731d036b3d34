/* SPDX-License-Identifier: Apache-2.0 */
/* A lamp is on (P0.13, low) as long as a button is pressed (P0.11 to ground); once, then it ends.
 */
#include "firmware/common/semihosting.h"
#include "firmware/common/startup.h"

#include <stdint.h>

#define GPIO(offset) (*(volatile uint32_t *)(0x50000000 + (offset)))

enum { OUTSET = 0x508, OUTCLR = 0x50c, IN = 0x510, DIRSET = 0x518, PIN_CNF = 0x700 };
enum { BUTTON = 11, LAMP = 13, PULL_UP = 3 << 2 };

int main(void)
{
    GPIO(OUTSET) = 1u << LAMP;
    GPIO(DIRSET) = 1u << LAMP;
    GPIO(PIN_CNF + 4 * BUTTON) = PULL_UP;
    while (GPIO(IN) & 1u << BUTTON)
        ;
    GPIO(OUTCLR) = 1u << LAMP;
    while (!(GPIO(IN) & 1u << BUTTON))
        ;
    GPIO(OUTSET) = 1u << LAMP;
    program_exit(0);
}
