/* SPDX-License-Identifier: Apache-2.0 */
#define _XOPEN_SOURCE 700 /* realpath */

#include "sim/base/save.h"

#include "sim/base/text.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum status refuse(const char *path, int error, struct failure *failure)
{
    return failure_set(failure, STATUS_FILE_UNWRITABLE, path, "%s", strerror(error));
}

/* What is to be written, and by whom. */
struct content {
    save_writer *write;
    void *owner;
};

/* Writes all and closes `file` in any case. errno says why not. */
static bool write_all(FILE *file, const struct content *content)
{
    bool written = content->write(content->owner, file) && fflush(file) == 0;
    int error = errno;

    if (fclose(file) != 0 && written)
        return false;
    errno = error;
    return written;
}

static enum status write_directly(const char *path, const struct content *content,
                                  struct failure *failure)
{
    FILE *file = fopen(path, "w");

    if (!file || !write_all(file, content))
        return refuse(path, errno, failure);
    return STATUS_OK;
}

/* mkstemp makes files for their owner alone: gives `file` the mode that open() would. */
static void give_usual_mode(int file)
{
    mode_t mask = umask(0);

    (void)umask(mask);
    (void)fchmod(file, 0666 & ~mask);
}

/* `path` is what the user calls `target`. */
static enum status replace(const char *path, const char *target, const struct content *content,
                           struct failure *failure)
{
    struct text temporary = {0};
    enum status status = STATUS_OK;
    int number;

    text_printf(&temporary, "%s.XXXXXX", target);
    number = mkstemp(temporary.bytes);
    if (number < 0) {
        status = refuse(path, errno, failure);
    } else {
        give_usual_mode(number);
        if (!write_all(fdopen(number, "w"), content) || rename(temporary.bytes, target) != 0) {
            status = refuse(path, errno, failure);
            (void)unlink(temporary.bytes);
        }
    }
    text_free(&temporary);
    return status;
}

enum status save_by(const char *path, save_writer *write, void *owner, struct failure *failure)
{
    const struct content content = {write, owner};
    struct stat about;
    char *target;
    enum status status;

    if (stat(path, &about) != 0)
        return replace(path, path, &content, failure);
    if (!S_ISREG(about.st_mode))
        return write_directly(path, &content, failure);
    target = realpath(path, NULL); /* a symbolic link stays, the file it points to is replaced */
    if (!target)
        return refuse(path, errno, failure);
    status = replace(path, target, &content, failure);
    free(target);
    return status;
}

struct piece {
    const char *bytes;
    size_t size;
};

static bool write_piece(void *owner, FILE *file)
{
    const struct piece *piece = owner;

    return fwrite(piece->bytes, 1, piece->size, file) == piece->size;
}

enum status save_file(const char *path, const char *bytes, size_t size, struct failure *failure)
{
    struct piece piece = {bytes, size};

    return save_by(path, write_piece, &piece, failure);
}
