/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Correct programs in unusual styles, one after the other, on UARTE, SPIM and SAADC: what they have
 * in common is that nothing may be found in them. Each is a place where a checker could take a
 * habit for a bug.
 */
#include "firmware/bugs/parts/nrf_saadc.h"
#include "firmware/bugs/parts/spim_device.h"
#include "firmware/bugs/parts/uarte_device.h"

#define SEPARATE __attribute__((noinline))

/* ---- One big array for everybody ----------------------------------------------------------------
 */

static uint8_t pool[256];

static void send_and_receive_in_one_array(void)
{
    for (unsigned i = 0; i < 64; i++)
        pool[i] = (uint8_t)i;
    uarte_start_receiving(pool + 64, 64);
    uarte_start_sending(pool, 64);
    for (unsigned i = 0; i < 16; i++)
        pool[128 + i] = (uint8_t)i; /* right behind, of nobody */
    uarte_wait_sent();
    uarte_wait_received();
    for (unsigned i = 0; i < 64; i++)
        pool[i] = pool[64 + i];
}

/* A ring: what is sent wraps around, what is written next lies right behind it. */
static void drain_a_ring(void)
{
    unsigned head = 0;
    unsigned tail = 0;

    for (unsigned round = 0; round < 6; round++) {
        unsigned count;

        for (unsigned i = 0; i < 100; i++)
            pool[head++ % sizeof pool] = (uint8_t)(round + i);
        count = sizeof pool - tail % sizeof pool;
        if (count > head - tail)
            count = head - tail;
        uarte_start_sending(pool + tail % sizeof pool, count);
        for (unsigned i = 0; i < 20; i++)
            pool[head++ % sizeof pool] = (uint8_t)i; /* while the older ones are sent */
        uarte_wait_sent();
        tail += count;
        if (head - tail > sizeof pool / 2)
            tail = head;
    }
}

/* ---- Structures --------------------------------------------------------------------------------
 */

struct frame {
    uint32_t state;
    uint8_t header[4];
    uint8_t payload[40];
    uint32_t checksum;
};

union view {
    struct {
        uint8_t kind[2];
        uint16_t length;
        uint32_t value;
    } fields;
    uint8_t bytes[24];
};

static struct frame frame;
static union view view;

/* As much of the payload as there is, and the checksum only when it is full. */
static void send_header_and_payload(void)
{
    for (unsigned i = 0; i < sizeof frame.payload; i++)
        frame.payload[i] = (uint8_t)i;
    for (unsigned size = 0; size <= sizeof frame.payload; size += 13) {
        frame.header[0] = (uint8_t)size;
        frame.checksum = 0x12345678;
        uarte_start_sending(frame.header, sizeof frame.header + size);
        uarte_wait_sent();
    }
    uarte_start_sending(frame.header,
                        sizeof frame.header + sizeof frame.payload + sizeof frame.checksum);
    uarte_wait_sent();
}

/* The first member of a union is an array; the message is longer. */
static void send_a_union(void)
{
    view.fields.kind[0] = 1;
    view.fields.length = 11;
    uarte_start_sending(view.fields.kind, 11);
    uarte_wait_sent();
    uarte_start_sending(&view.bytes[2], 21);
    uarte_wait_sent();
}

/* A log of records goes out in pieces that end anywhere. */
static void send_records_piece_by_piece(void)
{
    static struct {
        uint8_t name[6];
        uint32_t when;
        uint8_t more[6];
    } records[8];
    const uint8_t *bytes = (const uint8_t *)records;

    for (unsigned i = 0; i < 8; i++)
        records[i].when = i;
    for (uint32_t done = 0; done < sizeof records; done += 10) {
        uint32_t left = sizeof records - done;

        uarte_start_sending(bytes + done, left < 10 ? left : 10);
        uarte_wait_sent();
    }
}

/* ---- The stack ---------------------------------------------------------------------------------
 */

/* Its size is known at run time only. */
SEPARATE static void send_from_allocated_stack(unsigned size)
{
    uint8_t *line = __builtin_alloca(size);

    for (unsigned i = 0; i < size; i++)
        line[i] = (uint8_t)i;
    uarte_start_sending(line, size);
    uarte_wait_sent();
    pool[0] = line[size - 1];
}

/* Blocks that are never alive together may share their place. */
SEPARATE static void send_from_blocks(unsigned which)
{
    if (which & 1) {
        uint8_t small[8] = {1, 2, 3, 4, 5, 6, 7, 8};

        uarte_start_sending(small, sizeof small);
        uarte_wait_sent();
    } else {
        uint8_t large[32];

        for (unsigned i = 0; i < sizeof large; i++)
            large[i] = (uint8_t)i;
        uarte_start_sending(large, sizeof large);
        uarte_wait_sent();
    }
    pool[1] = (uint8_t)which;
}

struct packet {
    uint32_t number;
    uint8_t bytes[28];
};

/* A structure handed over by value: part of it comes in registers. */
SEPARATE static void send_by_value(struct packet packet)
{
    packet.number++;
    uarte_start_sending(&packet, sizeof packet);
    uarte_wait_sent();
    pool[2] = (uint8_t)packet.number;
}

