/* SPDX-License-Identifier: Apache-2.0 */
/* RADIO on a bench: the crystal runs, and what the air has is a text. Offsets are typed as numbers.
 */
#ifndef TESTS_PERIPH_RADIO_BENCH_H
#define TESTS_PERIPH_RADIO_BENCH_H

#include "sim/periph/radio.h"
#include "tests/periph/serial_bench.h"

enum { US = 64, PACKET = SERIAL_BUFFER, RADIO_LINE = 1 };

enum { /* tasks */
       TXEN = 0x000,
       RXEN = 0x004,
       START = 0x008,
       STOP = 0x00c,
       DISABLE = 0x010,
       RSSISTART = 0x014,
       BCSTART = 0x01c,
       EDSTART = 0x024,
       EDSTOP = 0x028,
       CCASTART = 0x02c,
       CCASTOP = 0x030,
};
enum { /* events */
       READY = 0x100,
       ADDRESS = 0x104,
       PAYLOAD = 0x108,
       END = 0x10c,
       DISABLED = 0x110,
       DEVMATCH = 0x114,
       DEVMISS = 0x118,
       RSSIEND = 0x11c,
       BCMATCH = 0x128,
       CRCOK = 0x130,
       CRCERROR = 0x134,
       FRAMESTART = 0x138,
       EDEND = 0x13c,
       EDSTOPPED = 0x140,
       CCAIDLE = 0x144,
       CCABUSY = 0x148,
       CCASTOPPED = 0x14c,
       RATEBOOST = 0x150,
       TXREADY = 0x154,
       RXREADY = 0x158,
       MHRMATCH = 0x15c,
       SYNC = 0x168,
       PHYEND = 0x16c,
};
enum { /* registers */
       SHORTS = 0x200,
       INTENSET = 0x304,
       CRCSTATUS = 0x400,
       RXMATCH = 0x408,
       RXCRC = 0x40c,
       DAI = 0x410,
       PDUSTAT = 0x414,
       PACKETPTR = 0x504,
       FREQUENCY = 0x508,
       TXPOWER = 0x50c,
       MODE = 0x510,
       PCNF0 = 0x514,
       PCNF1 = 0x518,
       BASE0 = 0x51c,
       BASE1 = 0x520,
       PREFIX0 = 0x524,
       PREFIX1 = 0x528,
       TXADDRESS = 0x52c,
       RXADDRESSES = 0x530,
       CRCCNF = 0x534,
       CRCPOLY = 0x538,
       CRCINIT = 0x53c,
       TIFS = 0x544,
       RSSISAMPLE = 0x548,
       STATE = 0x550,
       DATAWHITEIV = 0x554,
       BCC = 0x560,
       DAB = 0x600,
       DAP = 0x620,
       DACNF = 0x640,
       MHRMATCHCONF = 0x644,
       MHRMATCHMAS = 0x648,
       MODECNF0 = 0x650,
       EDCNT = 0x664,
       EDSAMPLE = 0x668,
       CCACTRL = 0x66c,
       POWER = 0xffc,
};
enum { /* shortcuts */
       READY_START = 1 << 0,
       END_DISABLE = 1 << 1,
       DISABLED_TXEN = 1 << 2,
       ADDRESS_RSSISTART = 1 << 4,
       END_START = 1 << 5,
       ADDRESS_BCSTART = 1 << 6,
       RXREADY_CCASTART = 1 << 11,
       CCAIDLE_TXEN = 1 << 12,
       CCABUSY_DISABLE = 1 << 13,
       FRAMESTART_BCSTART = 1 << 14,
       PHYEND_DISABLE = 1 << 20,
};
enum { /* states */
       IS_DISABLED = 0,
       IS_RXRU = 1,
       IS_RXIDLE = 2,
       IS_RX = 3,
       IS_TXRU = 9,
       IS_TXIDLE = 10,
       IS_TX = 11,
       IS_TXDISABLE = 12,
};

extern struct serial_bench *bench;
extern struct radio radio;
extern unsigned radio_sent;               /* packets */
extern struct air_packet radio_last_sent; /* the last of them */

int radio_set_up(void **state);
int radio_tear_down(void **state);

void write_at(uint32_t offset, uint32_t value);
uint32_t read_at(uint32_t offset);

/* Passes time until the event is set, and clears it; how long it took. */
sim_time until(uint32_t event);

/* What others send. */
void air_has(const char *text);

/* As Bluetooth advertises on channel 37, 1 Mbit/s, payloads of up to 37 bytes. */
void as_bluetooth(void);

/* 802.15.4 on channel 11, with the CRC counted. */
void as_ieee802154(void);

void put(guest_addr address, const uint8_t *bytes, unsigned size);
uint8_t byte_at(guest_addr address);

#endif
