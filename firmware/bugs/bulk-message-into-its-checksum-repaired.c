/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bulk-message-into-its-checksum, repaired: the length is that of the payload.
 */
#include "driver/errata.h"
#include "driver/fence.h"
#include "firmware/bugs/parts/bulk_device.h"
#include "firmware/bugs/parts/nrf_usbd.h"
#include "firmware/common/startup.h"

struct message {
    uint32_t length;
    uint8_t payload[20];
    uint32_t checksum;
    struct message *next;
};

static struct message messages[2];

static void send_message(const struct message *message)
{
    NRF_USBD->EVENTS_ENDEPIN[1] = 0;
    NRF_USBD->EPIN[1].PTR = DMA_ADDRESS(message->payload);
    NRF_USBD->EPIN[1].MAXCNT = message->length;
    errata_before_dma();
    dma_start();
    NRF_USBD->TASKS_STARTEPIN[1] = 1;
    while (!NRF_USBD->EVENTS_ENDEPIN[1])
        ;
    dma_end();
    errata_after_dma();
}

static void fill(struct message *message, uint8_t first)
{
    message->length = sizeof message->payload;
    message->checksum = 0;
    for (unsigned i = 0; i < sizeof message->payload; i++) {
        message->payload[i] = (uint8_t)(first + i);
        message->checksum += message->payload[i];
    }
}

int main(void)
{
    bool sent = false;

    bulk_device_start();
    fill(&messages[0], 1);
    fill(&messages[1], 101);
    messages[0].next = &messages[1];
    for (;;) {
        uint32_t news = bulk_device_wait();

        if (bulk_device_configured() && (!sent || (news & BULK_IN(1)))) {
            send_message(sent ? messages[0].next : &messages[0]);
            sent = true;
        }
    }
}
