/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a case is made: a function that writes steps of a conversation for this device, or knows the
 * result without asking. Inside sim/comply.
 */
#ifndef SIM_COMPLY_WRITER_H
#define SIM_COMPLY_WRITER_H

#include "sim/comply/comply.h"
#include "sim/comply/device.h"

/* What a case comes to before the device is asked. */
enum comply_plan {
    PLAN_ASK, /* the steps decide */
    PLAN_PASSED,
    PLAN_FAILED,
    PLAN_NOT_APPLICABLE,
};

struct writer {
    const struct comply_device *device;
    struct text steps;
    struct text reason; /* of PLAN_FAILED and PLAN_NOT_APPLICABLE */
};

typedef enum comply_plan comply_writer(struct writer *writer);

struct comply_case {
    const char *name;
    const char *group;
    enum comply_state state;
    const char *clause;
    const char *usbtest;
    const char *title;
    const char *text;     /* the steps, with {names} for writer_expand; NULL: */
    comply_writer *write; /* ... this writes them */
};

/* Appends steps; each line ends with \n. */
void writer_say(struct writer *writer, const char *format, ...) PRINTF_LIKE(2, 3);

/* Appends "expect 12 01 00 ..." with exactly these bytes. */
void writer_expect(struct writer *writer, const uint8_t *bytes, size_t size);

/* These return what their names say and keep the reason, a sentence without full stop. */
enum comply_plan writer_fails(struct writer *writer, const char *format, ...) PRINTF_LIKE(2, 3);
enum comply_plan writer_not_applicable(struct writer *writer, const char *format, ...)
    PRINTF_LIKE(2, 3);

/*
 * Appends `text` with its names replaced, each by what the device has:
 *
 *     {config} {no-config}         bConfigurationValue of the first configuration; one it has not
     {config-byte}                {config} as a byte for "expect"
     {configured} {unconfigured}  steps that see that it is configured, or is not. Where the device
                                  refuses GET_CONFIGURATION, which a case of its own tells, they
                                  see only that it is alive
 *     {interface} {no-interface}   the number of an interface
 *     {endpoint} {no-endpoint}     the address of a bulk or interrupt endpoint
 *     {status} {status-wakeup}     what GET_STATUS(Device) must bring, without and with remote
 *                                  wake-up
 *     {remote-wakeup}              what SET_FEATURE(DEVICE_REMOTE_WAKEUP) must come to
 *     {device}                     the 18 bytes of the device descriptor
 *     {needs-remote-wakeup}        nothing, but the device must be able to do it
 *     {needs-no-remote-wakeup}     nothing, but the device must not be able to do it
 *
 * PLAN_NOT_APPLICABLE when the device has no such thing.
 */
enum comply_plan writer_expand(struct writer *writer, const char *text);

/* Steps that see the same of an endpoint and of an interface, as far as the device can be asked. */
void writer_see_halt(struct writer *writer, uint8_t address, bool halted);
void writer_see_setting(struct writer *writer, uint8_t interface, uint8_t alternate);
void writer_see_configuration(struct writer *writer, uint8_t value);

#define WRITER(name) enum comply_plan name(struct writer *writer);
/* case_descriptor.c */
WRITER(check_device_descriptor)
WRITER(check_configuration_descriptors)
WRITER(check_configuration_values)
WRITER(check_interface_numbers)
WRITER(check_endpoint_addresses)
WRITER(check_default_bandwidth)
WRITER(check_associations)
WRITER(check_languages)
WRITER(check_strings)
WRITER(check_bos)
WRITER(ask_device_lengths)
WRITER(ask_configuration_lengths)
WRITER(ask_string_lengths)
WRITER(ask_descriptors_again)
WRITER(ask_other_speed)
WRITER(ask_no_string)
WRITER(ask_no_configuration)
/* case_class.c */
WRITER(check_cdc_descriptors)
WRITER(check_msc_descriptors)
WRITER(ask_hid_descriptors)
WRITER(ask_os_descriptors)
WRITER(ask_line_coding)
WRITER(ask_hid_protocol)
WRITER(ask_msc_max_lun)
/* case_configuration.c */
WRITER(ask_each_configuration)
WRITER(ask_unconfigured_endpoints)
WRITER(ask_configuration_clears_halt)
WRITER(ask_interface_status)
WRITER(ask_interface_setting)
WRITER(ask_each_alternate)
WRITER(ask_wrong_alternate)
WRITER(ask_interface_clears_halt)
/* case_endpoint.c */
WRITER(ask_endpoint_status)
WRITER(ask_halt)
WRITER(ask_halt_is_alone)
WRITER(ask_clear_without_halt)
WRITER(ask_configuration_toggles)
WRITER(ask_interface_toggles)
WRITER(ask_synch_frame)
WRITER(ask_unlink_reads)
WRITER(ask_unlink_writes)
/* case_control.c */
WRITER(ask_cut_read)
WRITER(ask_lost_ack)
WRITER(ask_control_writes)
WRITER(ask_suspend_in_transfer)
WRITER(ask_wake_up)
WRITER(ask_quiet_while_suspended)
#undef WRITER

#endif
