/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/save.h"
#include "tests/cmocka.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* A folder of its own for each test; the test runs in it. */
static char folder[64];

static int enter_folder(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/fencepost-save-XXXXXX");
    assert_non_null(mkdtemp(folder));
    return chdir(folder);
}

static unsigned count_files(void)
{
    DIR *open = opendir(".");
    unsigned count = 0;

    assert_non_null(open);
    while (readdir(open))
        count++;
    (void)closedir(open);
    return count - 2; /* . and .. */
}

static int leave_folder(void **state)
{
    DIR *open = opendir(".");
    struct dirent *entry;

    (void)state;
    while ((entry = readdir(open)) != NULL)
        (void)unlink(entry->d_name);
    (void)closedir(open);
    return chdir("/") || rmdir(folder);
}

static void assert_holds(const char *path, const char *expected)
{
    char content[64] = "";
    FILE *file = fopen(path, "r");

    assert_non_null(file);
    content[fread(content, 1, sizeof content - 1, file)] = '\0';
    (void)fclose(file);
    assert_string_equal(content, expected);
}

static void save(const char *path, const char *content)
{
    assert_int_equal(save_file(path, content, strlen(content), NULL), STATUS_OK);
}

static void a_file_is_made_and_made_anew(void **state)
{
    struct stat about;

    (void)state;
    (void)umask(022);
    save("report", "first, longer");
    save("report", "second");

    assert_holds("report", "second");
    assert_int_equal(count_files(), 1);
    assert_int_equal(stat("report", &about), 0);
    assert_int_equal(about.st_mode & 0777, 0644);
}

static void a_symbolic_link_stays_one(void **state)
{
    struct stat about;

    (void)state;
    save("file", "old");
    assert_int_equal(symlink("file", "link"), 0);
    save("link", "new");

    assert_holds("file", "new");
    assert_int_equal(lstat("link", &about), 0);
    assert_true(S_ISLNK(about.st_mode));
}

static void a_path_that_cannot_be_written_is_told_in_one_line(void **state)
{
    struct failure failure;

    (void)state;
    assert_int_equal(save_file("none/report", "x", 1, &failure), STATUS_FILE_UNWRITABLE);
    assert_string_equal(failure.message,
                        "none/report: cannot be written: No such file or directory");
    assert_int_equal(save_file(".", "x", 1, &failure), STATUS_FILE_UNWRITABLE);
    assert_string_equal(failure.message, ".: cannot be written: Is a directory");
    assert_int_equal(count_files(), 0);
}

static void a_file_that_does_not_fit_leaves_the_old_one(void **state)
{
    struct rlimit small = {4, 4};
    struct rlimit usual;
    struct failure failure;

    (void)state;
    save("report", "old");
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &usual), 0);
    small.rlim_max = usual.rlim_max;
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    assert_int_equal(save_file("report", "longer", 6, &failure), STATUS_FILE_UNWRITABLE);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &usual), 0);

    assert_string_equal(failure.message, "report: cannot be written: File too large");
    assert_holds("report", "old");
    assert_int_equal(count_files(), 1);
}

static void a_device_is_written_to_and_never_replaced(void **state)
{
    struct failure failure;
    struct stat about;

    (void)state;
    assert_int_equal(save_file("/dev/full", "x", 1, &failure), STATUS_FILE_UNWRITABLE);
    assert_string_equal(failure.message, "/dev/full: cannot be written: No space left on device");
    assert_int_equal(stat("/dev/full", &about), 0);
    assert_true(S_ISCHR(about.st_mode));
}

#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(a_file_is_made_and_made_anew),
        IN_A_FOLDER(a_symbolic_link_stays_one),
        IN_A_FOLDER(a_path_that_cannot_be_written_is_told_in_one_line),
        IN_A_FOLDER(a_file_that_does_not_fit_leaves_the_old_one),
        IN_A_FOLDER(a_device_is_written_to_and_never_replaced),
    };

    return cmocka_run_group_tests_name("save", tests, NULL, NULL);
}
