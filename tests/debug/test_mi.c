/* SPDX-License-Identifier: Apache-2.0 */
/* What an editor makes gdb do: load, break, step, look, go back, interrupt, all through MI. */
#include "tests/cmocka.h"
#include "tests/debug/mi.h"

static void an_editor_loads_breaks_and_looks(void **state)
{
    struct mi mi;

    (void)state;
    mi_start(&mi, "usb-5");
    mi_ask(&mi, "-interpreter-exec console \"monitor reset halt\"", "^done");
    mi_ask(&mi, "-target-download", "^done,address=");
    mi_ask(&mi, "-interpreter-exec console \"monitor reset halt\"", "^done");
    mi_ask(&mi, "-break-insert -h ep0in_start", "type=\"hw breakpoint\"");
    mi_ask(&mi, "-exec-continue", "*stopped,reason=\"breakpoint-hit\"");
    mi_ask(&mi, "-stack-list-frames", "func=\"<signal handler called>\"");
    mi_ask(&mi, "-stack-list-arguments 1 0 0", "name=\"size\",value=\"18\"");
    mi_ask(&mi, "-data-list-register-values x 15", "number=\"15\",value=\"0x");
    mi_ask(&mi, "-data-evaluate-expression $cycles", "^done,value=");
    mi_ask(&mi, "-data-read-memory-bytes 0x20000004 4", "contents=\"00000000\"");
    mi_ask(&mi, "-thread-info", "name=\"EasyDMA\"");
    mi_ask(&mi, "-var-create - * device_descriptor", "numchild=\"18\"");
    mi_end(&mi);
}

static void an_editor_steps_forwards_and_backwards(void **state)
{
    struct mi mi;

    (void)state;
    mi_start(&mi, "usb-5");
    mi_ask(&mi, "-break-insert ep0in_start", "^done");
    mi_ask(&mi, "-exec-continue", "*stopped,reason=\"breakpoint-hit\"");
    mi_ask(&mi, "-exec-step-instruction", "*stopped,reason=\"end-stepping-range\"");
    mi_ask(&mi, "-exec-next", "*stopped,reason=\"end-stepping-range\"");
    mi_ask(&mi, "-exec-step-instruction --reverse", "*stopped,reason=\"end-stepping-range\"");
    mi_ask(&mi, "-exec-continue --reverse", "*stopped,reason=\"breakpoint-hit\"");
    mi_ask(&mi, "-break-watch ep0in_buffer[1]", "^done,wpt=");
    mi_ask(&mi, "-exec-continue", "*stopped,reason=\"watchpoint-trigger\"");
    mi_ask(&mi, "-exec-finish", "*stopped,reason=\"function-finished\"");
    mi_ask(&mi, "-exec-continue --reverse", "*stopped,reason=\"watchpoint-trigger\"");
    mi_ask(&mi, "-break-delete", "^done");
    mi_ask(&mi, "-exec-continue --reverse", "No more reverse-execution history");
    mi_end(&mi);
}

/* Asleep for good, with nothing but frames on the bus; then the way out. */
static void an_editor_interrupts_and_leaves(void **state)
{
    struct mi mi;

    (void)state;
    mi_start(&mi, "usb-5");
    mi_ask(&mi, "-exec-continue", "*running,thread-id=\"all\"");
    mi_wait(&mi, "configured"); /* the firmware's console */
    mi_ask(&mi, "-exec-interrupt", "*stopped,reason=\"signal-received\",signal-name=\"SIGINT\"");
    mi_ask(&mi, "-interpreter-exec console \"monitor status\"", "asleep at");
    mi_ask(&mi, "-exec-step-instruction --reverse", "*stopped,reason=\"end-stepping-range\"");
    mi_ask(&mi, "-exec-run", "*running");
    mi_wait(&mi, "configured");
    mi_ask(&mi, "-exec-interrupt", "*stopped");
    mi_ask(&mi, "-target-detach", "^done");
    mi_end(&mi);
}

static void an_editor_is_told_of_a_race(void **state)
{
    struct mi mi;

    (void)state;
    mi_start(&mi, "usb-3-memcpy-after-start");
    mi_ask(&mi, "-exec-continue", "DMA001 error");
    mi_wait(&mi, "*stopped,reason=\"signal-received\",signal-name=\"SIGTRAP\"");
    mi_ask(&mi, "-interpreter-exec console \"monitor why\"", "has not sent a packet");
    mi_end(&mi);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_editor_loads_breaks_and_looks),
        cmocka_unit_test(an_editor_steps_forwards_and_backwards),
        cmocka_unit_test(an_editor_interrupts_and_leaves),
        cmocka_unit_test(an_editor_is_told_of_a_race),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
