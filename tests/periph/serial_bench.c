/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/periph/serial_bench.h"

#include "sim/base/heap.h"
#include "tests/cmocka.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char input[128]; /* of serial_file: read by the board and then removed */

static void see(void *owner, const struct observation *seen)
{
    struct serial_bench *bench = owner;

    if (seen->kind == OBS_SERIAL && bench->logged < SERIAL_LOG) {
        bench->log[bench->logged++] = seen->serial;
    } else if (seen->kind == OBS_CONSOLE && bench->printed + seen->console.size < SERIAL_LOG) {
        memcpy(bench->console + bench->printed, seen->console.bytes, seen->console.size);
        bench->printed += seen->console.size;
    } else if (seen->kind == OBS_DMA_OPEN) {
        bench->opened++;
    } else if (seen->kind == OBS_DMA_OBSERVED) {
        bench->observed++;
        bench->last_observed = seen->dma_close;
    }
}

struct serial_bench *serial_bench_new(const struct board_options *options, guest_addr base)
{
    static const struct board_options ordinary = {0};
    struct serial_bench *bench = heap_allocate(1, sizeof *bench);
    struct failure failure = {0};

    bench->chip = chip_new();
    bench->base = base;
    state_register(&bench->chip->state, "schedule", &bench->chip->scheduler.state,
                   sizeof bench->chip->scheduler.state);
    state_register(&bench->chip->state, "trace", &bench->chip->trace.state,
                   sizeof bench->chip->trace.state);
    assert_int_equal(board_init(&bench->board, options ? options : &ordinary, &bench->chip->wires,
                                &bench->chip->trace, &bench->chip->state, &failure),
                     STATUS_OK);
    if (input[0])
        (void)unlink(input);
    input[0] = '\0';
    bench->chip->fabric.board = &bench->board;
    bench->chip->fabric.easydma = &bench->easydma;
    easydma_init(&bench->easydma, &bench->chip->fabric);
    trace_subscribe(&bench->chip->trace,
                    TRACE_KIND(SERIAL) | TRACE_KIND(CONSOLE) | TRACE_KIND(DMA_OPEN) |
                        TRACE_KIND(DMA_OBSERVED),
                    see, bench);
    return bench;
}

void serial_bench_free(struct serial_bench *bench)
{
    board_finish(&bench->board);
    chip_free(bench->chip);
    heap_release(bench);
}

uint32_t serial_read(struct serial_bench *bench, uint32_t offset)
{
    return chip_read(bench->chip, bench->base + offset);
}

void serial_write(struct serial_bench *bench, uint32_t offset, uint32_t value)
{
    chip_write(bench->chip, bench->base + offset, value);
}

void serial_pass(struct serial_bench *bench, sim_time cycles)
{
    chip_pass(bench->chip, cycles);
}

uint8_t *serial_ram(struct serial_bench *bench, guest_addr address)
{
    return memory_at(&bench->chip->memory, (struct byte_range){address, 1});
}

bool serial_is_set(struct serial_bench *bench, uint32_t offset)
{
    uint32_t value = 0;

    assert_true(bus_peek(&bench->chip->bus, bench->base + offset, 4, &value));
    return value != 0;
}

sim_time serial_pass_until(struct serial_bench *bench, uint32_t offset, sim_time limit)
{
    const struct schedule *schedule = &bench->chip->scheduler.state;
    sim_time begin = schedule->now;

    /* Nothing changes but by events: from one to the next. */
    while (!serial_is_set(bench, offset) && schedule->now - begin < limit) {
        sim_time next = scheduler_next(&bench->chip->scheduler);
        sim_time end = next < begin + limit ? next : begin + limit;

        serial_pass(bench, end > schedule->now ? end - schedule->now : 1);
    }
    assert_true(serial_is_set(bench, offset));
    return bench->chip->scheduler.state.now - begin;
}

const char *serial_file(const char *name, const char *text)
{
    FILE *file;

    (void)snprintf(input, sizeof input, "/tmp/fencepost-%ld-%s", (long)getpid(), name);
    file = fopen(input, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    return input;
}
