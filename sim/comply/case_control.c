/* SPDX-License-Identifier: Apache-2.0 */
/* Control transfers that do not go smoothly, and power (USB 2.0, 5.5, 7.1.7, 8.5.3, 8.6). */
#include "sim/comply/writer.h"

/* Bytes of the first configuration, if it takes more than one packet of endpoint 0. */
static size_t long_configuration(const struct writer *writer)
{
    const struct comply_device *device = writer->device;

    return device->configuration[0].size > device->device.bytes[7] ? device->configuration[0].size
                                                                   : 0;
}

static void say_device(struct writer *writer)
{
    writer_say(writer, "get descriptor device 18\n");
    writer_expect(writer, writer->device->device.bytes, writer->device->device.size);
}

enum comply_plan ask_cut_read(struct writer *writer)
{
    /* A new SETUP in place of the data stage, and of its rest (5.5.5). */
    writer_say(writer, "loop 3 {\nget descriptor device 18 after 0 packets stop\n}\n");
    say_device(writer);
    if (long_configuration(writer)) {
        writer_say(writer, "get descriptor configuration 255 after 1 packet status within 20 ms "
                           "expect ok or nak\n");
        say_device(writer);
        writer_say(writer, "get descriptor configuration 255 after 1 packet stop\n");
        say_device(writer);
    }
    writer_say(writer, "set configuration %u after 0 packets stop\n",
               device_configuration_value(writer->device));
    writer_say(writer, "set configuration %u\n", device_configuration_value(writer->device));
    return PLAN_ASK;
}

enum comply_plan ask_lost_ack(struct writer *writer)
{
    writer_say(writer, "get descriptor device 18 after 0 packets lose ack\n");
    writer_expect(writer, writer->device->device.bytes, writer->device->device.size);
    writer_say(writer, "get descriptor device 18 after 1 packet lose ack\n");
    writer_expect(writer, writer->device->device.bytes, writer->device->device.size);
    writer_say(writer, "get descriptor device 18 after status lose ack\n");
    writer_expect(writer, writer->device->device.bytes, writer->device->device.size);
    if (long_configuration(writer)) {
        writer_say(writer, "get descriptor configuration 4096 after 1 packet lose ack\n");
        writer_expect(writer, writer->device->configuration[0].bytes,
                      writer->device->configuration[0].size);
    }
    writer_say(writer, "set configuration %u after 0 packets lose ack\n",
               device_configuration_value(writer->device));
    writer_say(writer, "set configuration %u after status lose ack\n",
               device_configuration_value(writer->device));
    return PLAN_ASK;
}

static void say_write(struct writer *writer, unsigned length)
{
    writer_say(writer, "setup 40 5b 00 00 00 00 %02x %02x data %u bytes\n", length & 0xff,
               length >> 8, length);
    writer_say(writer, "setup c0 5c 00 00 00 00 %02x %02x expect echo\n", length & 0xff,
               length >> 8);
}

/* Lengths around the sizes of packets, and in steps without a common divisor; as usbtest does. */
enum comply_plan ask_control_writes(struct writer *writer)
{
    if (!writer->device->takes_vendor_writes)
        return writer_not_applicable(writer, "the device has no vendor requests 0x5b and 0x5c, "
                                             "which write and read back");
    for (unsigned length = 1; length <= 130; length++)
        say_write(writer, length);
    for (unsigned length = 191; length < HOST_DATA_MAX; length += 193)
        say_write(writer, length);
    for (unsigned length = 256; length <= HOST_DATA_MAX; length *= 2) {
        say_write(writer, length - 1);
        say_write(writer, length);
    }
    return PLAN_ASK;
}

/* ---- Power ----------------------------------------------------------------------------------- */

enum comply_plan ask_suspend_in_transfer(struct writer *writer)
{
    static const unsigned times[] = {5, 15, 30, 60, 120, 500};

    for (size_t i = 0; i < ARRAY_LENGTH(times); i++) {
        writer_say(writer,
                   "get descriptor configuration 255 after %u us suspend expect any\nwait 20 ms\n"
                   "resume\n",
                   times[i]);
        say_device(writer);
    }
    return PLAN_ASK;
}

/* The host's own resume fails when the device woke the bus before. */
enum comply_plan ask_quiet_while_suspended(struct writer *writer)
{
    writer_say(writer, "suspend\nwait 5 s\nresume\n");
    writer_see_configuration(writer, device_configuration_value(writer->device));
    return PLAN_ASK;
}

enum comply_plan ask_wake_up(struct writer *writer)
{
    const struct comply_bytes *configuration = &writer->device->configuration[0];

    if (configuration->size < CONFIGURATION_DESCRIPTOR_SIZE || !(configuration->bytes[7] & 0x20))
        return writer_not_applicable(writer,
                                     "bmAttributes says that the device has no remote wake-up");
    if (!writer->device->wakes)
        return writer_not_applicable(writer, "within 5 s nothing happened that made the device "
                                             "wake the bus");
    writer_say(writer, "set feature remote-wakeup\nsuspend\nwait for wake-up within 5 s\n");
    writer_see_configuration(writer, device_configuration_value(writer->device));
    return PLAN_ASK;
}
