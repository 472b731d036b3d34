/* SPDX-License-Identifier: Apache-2.0 */
/* From reset to main: vector table, FPU, .data and .bss (Armv7-M B1.5; PS v1.7, 4.2). */
#include "firmware/common/startup.h"

#include "firmware/common/log.h"
#include "firmware/common/semihosting.h"

#include <stdint.h>

/* Set by the linker script. */
extern uint32_t stack_top[];
extern uint32_t data_start[], data_end[], bss_start[], bss_end[];
extern const uint32_t data_image[];

_Noreturn void reset_handler(void);

/* Coprocessors 10 and 11 are the FPU; the hard-float ABI may use it in any function. */
static void enable_fpu(void)
{
    volatile uint32_t *cpacr = (volatile uint32_t *)0xe000ed88;

    *cpacr |= 0xfu << 20;
    __asm__ volatile("dsb\n\tisb" ::: "memory");
}

static void initialise_memory(void)
{
    const uint32_t *from = data_image;

    for (uint32_t *to = data_start; to < data_end; to++)
        *to = *from++;
    for (uint32_t *to = bss_start; to < bss_end; to++)
        *to = 0;
}

void reset_handler(void)
{
    enable_fpu();
    initialise_memory();
    program_exit(main());
}

/* Exceptions nobody expected: says which and ends the program. */
static void unexpected_handler(void)
{
    unsigned exception;

    __asm__ volatile("mrs %0, ipsr" : "=r"(exception));
    log_line("unexpected exception %u", exception);
    program_exit(1);
}

/* Any of these may be defined by a program instead. */
#define WEAK_HANDLER(name) void name(void) __attribute__((weak, alias("unexpected_handler")));
WEAK_HANDLER(nmi_handler)
WEAK_HANDLER(hard_fault_handler)
WEAK_HANDLER(mem_manage_handler)
WEAK_HANDLER(bus_fault_handler)
WEAK_HANDLER(usage_fault_handler)
WEAK_HANDLER(svc_handler)
WEAK_HANDLER(debug_monitor_handler)
WEAK_HANDLER(pendsv_handler)
WEAK_HANDLER(systick_handler)
#define IRQ(number, name) WEAK_HANDLER(name##_handler)
#include "firmware/common/interrupts.def"
#undef IRQ

typedef void handler(void);

struct vector_table {
    uint32_t *stack;
    handler *exception[15];
    handler *interrupt[48];
};

static const struct vector_table vectors __attribute__((section(".vectors"), used)) = {
    .stack = stack_top,
    .exception =
        {
            [0] = reset_handler,
            [1] = nmi_handler,
            [2] = hard_fault_handler,
            [3] = mem_manage_handler,
            [4] = bus_fault_handler,
            [5] = usage_fault_handler,
            [10] = svc_handler,
            [11] = debug_monitor_handler,
            [13] = pendsv_handler,
            [14] = systick_handler,
        },
    .interrupt =
        {
#define IRQ(number, name) [number] = name##_handler,
#include "firmware/common/interrupts.def"
#undef IRQ
        },
};
