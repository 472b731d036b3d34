/* SPDX-License-Identifier: Apache-2.0 */
/* core: snapshots and hashes of registered state. */
#include "tests/cmocka.h"

#include "sim/base/heap.h"
#include "sim/core/state.h"

#include <string.h>

struct machine_like {
    struct state state;
    uint32_t registers[8];
    uint8_t flash[4 * STATE_PAGE];
    uint8_t baseline[4 * STATE_PAGE];
    uint32_t changed[1];
};

static int build(void **state)
{
    struct machine_like *m = heap_allocate(1, sizeof *m);

    memset(m->flash, 0xff, sizeof m->flash);
    memset(m->baseline, 0xff, sizeof m->baseline);
    state_register(&m->state, "registers", m->registers, sizeof m->registers);
    state_register_paged(&m->state, "flash", m->flash, sizeof m->flash, m->baseline, m->changed);
    *state = m;
    return 0;
}

static int tear_down(void **state)
{
    heap_release(*state);
    return 0;
}

static void program(struct machine_like *m, unsigned page, uint8_t value)
{
    m->changed[0] |= 1u << page;
    m->flash[page * STATE_PAGE + 5] = value;
}

static void a_restored_machine_equals_the_saved_one(void **state)
{
    struct machine_like *m = *state;
    struct snapshot *snapshot;
    uint64_t hash;

    m->registers[3] = 42;
    program(m, 1, 0x11);
    hash = state_hash(&m->state);
    snapshot = snapshot_take(&m->state);

    m->registers[3] = 43;
    program(m, 1, 0x22);
    program(m, 3, 0x33);
    assert_true(state_hash(&m->state) != hash);

    snapshot_restore(snapshot, &m->state);
    assert_true(state_hash(&m->state) == hash);
    assert_int_equal(m->registers[3], 42);
    assert_int_equal(m->flash[1 * STATE_PAGE + 5], 0x11);
    assert_int_equal(m->flash[3 * STATE_PAGE + 5], 0xff);
    assert_int_equal(m->changed[0], 1u << 1);
    snapshot_free(snapshot);
}

static void a_snapshot_can_be_restored_many_times(void **state)
{
    struct machine_like *m = *state;
    struct snapshot *snapshot;
    uint64_t hash;

    program(m, 0, 1);
    hash = state_hash(&m->state);
    snapshot = snapshot_take(&m->state);
    for (unsigned i = 0; i < 4; i++) {
        program(m, i, (uint8_t)i);
        snapshot_restore(snapshot, &m->state);
        assert_true(state_hash(&m->state) == hash);
    }
    snapshot_free(snapshot);
}

static void a_snapshot_costs_only_changed_flash_pages(void **state)
{
    struct machine_like *m = *state;
    struct snapshot *snapshot = snapshot_take(&m->state);

    assert_true(snapshot_size(snapshot) < STATE_PAGE);
    program(m, 2, 7);
    snapshot = snapshot_retake(snapshot, &m->state);
    assert_true(snapshot_size(snapshot) >= STATE_PAGE);
    snapshot_free(snapshot);
}

static void flash_written_back_to_what_it_was_is_the_same_state(void **state)
{
    struct machine_like *m = *state;
    uint64_t hash = state_hash(&m->state);

    program(m, 2, 0);
    assert_true(state_hash(&m->state) != hash);
    program(m, 2, 0xff);
    assert_true(state_hash(&m->state) == hash);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_restored_machine_equals_the_saved_one, build, tear_down),
        cmocka_unit_test_setup_teardown(a_snapshot_can_be_restored_many_times, build, tear_down),
        cmocka_unit_test_setup_teardown(a_snapshot_costs_only_changed_flash_pages, build,
                                        tear_down),
        cmocka_unit_test_setup_teardown(flash_written_back_to_what_it_was_is_the_same_state, build,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
