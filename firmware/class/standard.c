/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware/class/standard.h"

#include "driver/endpoint.h"
#include "driver/mmio.h"
#include "driver/registers.h"
#include "firmware/class/descriptor.h"
#include "firmware/class/string.h"

#include <stddef.h>

enum {
    GET_STATUS = 0,
    CLEAR_FEATURE = 1,
    SET_FEATURE = 3,
    SET_ADDRESS = 5,
    GET_DESCRIPTOR = 6,
    GET_CONFIGURATION = 8,
    SET_CONFIGURATION = 9,
    GET_INTERFACE = 10,
    SET_INTERFACE = 11,

    FROM_DEVICE = 0x80, /* bmRequestType */
    RECIPIENT = 0x1f,

    FEATURE_ENDPOINT_HALT = 0,
    FEATURE_REMOTE_WAKE_UP = 1,

    ADDRESS_MAX = 127,
};

/* Changed by requests and bus resets only, all in the USBD interrupt. */
static uint8_t configuration_value; /* 0: not configured */
static uint8_t alternates[INTERFACES_MAX];
static bool remote_wake_up;
static uint8_t reply[2];

/* ---- State -------------------------------------------------------------------------------------
 */

bool device_configured(void)
{
    return configuration_value != 0;
}

uint8_t device_alternate(uint8_t interface)
{
    return alternates[interface];
}

bool device_may_wake_host(void)
{
    return remote_wake_up;
}

/* Default and Address differ by the address, which hardware loads behind the status stage. */
static bool has_address(void)
{
    return mmio_read32(REG_ADDR(USBD, USBADDR)) != 0;
}

static const uint8_t *current_interface(const struct device *device, unsigned number)
{
    if (!device_configured() || number >= INTERFACES_MAX)
        return NULL;
    return interface_find(device->configuration, (uint8_t)number, alternates[number]);
}

/* Endpoint 0 exists always, others when they are open. */
static bool endpoint_exists(unsigned address)
{
    if (address == 0 || address == 0x80)
        return true;
    return device_configured() && address <= 0xff && endpoint_is_open((uint8_t)address);
}

/* The interface whose current setting has this endpoint, or -1. */
static int interface_of(const struct device *device, unsigned address)
{
    for (unsigned number = 0; number < INTERFACES_MAX; number++) {
        const uint8_t *at = current_interface(device, number);

        while (at && (at = endpoint_after(device->configuration, at)) != NULL) {
            if (at[2] == address)
                return (int)number;
        }
    }
    return -1;
}

/* ---- Opening and closing -----------------------------------------------------------------------
 */

static void close_interface(const struct device *device, unsigned number)
{
    const uint8_t *at = current_interface(device, number);

    while (at && (at = endpoint_after(device->configuration, at)) != NULL)
        endpoint_close(at[2]);
}

static bool open_interface(const struct device *device, unsigned number)
{
    const uint8_t *at = current_interface(device, number);

    while (at && (at = endpoint_after(device->configuration, at)) != NULL) {
        if (endpoint_open(at[2]) != USBD_OK)
            return false;
    }
    return true;
}

static void tell_functions(const struct device *device, bool opened)
{
    for (unsigned i = 0; i < device->function_count; i++) {
        const struct function *function = device->functions[i];
        void (*tell)(void) = opened ? function->opened : function->closed;

        if (tell)
            tell();
    }
}

static void unconfigure(const struct device *device)
{
    bool was_configured = device_configured();

    for (unsigned number = 0; number < INTERFACES_MAX; number++) {
        close_interface(device, number);
        alternates[number] = 0;
    }
    configuration_value = 0;
    if (was_configured)
        tell_functions(device, false);
}

void standard_reset(const struct device *device)
{
    unconfigure(device);
    remote_wake_up = false;
}

/* ---- Status and features -----------------------------------------------------------------------
 */

static struct answer reply_with(unsigned first, unsigned second, uint32_t size)
{
    reply[0] = (uint8_t)first;
    reply[1] = (uint8_t)second;
    return send(reply, size);
}

static uint8_t attributes(const struct device *device)
{
    return device->configuration[7];
}

static struct answer device_status(const struct device *device)
{
    unsigned self_powered = attributes(device) >> 6 & 1;

