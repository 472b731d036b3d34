/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A device with the workarounds for all errata of USBD but one: UICR.CUSTOMER[0] is the number of
 * that one, and what is erased stands for none. It echoes endpoint 1 and the isochronous
 * endpoint 8.
 */
#include "driver/fence.h"
#include "driver/mmio.h"
#include "driver/registers.h"
#include "firmware/common/core.h"
#include "firmware/common/startup.h"

enum {
    USBD_IRQ = 39,
    LEFT_OUT = 0x10001080, /* UICR.CUSTOMER[0] */
    LOCK_KEY = 0x9375,
    ENGINEERING_A = 0,
    LATCH = 0x82,
    BULK = 1,
    ISOCHRONOUS = 8,
    PACKET = 64,
    DEVICE_SIZE = 18,
    CONFIGURATION_SIZE = 46,
    POLLS = 1000,
    IN_DATA_LOST = 0x7a9, /* erratum 104 */
    OUT_DATA_LOST = 0x7aa,
    ACCEPT_OUT = 0x7c5, /* erratum 200 */
    ISO_BANKS = 0x7e3,  /* erratum 166 */
};

enum { OUT_ARRIVED = 1u << (16 + BULK), ISOOUT_ZERO = 1u << 16 };

static const uint8_t device[DEVICE_SIZE] = {18,   1,    0,    2, 0, 0, 0, 64, 0x20,
                                            0x20, 0x17, 0x07, 0, 1, 0, 0, 0,  1};
static const uint8_t configuration[CONFIGURATION_SIZE] = {
    9, 2,      CONFIGURATION_SIZE,
    0, 1,      1,
    0, 0xc0,   50, /* configuration 1 */
    9, 4,      0,
    0, 4,      0xff,
    0, 0,      0, /* its interface */
    7, 5,      0x81,
    2, PACKET, 0,
    0, /* bulk */
    7, 5,      0x01,
    2, PACKET, 0,
    0, /* bulk */
    7, 5,      0x88,
    1, PACKET, 0,
    1, /* isochronous */
    7, 5,      0x08,
    1, PACKET, 0,
    1, /* isochronous */
};

#define ROM_TABLE_PID2 0xf0000fe8u

static uint8_t control_bytes[PACKET];
static uint8_t bulk_bytes[PACKET];
static uint8_t iso_bytes[PACKET];

static bool works_around(uint32_t erratum)
{
    return mmio_read32(LEFT_OUT) != erratum;
}

/* As older drivers ask; newer ones read the same number in FICR. */
static bool is_engineering_a(void)
{
    return (mmio_read32(ROM_TABLE_PID2) & 0xf0) == ENGINEERING_A;
}

static void core_write(uint32_t index, uint32_t value)
{
    mmio_write32(REG_ADDR(USBD, UNDOC_MACINDEX), index);
    mmio_write32(REG_ADDR(USBD, UNDOC_MACDATA), value);
}

static uint32_t core_read(uint32_t index)
{
    mmio_write32(REG_ADDR(USBD, UNDOC_MACINDEX), index);
    return mmio_read32(REG_ADDR(USBD, UNDOC_MACDATA));
}

/* ---- Power-up -------------------------------------------------------------------------------- */

static void write_locked(uint32_t address, uint32_t value)
{
    mmio_write32(REG_ADDR(ERRATA, LOCK), LOCK_KEY);
    mmio_write32(address, value);
    mmio_write32(REG_ADDR(ERRATA, LOCK), LOCK_KEY);
}

/* What does not come soon never will. */
static void wait_for(uint32_t address, uint32_t bits)
{
    enum { PATIENCE = 40000 };

    if (mmio_wait(address, bits, PATIENCE))
        return;
    for (;;)
        wait_for_interrupt();
}

static void power_up(void)
{
    wait_for(REG_ADDR(POWER, USBREGSTATUS), 1);
    if (works_around(187))
        write_locked(REG_ADDR(ERRATA, POWER_STATE), 3);
    if (works_around(171))
        write_locked(REG_ADDR(ERRATA, WAKE_UP), 0xc0);
    mmio_write32(REG_ADDR(USBD, ENABLE), 1);
    task_trigger(REG_ADDR(CLOCK, TASKS_HFCLKSTART));
    wait_for(REG_ADDR(USBD, EVENTCAUSE), FIELD_MASK(USBD_EVENTCAUSE_READY));
    mmio_write32(REG_ADDR(USBD, EVENTCAUSE), FIELD_MASK(USBD_EVENTCAUSE_READY));
    write_locked(REG_ADDR(ERRATA, WAKE_UP), 0);
    write_locked(REG_ADDR(ERRATA, POWER_STATE), works_around(211) ? 3 : 0);
    if (works_around(166))
        core_write(ISO_BANKS, 0x40);
    mmio_write32(REG_ADDR(USBD, ISOSPLIT), 0x80);
    wait_for(REG_ADDR(CLOCK, EVENTS_HFCLKSTARTED), 1);
    wait_for(REG_ADDR(POWER, USBREGSTATUS), 2);
}

