/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions with the real gdb about what only a simulator can do, and about people's habits. */
#include "tests/cmocka.h"
#include "tests/debug/gdb.h"

#include "sim/base/compiler.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RACE "usb-3-memcpy-after-start"

static struct gdb_session session;

/* Through the exception frame, whatever compiler made the handler and the code it interrupted. */
static void backtraces_go_through_interrupts_in_all_builds(void **state)
{
    static const char *const builds[] = {"gcc-O0", "gcc-Os", "clang-O0", "clang-Os"};

    (void)state;
    for (unsigned i = 0; i < ARRAY_LENGTH(builds); i++) {
        gdb_run_build(&session, builds[i], "usb-5",
                      "break ep0in_start\ncontinue\nbt\nfinish\nreverse-step\nreverse-finish\n");
        gdb_says(&session, "#0  ep0in_start (bytes=");
        gdb_says(&session, "in usbd_handler ()");
        gdb_says(&session, "<signal handler called>");
        gdb_says(&session, "board_run ()");
        gdb_says(&session, "in main ()");
        gdb_says(&session, "usb-5.c");
    }
}

static void the_origin_of_a_wrong_byte_is_told(void **state)
{
    (void)state;
    gdb_run(&session, RACE,
            "monitor stop-on finding off\nmonitor dma eager\ncontinue\nmonitor why\n"
            "monitor why out\n");
    gdb_says(&session, "stop-on gave-up: the host gave up");
    gdb_says(&session, "the device sent DATA1 from endpoint 0");
    gdb_says(&session, "18 bytes, of transfer");
    gdb_says(&session, "00 00 00 00");
    gdb_says(&session, "firmware/common/startup.c");
    gdb_says(&session, "carried at");
    gdb_says(&session, "from 0x20000004 (ep0in_buffer+0 in .bss)");
    gdb_says(&session, "the host has not sent a packet with content yet");
}

static void easydma_and_host_are_moved_by_hand(void **state)
{
    (void)state;
    gdb_run(&session, "usb-5",
            "monitor stop-on transfer\ncontinue\nmonitor stop-on transfer off\n"
            "monitor step-dma\nmonitor step-dma 2\nmonitor host\nmonitor host wrong\n"
            "break on_usb_event\ncontinue\ndelete\nmonitor stop-on done\ncontinue\n"
            "monitor usb\nmonitor host setup 80 06\nmonitor host setup 80 06 00 01 00 00 12 00\n"
            "break on_usb_event if event == 3\ncontinue\n"
            "monitor host suspend\nmonitor host in 1\nmonitor host resume\nmonitor host detach\n");
    gdb_says(&session, "EasyDMA moved 1 word; CPU and host stood still: a new future");
    gdb_says(&session, "####..............");
    gdb_says(&session, "############......");
    gdb_says(&session, "it can be made to do:");
    gdb_says(&session, "wrong: not one of these");
    gdb_says(&session, "changed by hand at");
    gdb_says(&session, "stop-on done");
    gdb_says(&session, "address 1 (the device's own: 1), configuration 42");
    gdb_says(&session, "endpoint 0 IN");
    gdb_says(&session, "eight bytes, as in 80 06 00 01 00 00 12 00");
    gdb_says(&session, "the host has begun");
    gdb_says(&session, "GET_DESCRIPTOR Device [length=18]");
    gdb_says(&session, "there is no device to speak to now: has suspended the bus");
}

/* The race is not looked for; the run goes on to where the host has had enough. */
static void a_rule_that_is_off_stops_nothing(void **state)
{
    (void)state;
    gdb_type(&session, RACE, "--rules=-DMA001 --dma=eager", "continue\nfp-findings\n");
    gdb_says(&session, "stop-on gave-up");
    gdb_says(&session, "no findings up to here");
    gdb_never_says(&session, "DMA001 error");
    gdb_type(&session, RACE, "--rules=DMA --dma=eager", "continue\n");
    gdb_says(&session, "DMA001 error");
}

