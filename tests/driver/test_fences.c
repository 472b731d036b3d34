/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The driver's fences are in the code that runs, in every build: a barrier instruction stands
 * between the last access to a buffer and the store that starts EasyDMA, and between the load that
 * saw the end and the first load from the buffer (driver/fence.h). And what COMPILER_FENCE records.
 */
#include "sim/mem/map.h"
#include "tests/cmocka.h"
#include "tests/driver/bench.h"

#include <string.h>

/* The programs' objects are at the lower end of RAM. */
enum { OBJECTS_SIZE = 4096 };

struct fence_watch {
    unsigned moment;  /* counts observations */
    unsigned barrier; /* when the last one was */
    unsigned last_access[OBJECTS_SIZE];
    unsigned observed; /* the end of the last transfer that wrote RAM */
    struct byte_range received;
    unsigned starts, unfenced_starts;
    unsigned loads, unfenced_loads;
};

static bool holds(struct byte_range range, guest_addr address)
{
    return address - range.start < range.size;
}

static void on_access(struct fence_watch *watch, const struct obs_access *access)
{
    for (uint32_t i = 0; i < access->size; i++) {
        if (access->address + i - RAM_BASE < OBJECTS_SIZE)
            watch->last_access[access->address + i - RAM_BASE] = watch->moment;
    }
}

static void on_load(struct fence_watch *watch, const struct obs_access *load)
{
    on_access(watch, load);
    if (!holds(watch->received, load->address))
        return;
    watch->loads++;
    watch->unfenced_loads += watch->barrier < watch->observed;
}

static void on_start(struct fence_watch *watch, const struct obs_dma_open *start)
{
    watch->starts++;
    for (uint32_t i = 0; i < start->window.size; i++) {
        if (watch->barrier < watch->last_access[start->window.start + i - RAM_BASE]) {
            watch->unfenced_starts++;
            return;
        }
    }
}

static void see(void *owner, const struct observation *seen)
{
    struct fence_watch *watch = owner;

    watch->moment++;
    if (seen->kind == OBS_BARRIER && seen->barrier.kind != BARRIER_ISB)
        watch->barrier = watch->moment;
    else if (seen->kind == OBS_CPU_STORE)
        on_access(watch, &seen->access);
    else if (seen->kind == OBS_CPU_LOAD)
        on_load(watch, &seen->access);
    else if (seen->kind == OBS_DMA_OBSERVED)
        watch->observed = watch->moment;
    else if (seen->kind == OBS_DMA_OPEN) {
        assert_true(seen->dma_open.window.start - RAM_BASE + seen->dma_open.window.size <=
                    OBJECTS_SIZE);
        on_start(watch, &seen->dma_open);
        if (seen->dma_open.direction == DMA_WRITES_RAM)
            watch->received = seen->dma_open.window;
    }
}

static void open_watched(struct bench *bench, struct fence_watch *watch, const char *build)
{
    memset(watch, 0, sizeof *watch);
    bench_open_reset(bench, build, "control-echo", CHOICE_REALISTIC);
    trace_subscribe(machine_trace(bench->machine),
                    TRACE_KIND(CPU_STORE) | TRACE_KIND(CPU_LOAD) | TRACE_KIND(BARRIER) |
                        TRACE_KIND(DMA_OPEN) | TRACE_KIND(DMA_OBSERVED),
                    see, watch);
    trace_watch(machine_trace(bench->machine), (struct byte_range){RAM_BASE, OBJECTS_SIZE},
                WATCH_STORES | WATCH_LOADS);
}

static void every_start_and_every_end_is_fenced_in_every_build(void **state)
{
    static struct fence_watch watch;
    uint8_t data[200] = {1, 2, 3};
    char build[BUILD_NAME_MAX];
    struct bench bench;

    (void)state;
    for (unsigned i = 0; bench_build(i, build); i++) {
        open_watched(&bench, &watch, build);
        assert_int_equal(bench_write(&bench, 1, sizeof data, data), CONTROL_DONE);
        assert_int_equal(bench_read(&bench, 2, 0, sizeof data, data, NULL), CONTROL_DONE);
        bench_expect(&bench, watch.starts == 8, "four packets out, four packets in");
        bench_expect(&bench, watch.unfenced_starts == 0, "a barrier before every start");
        bench_expect(&bench, watch.loads >= sizeof data / 4, "the received bytes are read");
        bench_expect(&bench, watch.unfenced_loads == 0, "a barrier before every such load");
        bench_close(&bench);
    }
}

static guest_addr word_at(const uint8_t *bytes)
{
    return bytes[0] | (guest_addr)bytes[1] << 8 | (guest_addr)bytes[2] << 16 |
           (guest_addr)bytes[3] << 24;
}

/* Once if hand_over is a function, twice if it was inlined into main. */
static void expect_recorded(const struct bench *bench)
{
    const struct image *image = machine_image(bench->machine);
    const uint8_t *bytes = NULL;
    struct symbol symbol;
    size_t size = 0;

    bench_expect(bench, image_section(image, ".fencepost.fences", &bytes, &size),
                 "there is a section of fences");
    bench_expect(bench, size == 4 || size == 8, "with one or two addresses");
    for (size_t i = 0; i < size; i += 4) {
        bench_expect(bench, image_symbol_at(image, word_at(bytes + i), &symbol),
                     "each address is in a function");
        bench_expect(bench,
                     strcmp(symbol.name, size == 4 ? "hand_over" : "main") == 0 ||
                         strcmp(symbol.name, "reset_handler") == 0,
                     "the one that has the fence");
    }
}

static void recorded_compiler_fences_are_in_every_program_file(void **state)
{
    char build[BUILD_NAME_MAX];
    struct bench bench;

    (void)state;
    for (unsigned i = 0; bench_build(i, build); i++) {
        bench_open(&bench, build, "compiler-fence", HOST_MANUAL, CHOICE_REALISTIC);
        bench_expect(&bench,
                     machine_run(bench.machine, CYCLES_PER_SECOND) == MACHINE_STOP_EXIT &&
                         machine_exit_code(bench.machine) == 0,
                     "the program ends with success");
        expect_recorded(&bench);
        bench_close(&bench);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_start_and_every_end_is_fenced_in_every_build),
        cmocka_unit_test(recorded_compiler_fences_are_in_every_program_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
