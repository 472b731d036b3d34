/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A packet switches the device off. USBD is disabled while EasyDMA is fetching the last report.
 * After zephyrproject-rtos/hal_nordic PR#143 and adafruit/Adafruit_nRF52_Arduino 798c390, where
 * a peripheral is disabled without waiting for its transfers.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/semihosting.h"
#include "firmware/common/startup.h"

static uint8_t report[BULK_PACKET];

static void start_report(void)
{
    NRF_USBD->EVENTS_ENDEPIN[1] = 0;
    NRF_USBD->EPIN[1].PTR = DMA_ADDRESS(report);
    NRF_USBD->EPIN[1].MAXCNT = sizeof report;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[1] = 1;
}

static void switch_off(void)
{
    start_report();
    NRF_USBD->USBPULLUP = 0;
    NRF_USBD->ENABLE = 0; // expect: PER010
    program_exit(0);
}

/* Any packet to endpoint 1 means "off". */
int main(void)
{
    bulk_device_start();
    for (;;) {
        if (bulk_device_wait() & BULK_OUT(1))
            switch_off();
    }
}
