/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SPI (PS v1.7, 6.24).
 *
 * Deviations:
 *   1. Bytes, not bits: a byte is on the wire for eight bits' time and is exchanged at its end.
 *   2. A third byte written to TXD replaces the one that waits; a third byte received is lost.
 *   3. For a scripted device without a select pin an exchange begins when the block is enabled.
 *   4. An input that is not connected reads as zeros.
 */
#include "sim/periph/spi.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/board/board.h"
#include "sim/periph/place.h"

#include <string.h>

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#include "driver/regs/spi.def"
};

static const struct reg_desc spi_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/spi.def"
};

static const struct field_desc spi_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/spi.def"
};
/* clang-format on */

enum { ENABLED = 1, FREQUENCY_RESET = 0x04000000 };

static bool is_connected(const struct spi *spi, uint32_t psel)
{
    return !(regfile_get(&spi->regs, psel) & bit32(31));
}

static void put_on_wire(struct spi *spi, uint8_t byte)
{
    uint32_t frequency = regfile_get(&spi->regs, FREQUENCY);

    spi->state.on_wire = true;
    spi->state.byte = byte;
    scheduler_add(spi->regs.fabric->scheduler, EVENT_SPI_LEGACY_BYTE, (uint16_t)spi->number,
                  8 * ((uint64_t)1 << 34) / (frequency ? frequency : FREQUENCY_RESET), 0);
}

static void txd_written(void *owner, unsigned index, uint32_t value)
{
    struct spi *spi = owner;

    (void)index;
    if (!regfile_enabled(&spi->regs)) {
        regfile_misuse(&spi->regs, MISUSE_DISABLED, TXD, value);
    } else if (!spi->state.on_wire) {
        put_on_wire(spi, (uint8_t)value);
    } else {
        spi->state.held = true;
        spi->state.next = (uint8_t)value;
    }
}

static void show_oldest(struct spi *spi)
{
    regfile_set(&spi->regs, RXD, spi->state.received[0]);
    regfile_raise(&spi->regs, EVENTS_READY);
}

static uint8_t exchange(struct spi *spi)
{
    uint8_t mosi = is_connected(spi, PSEL_MOSI) ? spi->state.byte : 0;
    uint8_t miso = 0xff;

    if (spi->device && is_connected(spi, PSEL_SCK))
        miso = spi_device_exchange(spi->device, mosi);
    return is_connected(spi, PSEL_MISO) ? miso : 0;
}

static void byte_is_over(void *owner, const struct event *event)
{
    struct spi *spi = owner;
    struct spi_state *state = &spi->state;
    uint8_t byte = exchange(spi);

    (void)event;
    state->on_wire = false;
    if (state->held)
        put_on_wire(spi, state->next);
    state->held = false;
    if (state->waiting == SPI_RECEIVED)
        return; /* deviation 2 */
    state->received[state->waiting++] = byte;
    if (state->waiting == 1)
        show_oldest(spi);
}

static uint32_t rxd_read(void *owner, unsigned index)
{
    struct spi *spi = owner;
    struct spi_state *state = &spi->state;
    uint32_t value = regfile_get(&spi->regs, RXD);

    (void)index;
    if (!state->waiting)
        return value;
    state->received[0] = state->received[1];
    state->received[1] = 0;
    if (--state->waiting)
        show_oldest(spi);
    return value;
}

static void go_idle(struct spi *spi)
{
    scheduler_cancel(spi->regs.fabric->scheduler, EVENT_SPI_LEGACY_BYTE, (uint16_t)spi->number);
    memset(&spi->state, 0, sizeof spi->state);
}

static void enable_written(void *owner, unsigned index, uint32_t value)
{
    struct spi *spi = owner;

    (void)index, (void)value;
    if (!regfile_enabled(&spi->regs))
        go_idle(spi);
    else if (spi->device)
        spi_device_begin(spi->device);
}

static const struct reg_hook spi_hooks[] = {
    {TXD, txd_written, NULL},
    {RXD, NULL, rxd_read},
    {ENABLE, enable_written, NULL},
    {0, NULL, NULL},
};

#define SPI_SPEC(n, place)                                                                         \
    {                                                                                              \
        .name = "SPI" #n, .instance = (n), .base = BASE_##place, .size = REGFILE_SIZE,             \
        .irq = LINE_##place, .regs = spi_regs, .reg_count = ARRAY_LENGTH(spi_regs),                \
        .fields = spi_fields, .field_count = ARRAY_LENGTH(spi_fields), .hooks = spi_hooks,         \
        .enable = ENABLE, .personality = ENABLED                                                   \
    }

const struct block_spec spi_spec[SPI_COUNT] = {SPI_SPEC(0, SPI0_TWI0), SPI_SPEC(1, SPI1_TWI1),
                                               SPI_SPEC(2, SPI2)};

void spi_init(struct spi *spi, struct fabric *fabric, const struct block_spec *spec)
{
    *spi = (struct spi){.number = spec->instance,
                        .device = fabric->board ? &fabric->board->spi[spec->instance] : NULL};
    regfile_init(&spi->regs, spec, fabric, spi);
    state_register(fabric->state, "SPI", &spi->state, sizeof spi->state);
    scheduler_handle_instance(fabric->scheduler, EVENT_SPI_LEGACY_BYTE, spi->number, byte_is_over,
                              spi);
}

void spi_reset(struct spi *spi, enum reset_kind reason)
{
    (void)reason;
    regfile_reset(&spi->regs);
    go_idle(spi);
}