/* The caller's caller owns the buffer, and reads into the middle of it. */
SEPARATE static void receive_into(uint8_t *bytes, uint32_t size)
{
    uarte_start_receiving(bytes, size);
    uarte_start_sending(pool, size);
    uarte_wait_sent();
    uarte_wait_received();
    pool[3] = bytes[0];
}

SEPARATE static void receive_for_the_caller(struct packet *packet)
{
    receive_into(packet->bytes + 4, sizeof packet->bytes - 4);
    pool[4] = packet->bytes[8];
}

SEPARATE static void receive_into_a_caller(void)
{
    struct packet packet = {.number = 1};

    receive_for_the_caller(&packet);
    send_by_value(packet);
}

/* Started by one function, waited for by another; the frame is that of their caller. */
SEPARATE static void begin_sending(const uint8_t *bytes, uint32_t size)
{
    uarte_start_sending(bytes, size);
    pool[5]++;
}

SEPARATE static void finish_sending(void)
{
    uarte_wait_sent();
    pool[5]++;
}

SEPARATE static void send_in_two_steps(void)
{
    uint8_t bytes[20] = {0};
    uint8_t other[12];

    bytes[3] = 7;
    begin_sending(bytes, sizeof bytes);
    for (unsigned i = 0; i < sizeof other; i++)
        other[i] = (uint8_t)(bytes[i] + i); /* reading what is sent is allowed */
    finish_sending();
    bytes[3] = other[3];
    begin_sending(other, sizeof other);
    bytes[4]++;
    finish_sending();
    pool[6] = bytes[3];
}

/* ---- Constants, one buffer for two transfers, buffers in turn -----------------------------------
 */

static const char banner[] = "constants have to be copied";

static void send_a_copy_of_a_constant(void)
{
    uint8_t copy[sizeof banner];

    memcpy(copy, banner, sizeof copy);
    uarte_start_sending(copy, sizeof copy);
    uarte_wait_sent();
    pool[7] = copy[1];
}

/* In place: what is received replaces what was sent. */
static void exchange_in_place(void)
{
    uint8_t bytes[16];

    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i + 1);
    spim_start(bytes, sizeof bytes, bytes, sizeof bytes);
    spim_wait();
    pool[8] = bytes[3];
}

/* Samples go to one half while the other half is looked at. */
static void sample_in_turn(void)
{
    static volatile int16_t halves[2][4];
    int32_t sum = 0;

    saadc_open();
    for (unsigned round = 0; round < 4; round++) {
        saadc_start(halves[round & 1], 4);
        for (unsigned i = 0; i < 4; i++)
            sum += halves[~round & 1][i];
        NRF_SAADC->SAMPLERATE = SAADC_CONTINUOUS_10_KHZ;
        NRF_SAADC->TASKS_SAMPLE = 1;
        saadc_wait();
        saadc_stop();
        NRF_SAADC->SAMPLERATE = 0;
    }
    pool[9] = (uint8_t)sum;
}

/* Two receive buffers, the next one given behind RXSTARTED. */
static void receive_in_turn(void)
{
    static uint8_t halves[2][8];

    NRF_UARTE0->SHORTS = UARTE_ENDRX_STARTRX;
    NRF_UARTE0->EVENTS_ENDRX = 0;
    NRF_UARTE0->EVENTS_RXSTARTED = 0;
    NRF_UARTE0->RXD_PTR = DMA_POINTER(halves[0]);
    NRF_UARTE0->RXD_MAXCNT = sizeof halves[0];
    dma_start();
    NRF_UARTE0->TASKS_STARTRX = 1;
    for (unsigned round = 0; round < 4; round++) {
        while (!NRF_UARTE0->EVENTS_RXSTARTED)
            ;
        NRF_UARTE0->EVENTS_RXSTARTED = 0;
        NRF_UARTE0->RXD_PTR = DMA_POINTER(halves[~round & 1]);
        if (round == 3)
            NRF_UARTE0->SHORTS = 0;
        uarte_start_sending(pool, sizeof halves[0]);
        while (!NRF_UARTE0->EVENTS_ENDRX)
            ;
        NRF_UARTE0->EVENTS_ENDRX = 0;
        dma_end();
        uarte_wait_sent();
        pool[10] = halves[round & 1][7];
        halves[round & 1][7] = 0;
    }
}

int main(void)
{
    uarte_open();
    send_and_receive_in_one_array();
    drain_a_ring();
    send_header_and_payload();
    send_a_union();
    send_records_piece_by_piece();
    send_from_allocated_stack(17);
    send_from_allocated_stack(40);
    for (unsigned i = 0; i < 4; i++)
        send_from_blocks(i);
    receive_into_a_caller();
    send_in_two_steps();
    send_a_copy_of_a_constant();
    receive_in_turn();
    sample_in_turn();
    uarte_close();
    spim_open();
    exchange_in_place();
    program_exit(0);
}
