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
#include "firmware/common/startup.h"

static struct thread usb_thread;
static struct thread work_thread;
static volatile bool sent;

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
    sent = true;
}

static void serve_usb(void)
{
    for (;;) {
        bulk_device_endpoint0();
        thread_yield();
    }
}

static void greet(void)
{
    while (!bulk_device_configured())
        thread_yield();
    send_greeting();
    for (;;)
        thread_yield();
}

int main(void)
{
    bulk_device_start();
    threads_run(&usb_thread, serve_usb, &work_thread, greet);
}