/* The words of scripts/fencepost.gdb; and no register is ever an old one. */
static void the_command_file_has_a_word_for_everything(void **state)
{
    (void)state;
    gdb_type(&session, "usb-5", "",
             "break ep0in_start\ncontinue\nset $first = $pc\n"
             "fp-status\nfp-usb\nfp-dma\nfp-time\nfp-events\nfp-findings\nfp-regs usbd\n"
             "fp-stop-on\nfp-step-irq\nfp-save here\nfp-who ep0in_buffer[1]\n"
             "stepi\nfp-restore here\nprint $pc == $first\n"
             "monitor reset\nprint $cycles\nprint $pc == $first\n"
             "continue\nfp-goto 100ms\nprint $cycles\nfp-reset\nprint $cycles\n"
             "fp-seed 3\nfp-host\nfp-why\nfp-step-dma\nfp-image\nfp-dma lazy\n"
             "help fp-why\n");
    gdb_says(&session, "CPU       stands at");
    gdb_says(&session, "host:   VBUS on, GET_DESCRIPTOR(Device), 64 bytes wanted: data stage");
    gdb_says(&session, "no window is open");
    gdb_says(&session, "since power-on");
    gdb_says(&session, "HOST_");
    gdb_says(&session, "no findings up to here");
    gdb_says(&session, "BMREQUESTTYPE            0x00000080 DIRECTION=1");
    gdb_says(&session, "finding   on");
    gdb_says(&session, "an interrupt that comes during a step is run through to its end");
    gdb_says(&session, "saved as here");
    gdb_says(&session, "belongs to the CPU");
    gdb_says(&session, "was written last at");
    gdb_says(&session, "back at here");
    gdb_says(&session, "$1 = 1");
    gdb_says(&session, "power-on reset");
    gdb_says(&session, "$2 = 0");
    gdb_says(&session, "$3 = 0");
    gdb_says(&session, "$4 = 6400000");
    gdb_says(&session, "$5 = 0");
    gdb_says(&session, "seed 3");
    gdb_says(&session, "it can be made to do");
    gdb_says(&session, "the device has not sent a packet with content yet");
    gdb_says(&session, "EasyDMA has no word to move");
    gdb_says(&session, "usb-5.elf");
    gdb_says(&session, "EasyDMA is lazy from here on");
    gdb_says(&session, "Where each byte of the last packet that the device sent came from.");
}

/* Every monitor command has its word there, or is one that gdb's user never types. */
static void no_monitor_command_is_left_out(void **state)
{
    char script[4096];

    (void)state;
    (void)snprintf(script, sizeof script,
                   "python\n"
                   "import re\n"
                   "words = open('scripts/fencepost.gdb').read()\n"
                   "for line in gdb.execute('monitor help', to_string=True).splitlines():\n"
                   "    name = re.match(r'  ([a-z-]+) ', line)\n"
                   "    if name and name.group(1) != 'halt':\n"
                   "        print(name.group(1), 'define fp-' + name.group(1) + '\\n' in words,\n"
                   "              'document fp-' + name.group(1) + '\\n' in words)\n"
                   "end\n");
    gdb_run(&session, "usb-5", script);
    gdb_says(&session, "status True True");
    gdb_says(&session, "host True True");
    gdb_never_says(&session, "False");
}

