/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/hosts/hosts.h"

#include "sim/hosts/programs.h"

#include <string.h>

static const struct host_program *const programs[TALKS] = {
    [TALK_AUTO] = &auto_program,         [TALK_CDC] = &cdc_program,
    [TALK_HID] = &hid_program,           [TALK_MSC] = &msc_program,
    [TALK_LOOPBACK] = &loopback_program, [TALK_HOSTILE] = &hostile_program,
};

const struct host_program *hosts_program(enum host_talk talk)
{
    return talk < TALKS ? programs[talk] : NULL;
}

enum host_talk hosts_talk_named(const char *name)
{
    for (unsigned talk = TALK_AUTO; talk < TALKS; talk++)
        if (!strcmp(programs[talk]->name, name))
            return (enum host_talk)talk;
    return TALKS;
}

const char *hosts_talk_name(enum host_talk talk)
{
    const struct host_program *program = hosts_program(talk);

    return program ? program->name : "";
}
