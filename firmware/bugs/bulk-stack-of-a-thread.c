/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two threads of a small kernel. One sends from an array on its stack and yields in the same
 * function; when it runs again the function returns, whether EasyDMA is done or not. After
 * embassy-rs/embassy PR#2502, where an error path returns while EasyDMA uses the caller's
 * buffer.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/bugs/parts/thread.h"
#include "firmware/common/core.h"
#include "firmware/common/startup.h"

#include <stddef.h>

static struct thread idle_thread;
static struct thread work_thread;
static void (*volatile job)(void); /* for the work thread */

static void send_greeting(void)
{
    uint8_t greeting[BULK_PACKET]; // may: DMA001

    for (unsigned i = 0; i < sizeof greeting; i++)
        greeting[i] = (uint8_t)i;
    NRF_USBD->EVENTS_ENDEPIN[1] = 0;
    NRF_USBD->EPIN[1].PTR = DMA_ADDRESS(greeting);
    NRF_USBD->EPIN[1].MAXCNT = sizeof greeting;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[1] = 1; // expect: BUF003
    thread_yield();
}

void usbd_handler(void)
{
    bulk_device_endpoint0();
    NRF_USBD->EVENTS_EPDATA = 0;
    NRF_USBD->EPDATASTATUS = BULK_IN(1);
}

/* Posts the job when the host is there; otherwise sleeps. */
static void idle(void)
{
    bool posted = false;

    for (;;) {
        wait_for_interrupt();
        if (!posted && bulk_device_configured()) {
            posted = true;
            job = send_greeting;
        }
        thread_yield();
    }
}

static void work(void)
{
    for (;;) {
        void (*next)(void) = job;

        job = NULL;
        if (next)
            next();
        thread_yield();
    }
}

int main(void)
{
    bulk_device_start();
    nvic_enable(USBD_IRQ);
    threads_run(&idle_thread, idle, &work_thread, work);
}
