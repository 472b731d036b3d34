/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/soc/nrf52840.h"

#include "sim/base/compiler.h"
#include "sim/base/heap.h"
#include "sim/mem/map.h"
#include "sim/periph/aar.h"
#include "sim/periph/ccm.h"
#include "sim/periph/comparator.h"
#include "sim/periph/cryptocell.h"
#include "sim/periph/easydma.h"
#include "sim/periph/ecb.h"
#include "sim/periph/egu.h"
#include "sim/periph/errata_unlock.h"
#include "sim/periph/ficr.h"
#include "sim/periph/fpu.h"
#include "sim/periph/gpio.h"
#include "sim/periph/gpiote.h"
#include "sim/periph/i2s.h"
#include "sim/periph/mwu.h"
#include "sim/periph/nfct.h"
#include "sim/periph/nvmc.h"
#include "sim/periph/pdm.h"
#include "sim/periph/power_clock.h"
#include "sim/periph/ppi.h"
#include "sim/periph/pwm.h"
#include "sim/periph/qdec.h"
#include "sim/periph/qspi.h"
#include "sim/periph/radio.h"
#include "sim/periph/random.h"
#include "sim/periph/rom_table.h"
#include "sim/periph/rtc.h"
#include "sim/periph/saadc.h"
#include "sim/periph/spi.h"
#include "sim/periph/spim.h"
#include "sim/periph/spis.h"
#include "sim/periph/temp.h"
#include "sim/periph/timer.h"
#include "sim/periph/twi.h"
#include "sim/periph/twim.h"
#include "sim/periph/twis.h"
#include "sim/periph/uart.h"
#include "sim/periph/uarte.h"
#include "sim/periph/uicr.h"
#include "sim/periph/usbd.h"
#include "sim/periph/wdt.h"
#include "sim/periph/workarounds.h"

struct nrf52840 {
    struct fabric fabric;
    struct analog analog;
#define BLOCK(member, kind, spec) struct kind member;
#define PART(member, kind) struct kind member;
#define LISTED(spec)
#include "sim/soc/soc.def"
#undef BLOCK
#undef PART
#undef LISTED
};

/* ---- The rows of soc.def --------------------------------------------------------------------- */

#define BLOCK(member, kind, spec)                                                                  \
    static void init_##member(struct nrf52840 *chip)                                               \
    {                                                                                              \
        kind##_init(&chip->member, &chip->fabric, spec);                                           \
    }                                                                                              \
    static void reset_##member(struct nrf52840 *chip, enum reset_kind reason)                      \
    {                                                                                              \
        kind##_reset(&chip->member, reason);                                                       \
    }
#define PART(member, kind)                                                                         \
    static void init_##member(struct nrf52840 *chip)                                               \
    {                                                                                              \
        kind##_init(&chip->member, &chip->fabric);                                                 \
    }                                                                                              \
    static void reset_##member(struct nrf52840 *chip, enum reset_kind reason)                      \
    {                                                                                              \
        kind##_reset(&chip->member, reason);                                                       \
    }
#define LISTED(spec)
#include "sim/soc/soc.def"
#undef BLOCK
#undef PART
#undef LISTED

static const struct row {
    void (*init)(struct nrf52840 *chip);
    void (*reset)(struct nrf52840 *chip, enum reset_kind reason);
    const struct block_spec *spec; /* NULL: a part without registers, or with several lists */
} rows[] = {
#define BLOCK(member, kind, spec) {init_##member, reset_##member, spec},
#define PART(member, kind) {init_##member, reset_##member, NULL},
#define LISTED(spec)
#include "sim/soc/soc.def"
#undef BLOCK
#undef PART
#undef LISTED
};

const struct block_spec *nrf52840_row(unsigned row)
{
    static const struct block_spec *const listed[] = {
#define BLOCK(member, kind, spec) spec,
#define PART(member, kind)
#define LISTED(spec) spec,
#include "sim/soc/soc.def"
#undef BLOCK
#undef PART
#undef LISTED
    };

    return row < ARRAY_LENGTH(listed) ? listed[row] : NULL;
}

/* Order of the list for people: by address, and as in soc.def where that is the same. */
static bool stands_before(unsigned a, unsigned b)
{
    guest_addr base_a = nrf52840_row(a)->base;
    guest_addr base_b = nrf52840_row(b)->base;

    return base_a != base_b ? base_a < base_b : a < b;
}

const struct block_spec *nrf52840_spec(unsigned index)
{
    for (unsigned row = 0; nrf52840_row(row); row++) {
        unsigned before = 0;

        for (unsigned other = 0; nrf52840_row(other); other++)
            before += stands_before(other, row);
        if (before == index)
            return nrf52840_row(row);
    }
    return NULL;
}

const char *nrf52840_irq_name(unsigned line)
{
#define PERIPHERAL(name, base, size, irq, brief)                                                   \
    if ((irq) == (int)line)                                                                        \
        return #name;
#include "sim/periph/peripherals.def"
#undef PERIPHERAL
    return NULL;
}

