/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of the device under test: its descriptors, and what they are made of. Inside
 * sim/comply. */
#ifndef SIM_COMPLY_DEVICE_H
#define SIM_COMPLY_DEVICE_H

#include "sim/usb/descriptor.h"
#include "sim/usb/host.h"

enum {
    COMPLY_CONFIGURATIONS = 8,
    COMPLY_INTERFACES = 64,
    COMPLY_ENDPOINTS = 128,
    COMPLY_STRINGS = 64
};

/* One interface descriptor: an alternate setting. */
struct comply_interface {
    uint8_t configuration; /* index */
    uint8_t number;
    uint8_t alternate;
    uint8_t class;
    uint8_t subclass;
    uint8_t protocol;
    const uint8_t *descriptor;
    const uint8_t *end; /* of what belongs to it: the next interface, or the end */
};

struct comply_endpoint {
    const struct comply_interface *interface;
    uint8_t address;
    uint8_t type; /* 0 control, 1 isochronous, 2 bulk, 3 interrupt */
    uint16_t size;
    uint8_t interval;
};

struct comply_bytes {
    uint8_t *bytes; /* NULL: the device did not give them */
    size_t size;
};

struct comply_string {
    uint8_t index;
    struct comply_bytes bytes;
};

struct comply_device {
    struct comply_bytes device;
    unsigned configurations; /* that were asked for */
    struct comply_bytes configuration[COMPLY_CONFIGURATIONS];
    struct comply_bytes languages;
    struct comply_bytes bos;
    unsigned strings; /* that descriptors name, each once */
    struct comply_string string[COMPLY_STRINGS];
    unsigned interfaces;
    struct comply_interface interface[COMPLY_INTERFACES];
    unsigned endpoints;
    struct comply_endpoint endpoint[COMPLY_ENDPOINTS];
    bool takes_vendor_writes; /* request 0x5b, as Linux's gadget zero has it */
    bool tells_configuration; /* GET_CONFIGURATION, GET_STATUS(Endpoint), GET_INTERFACE work */
    bool tells_halt;
    bool tells_setting;
    bool wakes; /* it woke the bus by itself soon after it was suspended */
};

/* Finds interfaces, endpoints and string indexes in the configurations. */
void device_walk(struct comply_device *device);

void device_free(struct comply_device *device);

/* The first descriptor of `type` that belongs to `interface`, or NULL. */
const uint8_t *device_part(const struct comply_interface *interface, uint8_t type);

/* Of the first configuration. */
uint8_t device_configuration_value(const struct comply_device *device);
bool device_has_interface(const struct comply_device *device, uint8_t number);
bool device_has_endpoint(const struct comply_device *device, uint8_t address);

/* Alternate settings of an interface. */
unsigned device_settings(const struct comply_device *device, uint8_t number);

/* Endpoints the host can reach without SET_INTERFACE: alternate setting 0, first configuration. */
bool device_endpoint_is_open(const struct comply_endpoint *endpoint);

/* The open bulk or interrupt endpoint at `at`, which goes on behind it; NULL behind the last. */
const struct comply_endpoint *device_open_endpoint(const struct comply_device *device,
                                                   unsigned *at);

#endif