/* What Visual Studio Code is told: it is JSON, the paths are there, the commands are understood. */
static void the_files_for_visual_studio_code_are_right(void **state)
{
    char script[6000];

    (void)state;
    (void)snprintf(
        script, sizeof script,
        "python\n"
        "import json, os, shlex, subprocess\n"
        "def path(text):\n"
        "    return text.replace('${workspaceFolder}/', '').replace('build/firmware', '%s')\n"
        "launch = json.load(open('.vscode/launch.json'))['configurations']\n"
        "tasks = {t['label']: t for t in json.load(open('.vscode/tasks.json'))['tasks']}\n"
        "for c in launch:\n"
        "    print(c['type'], os.path.exists(path(c.get('executable') or c['program'])),\n"
        "          c['preLaunchTask'] in tasks, tasks['fencepost: serve']['dependsOn'] in tasks,\n"
        "          (c.get('gdbTarget') or c['miDebuggerServerAddress']) == '127.0.0.1:3333')\n"
        "    for s in c.get('preLaunchCommands', []) + [s['text'] for s in c.get('setupCommands', "
        "[])]:\n"
        "        if not s.startswith('-'):\n"
        "            gdb.execute(path(s))\n"
        "    for s in (c.get('overrideLaunchCommands', []) + c.get('overrideResetCommands', []) +\n"
        "              [s['text'] for s in c.get('postRemoteConnectCommands', [])]):\n"
        "        gdb.execute(s)\n"
        "    gdb.execute('print $cycles')\n"
        "serve = shlex.split(path(tasks['fencepost: serve']['command']))\n"
        "serve[0] = '%s'\n"
        "serve[2] = '--port=0'\n"
        "waiting = subprocess.Popen(serve, stderr=subprocess.PIPE, text=True)\n"
        "print(waiting.stderr.readline())\n"
        "waiting.kill()\n"
        "end\n"
        "monitor halt\nmonitor reset\nmaintenance packet !\n",
        FIRMWARE_DIR, PROGRAM);
    gdb_run(&session, "usb-5", script);
    gdb_says(&session, "cortex-debug True True True True");
    gdb_says(&session, "Transfer rate");
    gdb_says(&session, "$1 = 0");
    gdb_says(&session, "cppdbg True True True True");
    gdb_says(&session, "$2 = 0");
    gdb_says(&session, "fencepost: waiting; in gdb: target extended-remote 127.0.0.1:");
    gdb_says(&session, "the machine stands still");
    gdb_says(&session, "received: \"OK\"");
    gdb_never_says(&session, "no such command");
    gdb_never_says(&session, "Traceback");
}

/* ---- Ways to start --------------------------------------------------------------------------- */

static void a_unix_socket_will_do(void **state)
{
    char script[800];
    char path[] = "/tmp/fencepost-socket-XXXXXX";

    (void)state;
    assert_non_null(mkdtemp(path));
    (void)snprintf(script, sizeof script,
                   "shell timeout 60 %s debug --unix=%s/gdb %s/%s/usb-3.elf >%s/log 2>&1 &\n"
                   "shell while ! grep -q waiting %s/log; do sleep 0.02; done\n"
                   "target remote %s/gdb\nbreak ep0in_start\ncontinue\nkill\n"
                   "shell rm -r %s\n",
                   PROGRAM, path, FIRMWARE_DIR, FIRMWARE_DEFAULT, path, path, path, path);
    gdb_run_alone(&session, "usb-3", script);
    gdb_says(&session, "hit Breakpoint 1, ep0in_start");
}

static void what_cannot_be_is_one_line(void **state)
{
    char script[2000];
    char image[200];

    (void)state;
    (void)snprintf(image, sizeof image, "%s/%s/usb-3.elf", FIRMWARE_DIR, FIRMWARE_DEFAULT);
    (void)snprintf(script, sizeof script,
                   "shell GDB=true scripts/debug %s %s 2>&1\n"
                   "shell scripts/debug %s nowhere.elf 2>&1\n"
                   "shell %s debug --replay=4009-HV8F %s 2>&1\n"
                   "shell %s debug --replay=4009-HV8F --dma=lazy %s 2>&1\n"
                   "shell %s debug --heap=nothing:free:0 --stdio %s 2>&1\n"
                   "shell %s debug --listen=nowhere %s 2>&1\n"
                   "shell timeout 0.4 %s debug --listen=0.0.0.0 --port=0 %s 2>&1\n",
                   PROGRAM, image, PROGRAM, PROGRAM, image, PROGRAM, image, PROGRAM, image, PROGRAM,
                   image, PROGRAM, image);
    gdb_run_alone(&session, "usb-3", script);
    gdb_says(&session, "debug: no gdb that knows ARM; please install gdb-multiarch\n");
    gdb_says(&session, "debug: nowhere.elf: no such file\n");
    gdb_says(&session, "fencepost: 4009-HV8F: not a replay token, or mistyped\n");
    gdb_says(&session, "fencepost: --dma: the token of --replay says it already\n");
    gdb_says(&session, "fencepost: --heap=nothing:free:0: the image has no such function\n");
    gdb_says(&session, "fencepost: nowhere");
    gdb_says(&session, "anybody who can reach this address controls this session\n");
}

