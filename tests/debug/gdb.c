/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/debug/gdb.h"

#include "tests/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void write_script(char *path, const char *connect, const char *script)
{
    int file = mkstemp(path);
    FILE *stream = fdopen(file, "w");

    assert_non_null(stream);
    (void)fprintf(stream,
                  "set confirm off\nset pagination off\nset width 0\nset remotetimeout 20\n"
                  "set tcp auto-retry on\nset tcp connect-timeout 10\nset print thread-events off\n"
                  "%s\n%s\n",
                  connect, script);
    assert_int_equal(fclose(stream), 0);
}

/* Keeps all that `command` prints. */
static void run_command(struct gdb_session *session, const char *command)
{
    FILE *pipe = popen(command, "r");
    size_t size;

    assert_non_null(pipe);
    size = fread(session->output, 1, sizeof session->output - 1, pipe);
    session->output[size] = '\0';
    session->at = session->output;
    (void)pclose(pipe);
}

static void run(struct gdb_session *session, const char *image, const char *connect,
                const char *script)
{
    char path[] = "/tmp/fencepost-gdb-XXXXXX";
    char command[600];

    write_script(path, connect, script);
    (void)snprintf(command, sizeof command,
                   "timeout 60 gdb-multiarch -nx -batch -x %s %s 2>&1 </dev/null", path, image);
    run_command(session, command);
    (void)unlink(path);
}

void gdb_run_build(struct gdb_session *session, const char *build, const char *program,
                   const char *script)
{
    char image[200];
    char connect[400];

    (void)snprintf(image, sizeof image, "%s/%s/%s.elf", FIRMWARE_DIR, build, program);
    (void)snprintf(connect, sizeof connect, "target extended-remote | %s debug --stdio %s", PROGRAM,
                   image);
    run(session, image, connect, script);
}

void gdb_run(struct gdb_session *session, const char *program, const char *script)
{
    gdb_run_build(session, FIRMWARE_DEFAULT, program, script);
}

void gdb_run_alone(struct gdb_session *session, const char *program, const char *script)
{
    char image[200];

    (void)snprintf(image, sizeof image, "%s/%s/%s.elf", FIRMWARE_DIR, FIRMWARE_DEFAULT, program);
    run(session, image, "", script);
}

void gdb_type(struct gdb_session *session, const char *program, const char *options,
              const char *commands)
{
    char path[] = "/tmp/fencepost-gdb-XXXXXX";
    char command[600];

    write_script(path, "", commands);
    (void)snprintf(command, sizeof command, "timeout 60 scripts/debug %s %s/%s/%s.elf %s 2>&1 <%s",
                   PROGRAM, FIRMWARE_DIR, FIRMWARE_DEFAULT, program, options, path);
    run_command(session, command);
    (void)unlink(path);
}

void gdb_says(struct gdb_session *session, const char *text)
{
    const char *found = strstr(session->at, text);

    if (!found) { /* more than a message of cmocka holds */
        (void)fprintf(stderr, "%s", session->output);
        fail_msg("\"%s\" does not come behind byte %zu", text,
                 (size_t)(session->at - session->output));
    }
    session->at = found + strlen(text);
}

void gdb_never_says(const struct gdb_session *session, const char *text)
{
    if (strstr(session->output, text))
        fail_msg("\"%s\" is in:\n%s", text, session->output);
}
