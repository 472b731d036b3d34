/* SPDX-License-Identifier: Apache-2.0 */
/* Whole sessions with the real gdb: what a driver author does. */
#include "tests/cmocka.h"
#include "tests/debug/gdb.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define RACE "usb-3-memcpy-after-start"

static struct gdb_session session;

static void gdb_connects_and_knows_all_registers(void **state)
{
    (void)state;
    gdb_run(&session, "usb-3",
            "info registers\n"
            "p/x $msp\np $psp\np $primask\np $basepri\np $faultmask\np $control\np $cycles\n"
            "p $d0\np $s1\np $fpscr\n"
            "info mem\n");
    gdb_says(&session, "enable_fpu () at firmware/common/startup.c");
    gdb_says(&session, "sp             0x20040000");
    gdb_says(&session, "pc             0x");
    gdb_says(&session, "<reset_handler>");
    gdb_says(&session, "xpsr           0x1000000");
    gdb_says(&session, "$1 = 0x20040000");
    gdb_says(&session, "$7 = 0");
    gdb_says(&session, "$8 = 0");
    gdb_says(&session, "flash blocksize 0x1000");
    gdb_never_says(&session, "= void"); /* a register it does not know */
}

static void registers_and_memory_are_written_and_read_back(void **state)
{
    (void)state;
    gdb_run(&session, "usb-3",
            "set $r4 = 0x1234\nset $primask = 1\nset $d3 = 1.5\nset $psp = 0x20001000\n"
            "set {int}0x20002000 = 77\nset {int}0x50000508 = 0x2000\n"
            "maintenance flush register-cache\n"
            "p/x $r4\np $primask\np $d3\np $s6\np $psp\np {int}0x20002000\np/x {int}0x50000504\n"
            "p/x {int}0x10000100\n");
    gdb_says(&session, "$1 = 0x1234");
    gdb_says(&session, "$2 = 1");
    gdb_says(&session, "$3 = 1.5");
    gdb_says(&session, "$4 = 0");
    gdb_says(&session, "$5 = (void *) 0x20001000");
    gdb_says(&session, "$6 = 77");
    gdb_says(&session, "$7 = 0x2000");
    gdb_says(&session, "$8 = 0x52840");
}

static void a_backtrace_goes_through_the_interrupt(void **state)
{
    (void)state;
    gdb_run(&session, "usb-3", "break usbd_handler\ncontinue\nbt\nfinish\n");
    gdb_says(&session, "automatically using hardware breakpoints");
    gdb_says(&session, "hit Breakpoint 1, usbd_handler ()");
    gdb_says(&session, "#0  usbd_handler ()");
    gdb_says(&session, "<signal handler called>");
    gdb_says(&session, "board_run ()");
    gdb_says(&session, "main ()");
}

static void stepping_over_the_start_opens_the_window(void **state)
{
    (void)state;
    gdb_run(&session, "usb-3",
            "break ep0in_start\ncontinue\ndelete\n"
            "monitor dma\n"
            "monitor stop-on transfer\ncontinue\n"
            "monitor dma\n"
            "info threads\nthread 2\nbt 1\nthread 1\n"
            "eval \"monitor owner %d\", &ep0in_buffer[17]\n"
            "eval \"monitor owner %d\", &ep0in_buffer[18]\n"
            "monitor regs usbd\n");
    gdb_says(&session, "no window is open");
    gdb_says(&session, "stop-on transfer: transfer 1 of USBD EPIN[0] starts: 18 bytes");
    gdb_says(&session, "transfer 1  USBD.EPIN[0] reads 0x2000");
    gdb_says(&session, ", 18 bytes (ep0in_buffer+0 in .bss)");
    gdb_says(&session, "0 of 18 bytes moved");
    gdb_says(&session, "..................");
    gdb_says(&session, "Thread 1 \"CPU\" (IRQ 39)");
    gdb_says(&session, "Thread 2 \"EasyDMA\" (USBD EPIN[0], 0 of 18 bytes)");
    gdb_says(&session, "Thread 3 \"USB host\"");
    gdb_says(&session, "driver/engine.c");
    gdb_says(&session, "belongs to EasyDMA, +17 of");
    gdb_says(&session, "belongs to the CPU");
    gdb_says(&session, "EPIN[0].MAXCNT           0x00000012");
}