/* The line of a report, with `debug --replay=` in place of `replay`. */
static void a_replay_token_gives_the_machine_of_the_report(void **state)
{
    char script[2000];

    (void)state;
    (void)snprintf(
        script, sizeof script,
        "python\n"
        "import re, subprocess\n"
        "image = '%s/%s/" RACE ".elf'\n"
        "out = subprocess.run(['%s', 'run', '--quiet', '--dma=random', '--seed=5', image],\n"
        "                     stdout=subprocess.PIPE, text=True).stdout\n"
        "token = re.search(r'Replay +fencepost replay (\\S+)', out).group(1)\n"
        "when = re.search(r'stored here, in IRQ 39, at (\\S+) ms', out).group(1)\n"
        "gdb.execute('target extended-remote | %s debug --stdio --replay=' + token + ' ' + image)\n"
        "end\n"
        "continue\nstepi\n"
        "python print(abs(int(gdb.parse_and_eval('$cycles')) / 64000 - float(when)) < 0.00002)\n",
        FIRMWARE_DIR, FIRMWARE_DEFAULT, PROGRAM, PROGRAM);
    gdb_run_alone(&session, RACE, script);
    gdb_says(&session, "DMA001");
    gdb_says(&session, "True");
}

/* A token of explore: a timing in which the CPU sleeps for good in the main loop, with the request
 * noted by the handler a moment too late. */
static void a_timing_that_was_explored_is_debugged(void **state)
{
    char script[2000];

    (void)state;
    (void)snprintf(
        script, sizeof script,
        "python\n"
        "import re, subprocess\n"
        "image = '%s/%s/missed-wake-up.elf'\n"
        "out = subprocess.run(['%s', 'explore', '--timeout=1s', image], stdout=subprocess.PIPE,\n"
        "                     text=True).stdout\n"
        "token = re.search(r'Replay +fencepost replay (\\S+)', out).group(1)\n"
        "gdb.execute('file ' + image)\n"
        "gdb.execute('target extended-remote | %s debug --stdio --replay=' + token + ' ' + image)\n"
        "end\n"
        "continue\nbacktrace\nprint noted\n",
        FIRMWARE_DIR, FIRMWARE_DEFAULT, PROGRAM, PROGRAM);
    gdb_run_alone(&session, RACE, script);
    gdb_says(&session, "the host gave up: GET_DESCRIPTOR(Device)");
    gdb_says(&session, "main () at firmware/races/missed-wake-up.c");
    gdb_says(&session, "= true");
}

static void hex_files_are_debugged_without_names(void **state)
{
    char script[2000];
    char folder[] = "/tmp/fencepost-hex-XXXXXX";

    (void)state;
    assert_non_null(mkdtemp(folder));
    (void)snprintf(script, sizeof script,
                   "shell arm-none-eabi-objcopy -O ihex %s/%s/" RACE ".elf %s/race.hex\n"
                   "file\n"
                   "target extended-remote | %s debug --stdio %s/race.hex\n"
                   "continue\nmonitor image %s/%s/" RACE ".elf\nmonitor status\n"
                   "shell rm -r %s\n",
                   FIRMWARE_DIR, FIRMWARE_DEFAULT, folder, PROGRAM, folder, FIRMWARE_DIR,
                   FIRMWARE_DEFAULT, folder);
    gdb_run_alone(&session, RACE, script);
    gdb_says(&session, "DMA001");
    gdb_says(&session, "names are those of");
    gdb_says(&session, "memcpy at firmware/common/memory.c");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(backtraces_go_through_interrupts_in_all_builds),
        cmocka_unit_test(the_origin_of_a_wrong_byte_is_told),
        cmocka_unit_test(a_rule_that_is_off_stops_nothing),
        cmocka_unit_test(easydma_and_host_are_moved_by_hand),
        cmocka_unit_test(the_command_file_has_a_word_for_everything),
        cmocka_unit_test(no_monitor_command_is_left_out),
        cmocka_unit_test(the_files_for_visual_studio_code_are_right),
        cmocka_unit_test(a_unix_socket_will_do),
        cmocka_unit_test(what_cannot_be_is_one_line),
        cmocka_unit_test(a_replay_token_gives_the_machine_of_the_report),
        cmocka_unit_test(a_timing_that_was_explored_is_debugged),
        cmocka_unit_test(hex_files_are_debugged_without_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
