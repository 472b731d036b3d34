/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/cpu/itm.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/cpu/console.h"

enum {
    STIM_END = 0x080, /* behind STIM31 */
    TER = 0xe00,
    TPR = 0xe40,
    TCR = 0xe80,
    LAR = 0xfb0,
    LSR = 0xfb4,
    FIFO_READY = 1,
    TCR_ITMENA = 1,
};

/* Offset and reset value of each word of `port`. */
static const struct {
    uint16_t offset;
    uint16_t reset;
} port_words[TPIU_WORDS] = {
    {0x004, 1},     /* CSPSR: one bit */
    {0x010, 0},     /* ACPR */
    {0x0f0, 1},     /* SPPR: Manchester */
    {0x304, 0x102}, /* FFCR */
};
enum { SSPSR = 0x000, FFSR = 0x300, FFSR_NO_STOP = 8 };

void itm_reset(struct itm *itm)
{
    *itm = (struct itm){0};
    for (unsigned i = 0; i < TPIU_WORDS; i++)
        itm->port[i] = port_words[i].reset;
}

/* ---- ITM ------------------------------------------------------------------------------------- */

bool itm_read(const struct itm *itm, uint32_t offset, uint32_t *value)
{
    *value = 0;
    switch (offset) {
    case TER:
        *value = itm->enabled_ports;
        return true;
    case TPR:
        *value = itm->privilege;
        return true;
    case TCR:
        *value = itm->control;
        return true;
    case LAR:
    case LSR:
        return true;
    default:
        *value = FIFO_READY;
        return offset < STIM_END;
    }
}

/* Deviation 1. */
static void print(const struct itm *itm, struct trace *trace, bool running, unsigned size,
                  uint32_t value)
{
    uint8_t bytes[4];

    if (!running || !(itm->control & TCR_ITMENA) || !(itm->enabled_ports & 1))
        return;
    store_le(bytes, size, value);
    console_emit(trace, "swo", bytes, size);
}

bool itm_write(struct itm *itm, struct trace *trace, bool running, uint32_t offset, unsigned size,
               uint32_t value)
{
    switch (offset) {
    case 0:
        print(itm, trace, running, size, value);
        return true;
    case TER:
        itm->enabled_ports = value;
        return true;
    case TPR:
        itm->privilege = value & 0xf;
        return true;
    case TCR:
        itm->control = value;
        return true;
    case LAR:
        return true;
    default:
        return offset < STIM_END;
    }
}

/* ---- Trace port ------------------------------------------------------------------------------ */

bool tpiu_read(const struct itm *itm, uint32_t offset, uint32_t *value)
{
    *value = offset == SSPSR ? 1 : offset == FFSR ? FFSR_NO_STOP : 0;
    for (unsigned i = 0; i < TPIU_WORDS; i++) {
        if (port_words[i].offset == offset) {
            *value = itm->port[i];
            return true;
        }
    }
    return offset == SSPSR || offset == FFSR;
}

bool tpiu_write(struct itm *itm, uint32_t offset, uint32_t value)
{
    for (unsigned i = 0; i < TPIU_WORDS; i++) {
        if (port_words[i].offset == offset) {
            itm->port[i] = value;
            return true;
        }
    }
    return false;
}
