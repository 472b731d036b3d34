/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/soc/nrf52840.h"

#include "sim/base/compiler.h"
#include "sim/base/heap.h"
#include "sim/periph/easydma.h"
#include "sim/periph/errata_unlock.h"
#include "sim/periph/ficr.h"
#include "sim/periph/gpio.h"
#include "sim/periph/nvmc.h"
#include "sim/periph/power_clock.h"
#include "sim/periph/ppi.h"
#include "sim/periph/uicr.h"
#include "sim/periph/usbd.h"

struct nrf52840 {
    struct fabric fabric;
    struct easydma easydma;
    struct power_clock power_clock;
    struct nvmc nvmc;
    struct ppi ppi;
    struct usbd usbd;
    struct errata_unlock errata;
    struct gpio gpio;
};

const struct block_spec *nrf52840_spec(unsigned index)
{
    const struct block_spec *const modelled[] = {
        &ficr_spec, &uicr_spec,  &clock_spec,         &power_spec,   &nvmc_spec,
        &ppi_spec,  usbd_spec(), &errata_unlock_spec, &gpio_p0_spec, &gpio_p1_spec};

    return index < ARRAY_LENGTH(modelled) ? modelled[index] : NULL;
}

/* Blocks that are not modelled get their names, so that the notice can say them. */
static void name_the_rest(struct bus *bus)
{
    enum { MODELLED, MEMORY, NAMED };
    static const struct {
        const char *name;
        struct byte_range range;
        int state;
    } blocks[] = {
#define PERIPHERAL(name_, base_, size_, irq_, state_, brief_)                                      \
    {.name = name_, .range = {base_, size_}, .state = state_},
#include "sim/periph/peripherals.def"
#undef PERIPHERAL
    };

    for (unsigned i = 0; i < ARRAY_LENGTH(blocks); i++) {
        if (blocks[i].state == NAMED)
            bus_name_unmodelled(bus, blocks[i].range, blocks[i].name);
    }
}

struct nrf52840 *nrf52840_create(const struct nrf52840_parts *parts)
{
    struct nrf52840 *chip = heap_allocate(1, sizeof *chip);
    struct fabric *fabric = &chip->fabric;

    *fabric = (struct fabric){.scheduler = parts->scheduler,
                              .chooser = parts->chooser,
                              .wires = parts->wires,
                              .trace = parts->trace,
                              .memory = parts->memory,
                              .bus = parts->bus,
                              .state = parts->state,
                              .publish = ppi_publish,
                              .publish_owner = &chip->ppi};
    name_the_rest(parts->bus);
    ficr_init(parts->memory);
    uicr_init(parts->memory);
    easydma_init(&chip->easydma, fabric);
    power_clock_init(&chip->power_clock, fabric);
    nvmc_init(&chip->nvmc, fabric);
    ppi_init(&chip->ppi, fabric);
    errata_unlock_init(&chip->errata, fabric);
    gpio_init(&chip->gpio, fabric);
    usbd_init(&chip->usbd, fabric, &chip->easydma);
    return chip;
}

void nrf52840_destroy(struct nrf52840 *chip)
{
    heap_release(chip);
}

static void reset(struct nrf52840 *chip, enum reset_kind kind)
{
    ppi_reset(&chip->ppi);
    usbd_reset(&chip->usbd);
    easydma_reset(&chip->easydma);
    nvmc_reset(&chip->nvmc);
    errata_unlock_reset(&chip->errata);
    gpio_reset(&chip->gpio);
    power_clock_reset(&chip->power_clock, kind);
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
