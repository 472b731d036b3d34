/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/file.h"

#include "sim/base/heap.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static enum status refuse(const char *path, int error, struct failure *failure)
{
    if (error == ENOENT || error == ENOTDIR)
        return failure_set(failure, STATUS_FILE_MISSING, path, NULL);
    return failure_set(failure, STATUS_FILE_UNREADABLE, path, "%s", strerror(error));
}

/* Reads to the end or one byte past the limit, whichever comes first; false on an I/O error. */
static bool read_all(FILE *file, size_t expected, uint8_t **bytes, size_t *size)
{
    size_t room = expected + 1;
    size_t used = 0;
    size_t count;

    *bytes = heap_allocate(room, 1);
    while ((count = fread(*bytes + used, 1, room - used, file)) > 0) {
        used += count;
        if (used > FILE_SIZE_LIMIT)
            break;
        if (used == room) {
            room *= 2;
            *bytes = heap_resize(*bytes, room);
        }
    }
    *size = used;
    return !ferror(file);
}

static enum status read_open_file(FILE *file, const char *path, uint8_t **bytes, size_t *size,
                                  struct failure *failure)
{
    struct stat about;

    if (fstat(fileno(file), &about) != 0)
        return refuse(path, errno, failure);
    if (S_ISDIR(about.st_mode))
        return refuse(path, EISDIR, failure);
    if (!S_ISREG(about.st_mode) && !S_ISFIFO(about.st_mode))
        return failure_set(failure, STATUS_FILE_UNREADABLE, path, "neither file nor pipe");
    if (about.st_size > (off_t)FILE_SIZE_LIMIT)
        return failure_set(failure, STATUS_FILE_UNREADABLE, path, "larger than %zu MiB",
                           FILE_SIZE_LIMIT >> 20);
    if (!read_all(file, (size_t)about.st_size, bytes, size))
        return refuse(path, errno, failure);
    if (*size > FILE_SIZE_LIMIT)
        return failure_set(failure, STATUS_FILE_UNREADABLE, path, "larger than %zu MiB",
                           FILE_SIZE_LIMIT >> 20);
    if (*size == 0)
        return failure_set(failure, STATUS_FILE_EMPTY, path, NULL);
    return STATUS_OK;
}

enum status file_read(const char *path, uint8_t **bytes, size_t *size, struct failure *failure)
{
    enum status status;
    FILE *file = fopen(path, "rb");

    if (!file)
        return refuse(path, errno, failure);
    *bytes = NULL;
    *size = 0;
    status = read_open_file(file, path, bytes, size, failure);
    (void)fclose(file);
    if (status != STATUS_OK) {
        heap_release(*bytes);
        *bytes = NULL;
    }
    return status;
}
