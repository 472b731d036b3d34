/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware/bugs/parts/thread.h"

#include "firmware/common/startup.h"

#include <stdbool.h>

/* What PendSV leaves on a thread's stack, lowest address first. */
struct saved_frame {
    uint32_t r4_to_r11[8];
    uint32_t exc_return;
    uint32_t r0_to_r3[4]; /* from here on the hardware's frame */
    uint32_t r12;
    uint32_t lr;
    uint32_t pc;
    uint32_t xpsr;
};

#define EXC_RETURN_THREAD_PSP 0xfffffffdu

enum { XPSR_THUMB = 1 << 24, PENDSVSET = 1 << 28 };

static struct thread *threads[2];
static unsigned current;
static bool started;

static void prepare(struct thread *thread, void (*entry)(void))
{
    struct saved_frame *frame = (struct saved_frame *)(thread->stack + THREAD_STACK_WORDS) - 1;

    *frame = (struct saved_frame){.exc_return = EXC_RETURN_THREAD_PSP,
                                  .pc = (uint32_t)(uintptr_t)entry & ~1u,
                                  .xpsr = XPSR_THUMB};
    thread->top = (uint32_t *)frame;
}

uint32_t *thread_switch(uint32_t *top);

/* Called by the handler below: takes the stack of the one, gives the stack of the other. */
__attribute__((used)) uint32_t *thread_switch(uint32_t *top)
{
    if (started) {
        threads[current]->top = top;
        current ^= 1;
    }
    started = true;
    return threads[current]->top;
}

/* The first time there is no thread to save: PSP is 0. */
__attribute__((naked)) void pendsv_handler(void)
{
    __asm__ volatile("mrs r0, psp\n\t"
                     "cbz r0, 1f\n\t"
                     "tst lr, #0x10\n\t"
                     "it eq\n\t"
                     "vstmdbeq r0!, {s16-s31}\n\t"
                     "mov r3, lr\n\t"
                     "stmdb r0!, {r4-r11, lr}\n"
                     "1:\n\t"
                     "bl thread_switch\n\t"
                     "ldmia r0!, {r4-r11, lr}\n\t"
                     "tst lr, #0x10\n\t"
                     "it eq\n\t"
                     "vldmiaeq r0!, {s16-s31}\n\t"
                     "msr psp, r0\n\t"
                     "isb\n\t"
                     "bx lr");
}

void thread_yield(void)
{
    *(volatile uint32_t *)0xe000ed04 = PENDSVSET; /* ICSR */
    __asm__ volatile("dsb\n\tisb" ::: "memory");
}

_Noreturn void threads_run(struct thread *first, void (*first_entry)(void), struct thread *second,
                           void (*second_entry)(void))
{
    prepare(first, first_entry);
    prepare(second, second_entry);
    threads[0] = first;
    threads[1] = second;
    __asm__ volatile("msr psp, %0" ::"r"(0));
    thread_yield();
    for (;;)
        ;
}
