/* SPDX-License-Identifier: Apache-2.0 */
/* The twin of nfct-answer-in-receive-buffer.c: the answer is written when the frame has come. */
#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/nrf_nfct.h"

static uint8_t packet[16];

int main(void)
{
    nfct_open();
    nfct_wait_selected();
    nfct_receive(packet, sizeof packet);
    nfct_wait_received();
    packet[0] = 0x04;
    program_exit(0);
}
