/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/board/spi_device.h"

static bool has_select(const struct spi_device *device)
{
    return device->scripted && device->answers.select_pin != ANSWER_NO_PIN;
}

static enum wire_id select_wire(const struct spi_device *device)
{
    return (enum wire_id)(WIRE_PIN + device->answers.select_pin);
}

/* Any change of the pin: what was said belongs to another exchange. */
static void select_changed(void *owner, enum wire_id wire, bool level)
{
    struct spi_device *device = owner;

    (void)wire, (void)level;
    device->state = (struct dialogue){.count = 0};
}

void spi_device_connect(struct spi_device *device, struct wires *wires)
{
    device->wires = wires;
    if (has_select(device))
        wire_connect(wires, select_wire(device), select_changed, device);
}

void spi_device_begin(struct spi_device *device)
{
    if (!has_select(device))
        device->state = (struct dialogue){.count = 0};
}

static void report(const struct spi_device *device, bool from_chip, uint8_t byte)
{
    trace_emit(device->trace,
               (struct observation){
                   .kind = OBS_SERIAL,
                   .serial = {.port = device->name, .from_chip = from_chip, .byte = byte}});
}

static uint8_t answer_to(struct spi_device *device, uint8_t mosi)
{
    uint8_t miso = 0xff;

    if (device->loopback)
        return mosi;
    if (!device->scripted || (has_select(device) && wire_get(device->wires, select_wire(device))))
        return miso;
    miso = answers_alongside(&device->answers, &device->state);
    dialogue_hear(&device->state, mosi);
    return miso;
}

uint8_t spi_device_exchange(struct spi_device *device, uint8_t mosi)
{
    uint8_t miso = answer_to(device, mosi);

    report(device, true, mosi);
    report(device, false, miso);
    return miso;
}

void spi_device_report(const struct spi_device *device, uint8_t miso, uint8_t mosi)
{
    report(device, true, miso);
    report(device, false, mosi);
}
