/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/cpu/nvic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct exception_masks unmasked = {0};

static struct nvic fresh(void)
{
    struct nvic nvic = {0};

    nvic_reset(&nvic);
    return nvic;
}

static void enable(struct nvic *nvic, unsigned exception, uint8_t priority)
{
    nvic->enabled |= (uint64_t)1 << exception;
    nvic->priority[exception] = priority;
}

static void the_most_urgent_pending_exception_comes_next(void **state)
{
    struct nvic nvic = fresh();

    (void)state;
    enable(&nvic, 20, 0x60);
    enable(&nvic, 30, 0x20);
    nvic_pend(&nvic, 20);
    nvic_pend(&nvic, 30);
    assert_int_equal(30, nvic_next(&nvic));
    nvic_pend(&nvic, EXC_NMI);
    assert_int_equal(EXC_NMI, nvic_next(&nvic));
}

static void equal_priorities_go_by_number(void **state)
{
    struct nvic nvic = fresh();

    (void)state;
    enable(&nvic, 40, 0x40);
    enable(&nvic, 17, 0x40);
    nvic_pend(&nvic, 40);
    nvic_pend(&nvic, 17);
    assert_int_equal(17, nvic_next(&nvic));
}

static void a_disabled_exception_pends_and_waits(void **state)
{
    struct nvic nvic = fresh();

    (void)state;
    nvic_pend(&nvic, 20);
    assert_int_equal(0, nvic_next(&nvic));
    enable(&nvic, 20, 0);
    assert_int_equal(20, nvic_next(&nvic));
}

static void only_a_higher_group_priority_preempts(void **state)
{
    struct nvic nvic = fresh();

    (void)state;
    enable(&nvic, 20, 0x40);
    enable(&nvic, 21, 0x40);
    enable(&nvic, 22, 0x20);
    nvic_activate(&nvic, 20);
    nvic_pend(&nvic, 21);
    assert_int_equal(0, nvic_preempting(&nvic, &unmasked));
    nvic_pend(&nvic, 22);
    assert_int_equal(22, nvic_preempting(&nvic, &unmasked));
}

static void subpriorities_order_but_do_not_preempt(void **state)
{
    struct nvic nvic = fresh();

    (void)state;
    nvic.group = 5; /* two group bits, one subpriority bit of the three */
    enable(&nvic, 20, 0x60);
    enable(&nvic, 21, 0x40);
    nvic_activate(&nvic, 20);
    nvic_pend(&nvic, 21);
    assert_int_equal(0, nvic_preempting(&nvic, &unmasked));
    nvic.group = 4;
    assert_int_equal(21, nvic_preempting(&nvic, &unmasked));
}

static void with_prigroup_7_nothing_configurable_preempts(void **state)
{
    struct nvic nvic = fresh();

    (void)state;
    nvic.group = 7;
    enable(&nvic, 20, 0xe0);
    enable(&nvic, 21, 0x00);
    nvic_activate(&nvic, 20);
    nvic_pend(&nvic, 21);
    assert_int_equal(0, nvic_preempting(&nvic, &unmasked));
    nvic_pend(&nvic, EXC_NMI);
    assert_int_equal(EXC_NMI, nvic_preempting(&nvic, &unmasked));
}

static void masks_raise_the_execution_priority(void **state)
{
    struct nvic nvic = fresh();
    struct exception_masks primask = {.primask = 1};
    struct exception_masks basepri = {.basepri = 0x40};
    struct exception_masks faultmask = {.faultmask = 1};

    (void)state;
    assert_int_equal(PRIORITY_IDLE, nvic_execution_priority(&nvic, &unmasked));
    assert_int_equal(0, nvic_execution_priority(&nvic, &primask));
    assert_int_equal(0x40, nvic_execution_priority(&nvic, &basepri));
    assert_int_equal(PRIORITY_HARDFAULT, nvic_execution_priority(&nvic, &faultmask));
    enable(&nvic, 20, 0x40);
    nvic_pend(&nvic, 20);
    assert_int_equal(0, nvic_preempting(&nvic, &basepri));
    nvic.priority[20] = 0x20;
    assert_int_equal(20, nvic_preempting(&nvic, &basepri));
    assert_int_equal(0, nvic_preempting(&nvic, &primask));
}

static void a_pulse_stays_pending(void **state)
{
    struct nvic nvic = fresh();

    (void)state;
    nvic_set_line(&nvic, 4, true);
    nvic_set_line(&nvic, 4, false);
    assert_true(nvic_pending(&nvic) >> (EXC_IRQ + 4) & 1);
    nvic_unpend(&nvic, EXC_IRQ + 4);
    assert_int_equal(0, nvic_pending(&nvic));
}

static void a_high_line_pends_again_after_its_handler(void **state)
{
    struct nvic nvic = fresh();

    (void)state;
    nvic_set_line(&nvic, 4, true);
    nvic_activate(&nvic, EXC_IRQ + 4);
    assert_int_equal(0, nvic_pending(&nvic));
    nvic_deactivate(&nvic, EXC_IRQ + 4);
    assert_true(nvic_pending(&nvic) >> (EXC_IRQ + 4) & 1);
}

static void an_edge_within_its_handler_is_remembered(void **state)
{
    struct nvic nvic = fresh();

    (void)state;
    nvic_set_line(&nvic, 4, true);
    nvic_activate(&nvic, EXC_IRQ + 4);
    nvic_set_line(&nvic, 4, false);
    nvic_set_line(&nvic, 4, true);
    nvic_set_line(&nvic, 4, false);
    nvic_deactivate(&nvic, EXC_IRQ + 4);
    assert_true(nvic_pending(&nvic) >> (EXC_IRQ + 4) & 1);
}

static void the_last_line_has_its_own_bit(void **state)
{
    struct nvic nvic = fresh();

    (void)state;
    enable(&nvic, 63, 0xe0);
    nvic_set_line(&nvic, 47, true);
    assert_int_equal(63, nvic_next(&nvic));
    nvic_reset(&nvic);
    assert_int_equal(0, nvic_next(&nvic));
    assert_true(nvic_pending(&nvic) >> 63); /* the line is the peripheral's */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_most_urgent_pending_exception_comes_next),
        cmocka_unit_test(equal_priorities_go_by_number),
        cmocka_unit_test(a_disabled_exception_pends_and_waits),
        cmocka_unit_test(only_a_higher_group_priority_preempts),
        cmocka_unit_test(subpriorities_order_but_do_not_preempt),
        cmocka_unit_test(with_prigroup_7_nothing_configurable_preempts),
        cmocka_unit_test(masks_raise_the_execution_priority),
        cmocka_unit_test(a_pulse_stays_pending),
        cmocka_unit_test(a_high_line_pends_again_after_its_handler),
        cmocka_unit_test(an_edge_within_its_handler_is_remembered),
        cmocka_unit_test(the_last_line_has_its_own_bit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