static void a_watchpoint_on_the_buffer_stops_at_the_store(void **state)
{
    (void)state;
    gdb_run(&session, "usb-3",
            "break ep0in_start\ncontinue\ndelete\n"
            "watch ep0in_buffer[1]\ncontinue\nbt 2\n"
            "rwatch device_descriptor[3]\ncontinue\n");
    gdb_says(&session, "hit Hardware watchpoint 2: ep0in_buffer[1]");
    gdb_says(&session, "Old value = 0");
    gdb_says(&session, "New value = 1");
    gdb_says(&session, "#0  memcpy");
    gdb_says(&session, "#1");
    gdb_says(&session, "ep0in_start");
    gdb_says(&session, "Hardware read watchpoint 3: device_descriptor[3]");
}

static void a_race_is_where_it_stops_and_the_last_writer_is_found_backwards(void **state)
{
    (void)state;
    gdb_run(&session, RACE,
            "continue\nx/i $pc\nbt 2\n"
            "monitor findings\nstepi\nmonitor findings\n"
            "watch ep0in_buffer[1]\ncontinue\n"
            "p $cycles\ntbreak program_exit\ncontinue\n"
            "reverse-continue\nbt 2\n"
            "monitor findings\n");
    gdb_says(&session, "stop-on finding: finding 1");
    gdb_says(&session, "DMA001");
    gdb_says(&session, "received signal SIGTRAP");
    gdb_says(&session, "strb");
    gdb_says(&session, "#1");
    gdb_says(&session, "usb-3-memcpy-after-start.c:28");
    gdb_says(&session, "no findings up to here");
    gdb_says(&session, "1  DMA001 error");
    gdb_says(&session, "New value = 1");
    gdb_says(&session, "program_exit");
    gdb_says(&session, "Old value = 1");
    gdb_says(&session, "New value = 0");
    gdb_says(&session, "#0");
    gdb_says(&session, "memcpy");
    gdb_says(&session, "usb-3-memcpy-after-start.c:28");
}

static void time_goes_backwards_to_its_beginning(void **state)
{
    (void)state;
    gdb_run(&session, "usb-3",
            "break ep0in_start\ncontinue\np $cycles\nset $then = $cycles\n"
            "stepi\nstepi\nstepi\n"
            "reverse-stepi\nreverse-stepi\nreverse-stepi\np $cycles == $then\n"
            "next\nnext\nreverse-next\nreverse-step\n"
            "delete\nreverse-continue\np $cycles\n"
            "break ep0in_start\ncontinue\np $cycles == $then\n"
            "reverse-finish\n");
    gdb_says(&session, "hit Breakpoint 1");
    gdb_says(&session, "$2 = 1");
    gdb_says(&session, "No more reverse-execution history");
    gdb_says(&session, "$3 = 0");
    gdb_says(&session, "hit Breakpoint 2");
    gdb_says(&session, "$4 = 1");
    gdb_says(&session, "in send_device_descriptor");
}

static void the_firmware_prints_on_gdbs_console_and_exits(void **state)
{
    (void)state;
    gdb_run(&session, "usb-3", "continue\ncontinue\n");
    gdb_says(&session, "GET_DESCRIPTOR Device");
    gdb_says(&session, "EP0IN: done");
    gdb_says(&session, "The firmware has ended itself.");
    gdb_says(&session, "exited normally");
}

static void load_replaces_the_firmware(void **state)
{
    char script[600];

    (void)state;
    (void)snprintf(script, sizeof script,
                   "file %s/%s/" RACE ".elf\nload\ncompare-sections\n"
                   "monitor reset halt\nmaintenance flush register-cache\n"
                   "continue\nkill\nrun\ncontinue\n",
                   FIRMWARE_DIR, FIRMWARE_DEFAULT);
    gdb_run(&session, "usb-3", script);
    gdb_says(&session, "Transfer rate");
    gdb_says(&session, "matched");
    gdb_says(&session, "DMA001");
    gdb_says(&session, "DMA001"); /* after kill and run */
    gdb_never_says(&session, "MIS-MATCHED");
}

static void reset_starts_over(void **state)
{
    (void)state;
    gdb_run(&session, "usb-3",
            "break ep0in_start\ncontinue\nset $first = $cycles\n"
            "monitor reset halt\nmaintenance flush register-cache\np $cycles\n"
            "continue\np $cycles == $first\n");
    gdb_says(&session, "power-on reset");
    gdb_says(&session, "$1 = 0");
    gdb_says(&session, "hit Breakpoint 1");
    gdb_says(&session, "$2 = 1");
}

/* ---- With a server of its own ---------------------------------------------------------------- */

