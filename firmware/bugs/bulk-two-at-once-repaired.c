/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bulk-two-at-once, repaired: one flag for all endpoints.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

struct sender {
    unsigned endpoint;
    bool busy;
    uint8_t packet[BULK_PACKET];
};

static struct sender senders[2] = {{.endpoint = 1}, {.endpoint = 2}};

static void finish(struct sender *sender)
{
    while (!NRF_USBD->EVENTS_ENDEPIN[sender->endpoint])
        ;
    dma_end();
    errata_after_dma();
    sender->busy = false;
}

static void send(struct sender *sender)
{
    for (unsigned i = 0; i < 2; i++) {
        if (senders[i].busy)
            finish(&senders[i]);
    }
    NRF_USBD->EVENTS_ENDEPIN[sender->endpoint] = 0;
    NRF_USBD->EPIN[sender->endpoint].PTR = DMA_ADDRESS(sender->packet);
    NRF_USBD->EPIN[sender->endpoint].MAXCNT = BULK_PACKET;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[sender->endpoint] = 1;
    sender->busy = true;
}

int main(void)
{
    bool sent = false;

    bulk_device_start();
    for (;;) {
        (void)bulk_device_wait();
        if (sent || !bulk_device_configured())
            continue;
        sent = true;
        send(&senders[0]);
        send(&senders[1]);
    }
}