/* ---- EasyDMA --------------------------------------------------------------------------------- */

/* START to the end of the transfer; `meanwhile`: a task in between, or 0. */
static void move(uint32_t task, uint32_t end, uint32_t meanwhile)
{
    event_clear(end);
    event_clear(REG_ADDR(USBD, EVENTS_STARTED));
    if (works_around(199))
        mmio_write32(REG_ADDR(USBD, UNDOC_DMAPENDING), LATCH);
    dma_start();
    task_trigger(task);
    if (works_around(104) && !mmio_wait(REG_ADDR(USBD, EVENTS_STARTED), 1, 50))
        task_trigger(task);
    if (meanwhile)
        task_trigger(meanwhile);
    (void)mmio_wait(end, 1, POLLS);
    dma_end();
    mmio_write32(REG_ADDR(USBD, UNDOC_DMAPENDING), 0);
}

static void describe(uint32_t ptr, uint32_t maxcnt, const uint8_t *bytes, uint32_t size)
{
    mmio_write32(ptr, (uint32_t)(uintptr_t)bytes);
    mmio_write32(maxcnt, size);
}

static void fetch(unsigned endpoint, const uint8_t *bytes, uint32_t size, uint32_t meanwhile)
{
    describe(REG_ADDR_N(USBD, EPIN_PTR, endpoint), REG_ADDR_N(USBD, EPIN_MAXCNT, endpoint), bytes,
             size);
    move(REG_ADDR_N(USBD, TASKS_STARTEPIN, endpoint), REG_ADDR_N(USBD, EVENTS_ENDEPIN, endpoint),
         meanwhile);
}

static uint32_t store(unsigned endpoint, uint8_t *bytes)
{
    uint32_t size = mmio_read32(REG_ADDR_N(USBD, SIZE_EPOUT, endpoint));

    describe(REG_ADDR_N(USBD, EPOUT_PTR, endpoint), REG_ADDR_N(USBD, EPOUT_MAXCNT, endpoint), bytes,
             size);
    move(REG_ADDR_N(USBD, TASKS_STARTEPOUT, endpoint), REG_ADDR_N(USBD, EVENTS_ENDEPOUT, endpoint),
         0);
    return size;
}

/* ---- Control transfers ----------------------------------------------------------------------- */

static uint32_t setup_byte(unsigned n)
{
    return mmio_read32(REG_ADDR(USBD, BMREQUESTTYPE) + 4 * n);
}

static void send_descriptor(const uint8_t *bytes, uint32_t size)
{
    uint32_t wanted = setup_byte(6) | setup_byte(7) << 8;

    size = size < wanted ? size : wanted;
    for (uint32_t i = 0; i < size; i++)
        control_bytes[i] = bytes[i];
    mmio_write32(REG_ADDR(USBD, SHORTS), FIELD_MASK(USBD_SHORTS_EP0DATADONE_EP0STATUS));
    fetch(0, control_bytes, size, 0);
}

static void accept_data(void)
{
    mmio_write32(REG_ADDR(USBD, SHORTS), 0);
    task_trigger(REG_ADDR(USBD, TASKS_EP0RCVOUT));
    if (works_around(104))
        task_trigger(REG_ADDR(USBD, TASKS_EP0RCVOUT));
}

static void accept_packet(unsigned endpoint)
{
    mmio_write32(REG_ADDR_N(USBD, SIZE_EPOUT, endpoint), 0);
    if (works_around(200) && is_engineering_a())
        core_write(ACCEPT_OUT + 2 * endpoint, 0);
}

static void configure(void)
{
    mmio_write32(REG_ADDR(USBD, EPINEN), 1u << 0 | 1u << BULK | 1u << 2 | 1u << ISOCHRONOUS);
    mmio_write32(REG_ADDR(USBD, EPOUTEN), 1u << 0 | 1u << BULK | 1u << ISOCHRONOUS);
    accept_packet(BULK);
    event_clear(REG_ADDR(USBD, EVENTS_SOF));
    mmio_write32(REG_ADDR(USBD, INTENSET), 1u << 21); /* SOF */
    task_trigger(REG_ADDR(USBD, TASKS_EP0STATUS));
}