    return reply_with(self_powered | (unsigned)remote_wake_up << 1, 0, 2);
}

static bool endpoint_status(unsigned address)
{
    return ENDPOINT_NUMBER(address) != 0 && endpoint_halted((uint8_t)address);
}

/* USB 2.0, 9.4.5. */
static struct answer get_status(const struct device *device, const struct usbd_setup *setup)
{
    if (setup->value != 0 || setup->length != 2)
        return stall();
    switch (setup->request_type & RECIPIENT) {
    case TO_DEVICE:
        return setup->index == 0 ? device_status(device) : stall();
    case TO_INTERFACE:
        return current_interface(device, setup->index) ? reply_with(0, 0, 2) : stall();
    case TO_ENDPOINT:
        return endpoint_exists(setup->index) ? reply_with(endpoint_status(setup->index), 0, 2)
                                             : stall();
    default:
        return stall();
    }
}

static struct answer device_feature(const struct device *device, const struct usbd_setup *setup,
                                    bool set)
{
    bool known = setup->value == FEATURE_REMOTE_WAKE_UP && setup->index == 0 &&
                 (attributes(device) & REMOTE_WAKE_UP) != 0;

    if (known)
        remote_wake_up = set;
    return accept_if(known);
}

static bool clear_halt(const struct device *device, const struct usbd_setup *setup)
{
    uint8_t address = (uint8_t)setup->index;
    const struct function *function = standard_function(device, setup);

    if (endpoint_clear_halt(address) != USBD_OK)
        return false;
    if (function && function->halt_cleared)
        function->halt_cleared(address);
    return true;
}

/* Endpoint 0 has no halt of its own: each SETUP ends a stall. To clear it is to do nothing. */
static struct answer endpoint_feature(const struct device *device, const struct usbd_setup *setup,
                                      bool set)
{
    uint8_t address = (uint8_t)setup->index;

    if (setup->value != FEATURE_ENDPOINT_HALT || !endpoint_exists(setup->index))
        return stall();
    if (ENDPOINT_NUMBER(address) == 0)
        return accept_if(!set);
    return accept_if(set ? endpoint_halt(address) == USBD_OK : clear_halt(device, setup));
}

/* USB 2.0, 9.4.1 and 9.4.9. */
static struct answer feature(const struct device *device, const struct usbd_setup *setup, bool set)
{
    if (setup->length != 0 || (!has_address() && !device_configured()))
        return stall();
    switch (setup->request_type & RECIPIENT) {
    case TO_DEVICE:
        return device_feature(device, setup, set);
    case TO_ENDPOINT:
        return endpoint_feature(device, setup, set);
    default:
        return stall(); /* interfaces have no features */
    }
}

/* ---- Address and configuration -----------------------------------------------------------------
 */

/* USB 2.0, 9.4.6: hardware does all of it, unless it is refused. */
static struct answer set_address(const struct usbd_setup *setup)
{
    if (setup->value > ADDRESS_MAX || setup->index != 0 || setup->length != 0)
        return stall();
    return (struct answer){.kind = ANSWER_HARDWARE};
}

static bool configure(const struct device *device)
{
    configuration_value = device->configuration[5];
    for (unsigned number = 0; number < INTERFACES_MAX; number++) {
        if (!open_interface(device, number)) {
            unconfigure(device);
            return false;
        }
    }
    tell_functions(device, true);
    return true;
}

/* USB 2.0, 9.4.7. The same value again begins anew: halts, toggles, alternate settings. */
static struct answer set_configuration(const struct device *device, const struct usbd_setup *setup)
{
    bool known = setup->value == 0 || setup->value == device->configuration[5];

    if (!known || setup->index != 0 || setup->length != 0 || !has_address())
        return stall();
    unconfigure(device);
    return accept_if(setup->value == 0 || configure(device));
}

static struct answer get_configuration(const struct usbd_setup *setup)
{
    if (setup->value != 0 || setup->index != 0 || setup->length != 1)
        return stall();
    return reply_with(configuration_value, 0, 1);
}

/* ---- Interfaces --------------------------------------------------------------------------------
 */

/* USB 2.0, 9.4.4. */
static struct answer get_interface(const struct device *device, const struct usbd_setup *setup)
{
    if (setup->value != 0 || setup->length != 1 || !current_interface(device, setup->index))
        return stall();
    return reply_with(alternates[setup->index], 0, 1);
}

