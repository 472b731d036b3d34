/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An NFC tag uses one buffer for both directions: while it still may receive into it, it writes the
 * next answer there. PACKETPTR is one register for two transfers, which invites it.
 */
#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/nrf_nfct.h"

static uint8_t packet[16];

int main(void)
{
    nfct_open();
    nfct_wait_selected();
    nfct_receive(packet, sizeof packet);
    packet[0] = 0x04; // expect: DMA003
    nfct_wait_received();
    program_exit(0);
}
