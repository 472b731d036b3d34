/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The chip: which block is where, and which wire goes where. Everything but CPU, host and image.
 */
#ifndef SIM_SOC_NRF52840_H
#define SIM_SOC_NRF52840_H

#include "sim/periph/regfile.h"
#include "sim/periph/reset.h"
#include "sim/periph/silicon.h"

struct nrf52840;

/* What the chip is built on. All outlive the chip. */
struct nrf52840_parts {
    struct scheduler *scheduler;
    struct chooser *chooser;
    struct wires *wires;
    struct trace *trace;
    struct memory *memory;
    struct bus *bus;
    struct state *state;
    struct silicon silicon;
    uint64_t seed; /* of its random numbers */
    struct board *board;
};

/* Builds the chip and claims its registers on the bus. Released with nrf52840_destroy. */
struct nrf52840 *nrf52840_create(const struct nrf52840_parts *parts);
void nrf52840_destroy(struct nrf52840 *chip);

/* Power-on reset of all blocks. */
void nrf52840_power_on(struct nrf52840 *chip);

/* A system reset for the reason `kind`; retained registers keep their content. */
void nrf52840_system_reset(struct nrf52840 *chip, enum reset_kind kind);

/* The far end of the USB cable: the device's side of the port. */
struct usb_port_ops;
const struct usb_port_ops *nrf52840_usb_port(void);
void *nrf52840_usb_device(struct nrf52840 *chip);

/* A store of the CPU to flash or UICR; NVMC decides. False: the store has no effect. */
bool nrf52840_flash_write(void *chip, guest_addr address, unsigned size, uint32_t value);

/* Who must know that flash changed: the CPU, which may hold translated code. */
void nrf52840_on_code_changed(struct nrf52840 *chip,
                              void (*changed)(void *owner, struct byte_range range), void *owner);

/* Who must know that the firmware switched the chip off (System OFF). */
void nrf52840_on_system_off(struct nrf52840 *chip, void (*off)(void *owner), void *owner);

/* Whose interrupt line `line` is, e.g. "USBD"; NULL: nobody's. */
const char *nrf52840_irq_name(unsigned line);

/* What the board does to the chip. `quarters` of a degree Celsius. */
struct gpio *nrf52840_gpio(struct nrf52840 *chip);
void nrf52840_set_supply(struct nrf52840 *chip, unsigned millivolts);
void nrf52840_drive_analog(struct nrf52840 *chip, unsigned input, unsigned millivolts);
void nrf52840_set_temperature(struct nrf52840 *chip, int quarters);

/* The modelled blocks in order of address, for listings; NULL behind the last one. */
const struct block_spec *nrf52840_spec(unsigned index);

/* The same in order of soc.def, for who looks at all of them. */
const struct block_spec *nrf52840_row(unsigned row);

/* Names of addresses that have blocks in the chip, and none here; NULL behind the last one. */
const char *nrf52840_unmodelled(unsigned index);

#endif