/* The first line that the server prints names its port. */
static FILE *start_server(char *port, size_t room, const char *program)
{
    char command[400];
    char line[200] = "";
    const char *colon;
    FILE *server;

    (void)snprintf(command, sizeof command, "exec timeout 60 %s debug --port=0 %s/%s/%s.elf 2>&1",
                   PROGRAM, FIRMWARE_DIR, FIRMWARE_DEFAULT, program);
    server = popen(command, "r");
    assert_non_null(server);
    assert_non_null(fgets(line, sizeof line, server));
    colon = strstr(line, "127.0.0.1:");
    assert_non_null(colon);
    (void)snprintf(port, room, "%.*s", (int)strspn(colon + 10, "0123456789"), colon + 10);
    return server;
}

static void gdb_detaches_and_attaches_again(void **state)
{
    char script[400];
    char port[16];
    FILE *server;

    (void)state;
    server = start_server(port, sizeof port, "usb-3");
    (void)snprintf(script, sizeof script,
                   "target remote 127.0.0.1:%s\nbreak ep0in_start\ncontinue\ndetach\n"
                   "target remote 127.0.0.1:%s\np $pc\nbt 1\ndelete\ndisconnect\n"
                   "target remote 127.0.0.1:%s\np $cycles > 0\nkill\n",
                   port, port, port);
    gdb_run_alone(&session, "usb-3", script);
    (void)pclose(server);
    gdb_says(&session, "hit Breakpoint 1, ep0in_start");
    gdb_says(&session, "detached");
    gdb_says(&session, "<ep0in_start");
    gdb_says(&session, "= 1");
}

static void a_second_debugger_is_told_why_it_cannot_come_in(void **state)
{
    char script[400];
    char port[16];
    FILE *server;

    (void)state;
    server = start_server(port, sizeof port, "usb-3");
    (void)snprintf(
        script, sizeof script,
        "target remote 127.0.0.1:%s\n"
        "shell timeout 20 gdb-multiarch -nx -batch -ex 'target remote 127.0.0.1:%s' 2>&1\n"
        "p $cycles\nkill\n",
        port, port);
    gdb_run_alone(&session, "usb-3", script);
    (void)pclose(server);
    gdb_says(&session, "another debugger is connected to this simulator");
    gdb_says(&session, "$1 = 0");
}

static void ctrl_c_stops_it_at_any_time(void **state)
{
    (void)state;
    gdb_run(&session, "usb-5",
            "python\n"
            "import threading, os, signal, time\n"
            "def poke():\n"
            "    time.sleep(0.4)\n"
            "    os.kill(os.getpid(), signal.SIGINT)\n"
            "threading.Thread(target=poke).start()\n"
            "end\n"
            "continue\n"
            "p $cycles > 1000\n");
    gdb_says(&session, "received signal SIGINT, Interrupt");
    gdb_says(&session, "$1 = 1");
}

/* One line each, on what the user has to change. */
static void a_busy_port_and_a_missing_image_are_one_line(void **state)
{
    char script[700];
    char port[16];
    FILE *server;

    (void)state;
    server = start_server(port, sizeof port, "usb-3");
    (void)snprintf(script, sizeof script,
                   "shell %s debug --port=%s %s/%s/usb-3.elf 2>&1\n"
                   "shell %s debug no-such-file.elf --port=0 2>&1\n"
                   "target remote 127.0.0.1:%s\nkill\n",
                   PROGRAM, port, FIRMWARE_DIR, FIRMWARE_DEFAULT, PROGRAM, port);
    gdb_run_alone(&session, "usb-3", script);
    (void)pclose(server);
    gdb_says(&session, "cannot be listened at: somebody does already; --port chooses another\n");
    gdb_says(&session, "fencepost: no-such-file.elf: no such file\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gdb_connects_and_knows_all_registers),
        cmocka_unit_test(registers_and_memory_are_written_and_read_back),
        cmocka_unit_test(a_backtrace_goes_through_the_interrupt),
        cmocka_unit_test(stepping_over_the_start_opens_the_window),
        cmocka_unit_test(a_watchpoint_on_the_buffer_stops_at_the_store),
        cmocka_unit_test(a_race_is_where_it_stops_and_the_last_writer_is_found_backwards),
        cmocka_unit_test(time_goes_backwards_to_its_beginning),
        cmocka_unit_test(the_firmware_prints_on_gdbs_console_and_exits),
        cmocka_unit_test(load_replaces_the_firmware),
        cmocka_unit_test(reset_starts_over),
        cmocka_unit_test(gdb_detaches_and_attaches_again),
        cmocka_unit_test(a_second_debugger_is_told_why_it_cannot_come_in),
        cmocka_unit_test(ctrl_c_stops_it_at_any_time),
        cmocka_unit_test(a_busy_port_and_a_missing_image_are_one_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