/* Erratum 199: the refusal must arrive while endpoint 2 is busy with EasyDMA. */
static void refuse_meanwhile(void)
{
    bulk_bytes[0] = 0;
    fetch(2, bulk_bytes, 1, REG_ADDR(USBD, TASKS_EP0STALL));
}

static void on_setup(void)
{
    uint32_t request = setup_byte(0) << 16 | setup_byte(1) << 8 | setup_byte(3);

    switch (request) {
    case 0x800601: /* GET_DESCRIPTOR(Device) */
        send_descriptor(device, DEVICE_SIZE);
        break;
    case 0x800602: /* GET_DESCRIPTOR(Configuration) */
        send_descriptor(configuration, CONFIGURATION_SIZE);
        break;
    case 0x000900: /* SET_CONFIGURATION */
        configure();
        break;
    case 0x000500: /* SET_ADDRESS: the hardware answers */
        break;
    case 0x400100:
        accept_data();
        break;
    case 0xc00200:
        refuse_meanwhile();
        break;
    default:
        task_trigger(REG_ADDR(USBD, TASKS_EP0STALL));
        break;
    }
}

/* Data has come, or gone. Erratum 154: the status stage of a write is over by now. */
static void on_data_done(void)
{
    if (setup_byte(0) & 0x80)
        return;
    (void)store(0, control_bytes);
    for (volatile unsigned pause = 0; pause < 2000; pause++) {
    }
    if (!works_around(154) || !is_engineering_a())
        task_trigger(REG_ADDR(USBD, TASKS_EP0STATUS));
}

/* ---- The other endpoints --------------------------------------------------------------------- */

static bool bulk_arrived(void)
{
    uint32_t arrived = mmio_read32(REG_ADDR(USBD, EPDATASTATUS));
    uint32_t lost = works_around(104) ? core_read(OUT_DATA_LOST) : 0;

    mmio_write32(REG_ADDR(USBD, EPDATASTATUS), arrived);
    if (lost)
        core_write(OUT_DATA_LOST, lost);
    return (arrived & OUT_ARRIVED) || (lost & 1u << BULK);
}

static void on_data(void)
{
    if (bulk_arrived())
        fetch(BULK, bulk_bytes, store(BULK, bulk_bytes), 0);
}

/* What came in the last frame goes back in the next one. */
static void on_frame(void)
{
    uint32_t size = mmio_read32(REG_ADDR(USBD, SIZE_ISOOUT));

    if (size & ISOOUT_ZERO)
        return;
    describe(REG_ADDR(USBD, ISOOUT_PTR), REG_ADDR(USBD, ISOOUT_MAXCNT), iso_bytes, size);
    move(REG_ADDR(USBD, TASKS_STARTISOOUT), REG_ADDR(USBD, EVENTS_ENDISOOUT), 0);
    describe(REG_ADDR(USBD, ISOIN_PTR), REG_ADDR(USBD, ISOIN_MAXCNT), iso_bytes, size);
    move(REG_ADDR(USBD, TASKS_STARTISOIN), REG_ADDR(USBD, EVENTS_ENDISOIN), 0);
}

/* ---- Interrupt ------------------------------------------------------------------------------- */

void usbd_handler(void)
{
    if (event_take(REG_ADDR(USBD, EVENTS_USBRESET)))
        mmio_write32(REG_ADDR(USBD, INTENCLR), 1u << 21);
    if (event_take(REG_ADDR(USBD, EVENTS_USBEVENT)))
        mmio_write32(REG_ADDR(USBD, EVENTCAUSE), mmio_read32(REG_ADDR(USBD, EVENTCAUSE)));
    if (event_take(REG_ADDR(USBD, EVENTS_EP0DATADONE)))
        on_data_done();
    if (event_take(REG_ADDR(USBD, EVENTS_EP0SETUP)))
        on_setup();
    (void)event_take(REG_ADDR(USBD, EVENTS_EPDATA));
    on_data();
    if (event_take(REG_ADDR(USBD, EVENTS_SOF)))
        on_frame();
}

int main(void)
{
    power_up();
    mmio_write32(REG_ADDR(USBD, INTENSET),
                 1u << 0 | 1u << 10 | 1u << 22 | 1u << 23 | 1u << 24); /* all but SOF and ENDs */
    nvic_enable(USBD_IRQ);
    mmio_write32(REG_ADDR(USBD, USBPULLUP), 1);
    for (;;)
        wait_for_interrupt();
}