static bool has_setting(const struct device *device, unsigned number, unsigned alternate)
{
    return current_interface(device, number) && alternate <= 0xff &&
           interface_find(device->configuration, (uint8_t)number, (uint8_t)alternate);
}

/* USB 2.0, 9.4.10. */
static struct answer set_interface(const struct device *device, const struct usbd_setup *setup)
{
    unsigned number = setup->index;

    if (setup->length != 0 || number >= INTERFACES_MAX ||
        !has_setting(device, number, setup->value))
        return stall();
    close_interface(device, number);
    alternates[number] = (uint8_t)setup->value;
    if (!open_interface(device, number))
        return stall();
    const struct function *function = standard_function(device, setup);
    if (function && function->opened)
        function->opened();
    return accept();
}

const struct function *standard_function(const struct device *device,
                                         const struct usbd_setup *setup)
{
    bool to_endpoint = (setup->request_type & RECIPIENT) == TO_ENDPOINT;
    int number = to_endpoint ? interface_of(device, setup->index) : setup->index & 0xff;

    for (unsigned i = 0; i < device->function_count; i++) {
        const struct function *function = device->functions[i];

        if (number >= function->first && number < function->first + function->count)
            return function;
    }
    return NULL;
}

/* ---- Descriptors -------------------------------------------------------------------------------
 */

static struct answer get_string(const struct device *device, const struct usbd_setup *setup)
{
    const uint8_t *bytes = string_descriptor(device, (uint8_t)setup->value, setup->index);

    return bytes ? send(bytes, bytes[0]) : stall();
}

/* USB 2.0, 9.4.3. Full speed only: there is no device qualifier. */
static struct answer get_descriptor(const struct device *device, const struct usbd_setup *setup)
{
    unsigned type = setup->value >> 8;
    unsigned index = setup->value & 0xff;

    if (type == DESCRIPTOR_STRING)
        return get_string(device, setup);
    if (index != 0 || setup->index != 0)
        return stall();
    if (type == DESCRIPTOR_DEVICE)
        return send(device->descriptor, DEVICE_SIZE);
    if (type == DESCRIPTOR_CONFIGURATION)
        return send(device->configuration, configuration_size(device->configuration));
    if (type == DESCRIPTOR_BOS && device->bos)
        return send(device->bos, configuration_size(device->bos));
    return stall();
}

static struct answer class_descriptor(const struct device *device, const struct usbd_setup *setup)
{
    const struct function *function = standard_function(device, setup);

    return function && function->request ? function->request(setup) : stall();
}

/* ---- Which request -----------------------------------------------------------------------------
 */

static struct answer from_device(const struct device *device, const struct usbd_setup *setup)
{
    unsigned recipient = setup->request_type & RECIPIENT;

    if (setup->request == GET_STATUS)
        return get_status(device, setup);
    if (setup->request == GET_DESCRIPTOR && recipient == TO_DEVICE)
        return get_descriptor(device, setup);
    if (setup->request == GET_DESCRIPTOR && recipient == TO_INTERFACE)
        return class_descriptor(device, setup);
    if (setup->request == GET_CONFIGURATION && recipient == TO_DEVICE)
        return get_configuration(setup);
    if (setup->request == GET_INTERFACE && recipient == TO_INTERFACE)
        return get_interface(device, setup);
    return stall();
}

static struct answer to_device(const struct device *device, const struct usbd_setup *setup)
{
    unsigned recipient = setup->request_type & RECIPIENT;

    if (setup->request == CLEAR_FEATURE || setup->request == SET_FEATURE)
        return feature(device, setup, setup->request == SET_FEATURE);
    if (setup->request == SET_ADDRESS && recipient == TO_DEVICE)
        return set_address(setup);
    if (setup->request == SET_CONFIGURATION && recipient == TO_DEVICE)
        return set_configuration(device, setup);
    if (setup->request == SET_INTERFACE && recipient == TO_INTERFACE)
        return set_interface(device, setup);
    return stall();
}

struct answer standard_answer(const struct device *device, const struct usbd_setup *setup)
{
    return setup->request_type & FROM_DEVICE ? from_device(device, setup)
                                             : to_device(device, setup);
}
