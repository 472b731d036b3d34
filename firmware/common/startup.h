/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FIRMWARE_COMMON_STARTUP_H
#define FIRMWARE_COMMON_STARTUP_H

/* The program. What it returns is the exit code. */
int main(void);

/* Exception handlers. A program defines those it wants; any other ends it with code 1. */
void nmi_handler(void);
void hard_fault_handler(void);
void mem_manage_handler(void);
void bus_fault_handler(void);
void usage_fault_handler(void);
void svc_handler(void);
void debug_monitor_handler(void);
void pendsv_handler(void);
void systick_handler(void);
#define IRQ(number, name) void name##_handler(void);
#include "firmware/common/interrupts.def"
#undef IRQ

#endif