static bool has_modelled_block(struct byte_range range)
{
    const struct block_spec *spec;

    for (unsigned row = 0; (spec = nrf52840_row(row)); row++) {
        if (range_contains(range, spec->base + spec->first))
            return true;
    }
    return false;
}

const char *nrf52840_unmodelled(unsigned index)
{
    static const struct {
        const char *name;
        struct byte_range range;
    } pages[] = {
#define PERIPHERAL(name_, base_, size_, irq_, brief_) {.name = #name_, .range = {base_, size_}},
#include "sim/periph/peripherals.def"
#undef PERIPHERAL
    };

    for (unsigned i = 0; i < ARRAY_LENGTH(pages); i++) {
        if (!has_modelled_block(pages[i].range) && index-- == 0)
            return pages[i].name;
    }
    return NULL;
}

/* ---- Life ------------------------------------------------------------------------------------ */

/* Blocks that are not modelled get their names, so that the notice can say them. */
static void name_the_rest(struct bus *bus)
{
#define PERIPHERAL(name, base, size, irq, brief)                                                   \
    if ((base) >= APB_BASE)                                                                        \
        bus_name_unmodelled(bus, (struct byte_range){base, size}, #name);
#include "sim/periph/peripherals.def"
#undef PERIPHERAL
}

/* The blocks at `base` were switched off by their undocumented register. */
static void power_cycle(void *owner, guest_addr base)
{
    struct nrf52840 *chip = owner;

    easydma_reset_base(&chip->easydma, base);
    for (unsigned i = ARRAY_LENGTH(rows); i-- > 0;) {
        if (rows[i].spec && rows[i].spec->base == base)
            rows[i].reset(chip, RESET_PIN);
    }
}

struct nrf52840 *nrf52840_create(const struct nrf52840_parts *parts)
{
    struct nrf52840 *chip = heap_allocate(1, sizeof *chip);

    chip->fabric = (struct fabric){.scheduler = parts->scheduler,
                                   .chooser = parts->chooser,
                                   .wires = parts->wires,
                                   .trace = parts->trace,
                                   .memory = parts->memory,
                                   .bus = parts->bus,
                                   .state = parts->state,
                                   .seed = parts->seed,
                                   .board = parts->board,
                                   .easydma = &chip->easydma,
                                   .silicon = parts->silicon,
                                   .gpio = &chip->gpio,
                                   .analog = &chip->analog,
                                   .publish = ppi_publish,
                                   .publish_owner = &chip->ppi};
    analog_init(&chip->analog, parts->state);
    ficr_init(parts->memory);
    ficr_set_revision(parts->memory, (enum silicon_revision)parts->silicon.revision);
    uicr_init(parts->memory);
    for (unsigned i = 0; i < ARRAY_LENGTH(rows); i++)
        rows[i].init(chip);
    name_the_rest(parts->bus);
    chip->workarounds.power_cycle = power_cycle;
    chip->workarounds.owner = chip;
    return chip;
}

void nrf52840_destroy(struct nrf52840 *chip)
{
    heap_release(chip);
}

static void reset(struct nrf52840 *chip, enum reset_kind reason)
{
    for (unsigned i = ARRAY_LENGTH(rows); i-- > 0;)
        rows[i].reset(chip, reason);
}

void nrf52840_power_on(struct nrf52840 *chip)
{
    reset(chip, RESET_POWER_ON);
}

void nrf52840_system_reset(struct nrf52840 *chip, enum reset_kind kind)
{
    reset(chip, kind);
}

const struct usb_port_ops *nrf52840_usb_port(void)
{
    return &usbd_port;
}

void *nrf52840_usb_device(struct nrf52840 *chip)
{
    return &chip->usbd;
}

bool nrf52840_flash_write(void *chip, guest_addr address, unsigned size, uint32_t value)
{
    struct nrf52840 *self = chip;

    return nvmc_flash_write(&self->nvmc, address, size, value);
}

void nrf52840_on_code_changed(struct nrf52840 *chip,
                              void (*changed)(void *owner, struct byte_range range), void *owner)
{
    chip->nvmc.code_changed = changed;
    chip->nvmc.code_owner = owner;
}

void nrf52840_on_system_off(struct nrf52840 *chip, void (*off)(void *owner), void *owner)
{
    chip->power_clock.system_off = off;
    chip->power_clock.system_off_owner = owner;
}

struct gpio *nrf52840_gpio(struct nrf52840 *chip)
{
    return &chip->gpio;
}

void nrf52840_set_supply(struct nrf52840 *chip, unsigned millivolts)
{
    analog_supply(&chip->analog, millivolts);
    power_set_supply(&chip->power_clock, millivolts);
}

void nrf52840_drive_analog(struct nrf52840 *chip, unsigned input, unsigned millivolts)
{
    analog_drive(&chip->analog, input, millivolts);
}

void nrf52840_set_temperature(struct nrf52840 *chip, int quarters)
{
    chip->temp.quarters = quarters;
}
