/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/debug/mi.h"

#include "tests/cmocka.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_S = 30 };

static void become_gdb(int in, int out, const char *image)
{
    (void)dup2(in, STDIN_FILENO);
    (void)dup2(out, STDOUT_FILENO);
    (void)dup2(out, STDERR_FILENO);
    for (int file = 3; file < 64; file++)
        (void)close(file);
    (void)alarm(PATIENCE_S); /* kept across exec: a gdb that hangs is ended */
    (void)execlp("gdb-multiarch", "gdb-multiarch", "-nx", "-q", "-i=mi3", image, (char *)NULL);
    _exit(127);
}

void mi_start(struct mi *mi, const char *program)
{
    char image[200];
    char connect[600];
    int to[2];
    int from[2];

    (void)snprintf(image, sizeof image, "%s/%s/%s.elf", FIRMWARE_DIR, FIRMWARE_DEFAULT, program);
    assert_int_equal(pipe(to), 0);
    assert_int_equal(pipe(from), 0);
    mi->gdb = fork();
    assert_true(mi->gdb >= 0);
    if (!mi->gdb)
        become_gdb(to[0], from[1], image);
    (void)close(to[0]);
    (void)close(from[1]);
    mi->to = fdopen(to[1], "w");
    mi->from = fdopen(from[0], "r");
    mi->said[0] = '\0';
    mi_wait(mi, "(gdb)");
    mi_ask(mi, "-gdb-set confirm off", "^done");
    mi_ask(mi, "-gdb-set mi-async on", "^done");
    (void)snprintf(connect, sizeof connect, "-target-select extended-remote | %s debug --stdio %s",
                   PROGRAM, image);
    mi_ask(mi, connect, "^connected");
}

static void keep(struct mi *mi, const char *line)
{
    size_t room = sizeof mi->said - 1;
    size_t length = strlen(mi->said);
    size_t more = strlen(line);

    if (length + more > room) { /* the older half goes */
        memmove(mi->said, mi->said + length / 2, length - length / 2 + 1);
        length = strlen(mi->said);
    }
    strncat(mi->said, line, room - length);
}

void mi_wait(struct mi *mi, const char *expected)
{
    char line[4096];

    while (fgets(line, sizeof line, mi->from)) {
        keep(mi, line);
        if (strstr(line, expected))
            return;
    }
    (void)fprintf(stderr, "%s", mi->said); /* more than a message of cmocka holds */
    fail_msg("\"%s\" does not come", expected);
}

void mi_ask(struct mi *mi, const char *command, const char *expected)
{
    keep(mi, command);
    keep(mi, "\n");
    (void)fprintf(mi->to, "%s\n", command);
    (void)fflush(mi->to);
    mi_wait(mi, expected);
}

void mi_end(struct mi *mi)
{
    int status;

    (void)fputs("-gdb-exit\n", mi->to);
    (void)fclose(mi->to);
    while (fgetc(mi->from) != EOF)
        ;
    (void)fclose(mi->from);
    assert_int_equal(waitpid(mi->gdb, &status, 0), mi->gdb);
    assert_true(WIFEXITED(status) && !WEXITSTATUS(status));
}
