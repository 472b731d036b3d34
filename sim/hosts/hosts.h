/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Built-in hosts that go on when a device is enumerated: they speak its class, or misbehave.
 *
 * They know nothing of a device but its descriptors, so any firmware can be spoken to. What they
 * say is text in the language of docs/host-language.md, chapter by chapter.
 */
#ifndef SIM_HOSTS_HOSTS_H
#define SIM_HOSTS_HOSTS_H

#include "sim/usb/host.h"

enum host_talk {
    TALK_NONE,     /* the enumeration is all */
    TALK_AUTO,     /* all of the following that fit the descriptors, but hostile */
    TALK_CDC,      /* line coding, echo, data both ways */
    TALK_HID,      /* reports, protocol, LEDs, remote wake-up */
    TALK_MSC,      /* SCSI, the whole disk, its FAT file system, a file written */
    TALK_LOOPBACK, /* vendor endpoints of all types that send back what they get */
    TALK_HOSTILE,  /* misbehaves at random, from the seed of the run */
    TALKS,
};

/* NULL for TALK_NONE. */
const struct host_program *hosts_program(enum host_talk talk);

/* "cdc" and the like, as given to --host; TALKS for a word that is none. */
enum host_talk hosts_talk_named(const char *name);
const char *hosts_talk_name(enum host_talk talk); /* "" for TALK_NONE */

#endif
