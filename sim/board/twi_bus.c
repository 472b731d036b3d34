/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/board/twi_bus.h"

#include <stdlib.h>
#include <string.h>

enum { HIGHEST_ADDRESS = 0x7f };

void twi_bus_reset(struct twi_bus *bus)
{
    memset(&bus->state, 0, sizeof bus->state);
    bus->state.addressed = TWI_NOBODY;
}

enum status twi_bus_plug(struct twi_bus *bus, const char *word, struct failure *failure)
{
    char *end;
    unsigned long address = strtoul(word, &end, 0);

    if (!strncmp(word, "master:", 7))
        return bus->master.count
                   ? failure_set(failure, STATUS_BOARD, word, "%s has a master", bus->name)
                   : twi_master_read(&bus->master, word + 7, failure);
    if (end == word || *end != ':' || address > HIGHEST_ADDRESS)
        return failure_set(failure, STATUS_BOARD, word, "not like 0x68:FILE, for %s", bus->name);
    if (bus->count == TWI_DEVICES)
        return failure_set(failure, STATUS_BOARD, word, "at most %d devices at %s", TWI_DEVICES,
                           bus->name);
    bus->device[bus->count].address = (uint8_t)address;
    return answers_read(&bus->device[bus->count++].answers, end + 1, failure);
}

void twi_bus_finish(struct twi_bus *bus)
{
    for (unsigned i = 0; i < bus->count; i++)
        answers_free(&bus->device[i].answers);
    bus->count = 0;
    twi_master_free(&bus->master);
}

void twi_bus_report(const struct twi_bus *bus, bool from_chip, uint8_t byte)
{
    trace_emit(
        bus->trace,
        (struct observation){.kind = OBS_SERIAL,
                             .serial = {.port = bus->name, .from_chip = from_chip, .byte = byte}});
}

bool twi_bus_address(struct twi_bus *bus, uint8_t address, bool read)
{
    bus->state.addressed = TWI_NOBODY;
    for (unsigned i = 0; i < bus->count; i++) {
        if (bus->device[i].address != address)
            continue;
        bus->state.addressed = (uint8_t)i;
        if (read)
            bus->state.dialogue[i].said = 0;
        else
            bus->state.dialogue[i] = (struct dialogue){.count = 0};
        return true;
    }
    return false;
}

bool twi_bus_write(struct twi_bus *bus, uint8_t byte)
{
    unsigned i = bus->state.addressed;
    bool refused;

    twi_bus_report(bus, true, byte);
    if (i == TWI_NOBODY)
        return false;
    refused = answers_refuse(&bus->device[i].answers, &bus->state.dialogue[i], byte);
    dialogue_hear(&bus->state.dialogue[i], byte);
    return !refused;
}

uint8_t twi_bus_read(struct twi_bus *bus)
{
    unsigned i = bus->state.addressed;
    uint8_t byte =
        i == TWI_NOBODY ? 0xff : answers_next(&bus->device[i].answers, &bus->state.dialogue[i]);

    twi_bus_report(bus, false, byte);
    return byte;
}

void twi_bus_stop(struct twi_bus *bus)
{
    bus->state.addressed = TWI_NOBODY;
}
