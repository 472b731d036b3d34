/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How Linux, Windows and macOS enumerate a full-speed device: durations, and requests in their
 * order. Tries and rounds of Linux are those of its hub driver, its 60 ms of reset and 50 ms of
 * recovery too; where nothing is published the figures are the customary ones.
 *
 * Deviations:
 *   1. A time-out is not tried again in the same round, and every Linux round is the same: its
 *      older scheme (address first) is not tried.
 *   2. Windows asks for the string 0xee (Microsoft OS descriptors) once in a device's life; this
 *      one does not.
 */
#include "sim/usb/host_state.h"

#include "sim/base/compiler.h"

#include <assert.h>

/* {action, bytes wanted, tries, on failure, pause in ms}: one row a line. */
/* clang-format off */
static const struct enumeration_step linux_steps[] = {
    {DO_RESET, 0, 1, START_OVER, 0},
    {DO_DEVICE, 64, 3, START_OVER, 0},
    {DO_RESET, 0, 1, START_OVER, 0},
    {DO_ADDRESS, 0, 2, START_OVER, 10},
    {DO_DEVICE, 18, 3, START_OVER, 0},
    {DO_QUALIFIER, 10, 3, GO_ON, 0},
    {DO_CONFIGURATION, 9, 3, START_OVER, 0},
    {DO_CONFIGURATION, WHOLE, 3, START_OVER, 0},
    {DO_LANGUAGES, 255, 3, GO_ON, 0},
    {DO_PRODUCT, 255, 3, GO_ON, 0},
    {DO_MANUFACTURER, 255, 3, GO_ON, 0},
    {DO_SERIAL, 255, 3, GO_ON, 0},
    {DO_CONFIGURE, 0, 1, STOP, 0},
    {DO_END, 0, 1, STOP, 0},
};

static const struct enumeration_step windows_steps[] = {
    {DO_RESET, 0, 1, START_OVER, 0},
    {DO_DEVICE, 64, 1, START_OVER, 0},
    {DO_RESET, 0, 1, START_OVER, 0},
    {DO_ADDRESS, 0, 1, START_OVER, 10},
    {DO_DEVICE, 18, 1, START_OVER, 0},
    {DO_CONFIGURATION, 255, 1, START_OVER, 0},
    {DO_QUALIFIER, 10, 1, GO_ON, 0},
    {DO_LANGUAGES, 255, 1, GO_ON, 0},
    {DO_SERIAL, 255, 1, GO_ON, 0},
    {DO_PRODUCT, 255, 1, GO_ON, 0},
    {DO_DEVICE, 18, 1, START_OVER, 0},
    {DO_CONFIGURATION, 9, 1, START_OVER, 0},
    {DO_CONFIGURATION, WHOLE, 1, START_OVER, 0},
    {DO_CONFIGURE, 0, 1, STOP, 0},
    {DO_END, 0, 1, STOP, 0},
};

static const struct enumeration_step macos_steps[] = {
    {DO_RESET, 0, 1, START_OVER, 0},
    {DO_ADDRESS, 0, 1, START_OVER, 10},
    {DO_DEVICE, 8, 1, START_OVER, 0},
    {DO_DEVICE, 18, 1, START_OVER, 0},
    {DO_LANGUAGES, 255, 1, GO_ON, 0},
    {DO_PRODUCT, 255, 1, GO_ON, 0},
    {DO_MANUFACTURER, 255, 1, GO_ON, 0},
    {DO_SERIAL, 255, 1, GO_ON, 0},
    {DO_CONFIGURATION, 9, 1, START_OVER, 0},
    {DO_CONFIGURATION, WHOLE, 1, START_OVER, 0},
    {DO_CONFIGURE, 0, 1, STOP, 0},
    {DO_END, 0, 1, STOP, 0},
};
/* clang-format on */

const struct host_manners *host_manners(enum host_profile profile)
{
    static const struct host_manners manners[] = {
        /* reset, recovery, rounds */
        [HOST_LINUX] = {60, 50, 4, linux_steps}, [HOST_WINDOWS] = {50, 10, 3, windows_steps},
        [HOST_MACOS] = {50, 10, 3, macos_steps}, [HOST_MANUAL] = {50, 10, 1, NULL},
        [HOST_SCRIPT] = {50, 10, 1, NULL},       [HOST_NONE] = {50, 10, 1, NULL},
    };

    assert(profile < ARRAY_LENGTH(manners));
    return &manners[profile];
}
