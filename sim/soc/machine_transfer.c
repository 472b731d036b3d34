/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/soc/machine_parts.h"

#include <string.h>

static bool transfer_ended(void *owner, struct machine *machine)
{
    (void)owner;
    return host_transfer(machine->host) != TRANSFER_BUSY;
}

/* Runs until the transfer that was started is over. */
static enum control_result run_transfer(struct machine *machine, sim_time duration)
{
    if (machine_run_until(machine, duration, transfer_ended, NULL) != MACHINE_STOP_CONDITION)
        return machine->last_stop == MACHINE_STOP_TIME ? CONTROL_TIMED_OUT : CONTROL_STOPPED;
    switch (host_transfer(machine->host)) {
    case TRANSFER_DONE:
        return CONTROL_DONE;
    case TRANSFER_STALLED:
        return CONTROL_STALLED;
    case TRANSFER_BUSY:
    case TRANSFER_TIMED_OUT:
    case TRANSFER_SILENT:
    case TRANSFER_BABBLE:
        break;
    }
    return CONTROL_TIMED_OUT;
}

enum control_result machine_control(struct machine *machine, const uint8_t setup[8], uint8_t *data,
                                    size_t *size, sim_time duration)
{
    enum control_result result;
    const uint8_t *received;
    size_t count;

    host_control(machine->host, setup, data);
    result = run_transfer(machine, duration);
    received = host_transfer_data(machine->host, &count);
    if (size)
        *size = count;
    if (data && count && (setup[0] & 0x80))
        memcpy(data, received, count);
    return result;
}

enum control_result machine_pipe_write(struct machine *machine, uint8_t endpoint,
                                       const uint8_t *data, size_t size, sim_time duration)
{
    struct host_pipe pipe = host_pipe(machine->host, endpoint, false);

    host_pipe_write(machine->host, &pipe, data, size);
    return run_transfer(machine, duration);
}

enum control_result machine_pipe_read(struct machine *machine, uint8_t endpoint, uint8_t *data,
                                      size_t *size, sim_time duration)
{
    struct host_pipe pipe = host_pipe(machine->host, endpoint, true);
    enum control_result result;
    const uint8_t *received;

    host_pipe_read(machine->host, &pipe, *size);
    result = run_transfer(machine, duration);
    received = host_transfer_data(machine->host, size);
    if (*size)
        memcpy(data, received, *size);
    return result;
}
