/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/board/options.h"

#include "sim/base/file.h"
#include "sim/base/hash.h"
#include "sim/base/heap.h"

#include <string.h>

static const char *const names[] = {
#define PORT(id, name, words) name,
#include "sim/board/ports.def"
#undef PORT
};

static const char *const port_words[] = {
#define PORT(id, name, words) words,
#include "sim/board/ports.def"
#undef PORT
};

const char *board_port_name(enum board_port port)
{
    return names[port];
}

const char *board_port_words(enum board_port port)
{
    return port_words[port];
}

bool board_is_ordinary(const struct board_options *options)
{
    for (unsigned i = 0; i < BOARD_PORTS; i++) {
        if (options->port[i])
            return false;
    }
    return true;
}

enum status board_each_word(const char *list,
                            enum status (*use)(void *owner, const char *word,
                                               struct failure *failure),
                            void *owner, struct failure *failure)
{
    enum status status = STATUS_OK;

    while (status == STATUS_OK && list) {
        size_t length = strcspn(list, ",");
        char *word = heap_allocate(length + 1, 1);

        memcpy(word, list, length);
        status = use(owner, word, failure);
        heap_release(word);
        list = list[length] ? list + length + 1 : NULL;
    }
    return status;
}

/* ---- Fingerprint ----------------------------------------------------------------------------- */

/* Files that the run writes say nothing about it. */
static bool is_output(unsigned port)
{
    return port == PORT_PWM || port == PORT_LINES;
}

/* What stands in the file that a word names, behind a colon or as a whole, counts; not its name. */
static enum status hash_word(void *owner, const char *word, struct failure *failure)
{
    uint64_t *hash = owner;
    const char *colon = strchr(word, ':');
    const char *name = colon ? colon + 1 : word;
    uint8_t *bytes;
    size_t size;

    if (!strncmp(word, "out:", 4) || !strncmp(word, "record:", 7))
        return STATUS_OK;
    if (file_read(name, &bytes, &size, failure) != STATUS_OK) {
        *hash = hash_bytes(*hash, word, strlen(word) + 1);
        return STATUS_OK;
    }
    *hash = hash_bytes(*hash, word, (size_t)(name - word));
    *hash = hash_bytes(*hash, bytes, size);
    heap_release(bytes);
    return STATUS_OK;
}

uint64_t board_fingerprint(const struct board_options *options)
{
    uint64_t fingerprint = 0;
    struct failure failure;

    for (unsigned port = 0; port < BOARD_PORTS; port++) {
        const uint8_t number = (uint8_t)port;
        uint64_t hash = hash_bytes(HASH_SEED, &number, sizeof number);

        if (!options->port[port] || is_output(port))
            continue;
        (void)!board_each_word(options->port[port], hash_word, &hash, &failure);
        fingerprint ^= hash;
    }
    return fingerprint;
}

/* ---- Board files ----------------------------------------------------------------------------- */

/* A line under way. `text` is NUL-terminated. */
struct line {
    const char *path;
    unsigned number;
    char *text;
};

static enum status mistake(const struct line *line, const char *at, const char *what,
                           struct failure *failure)
{
    return failure_set(failure, STATUS_BOARD, line->path, "line %u, column %u: %s", line->number,
                       (unsigned)(at - line->text) + 1, what);
}

static char *skip_spaces(char *at)
{
    return at + strspn(at, " \t");
}

static void cut_trailing_spaces(char *text)
{
    size_t length = strlen(text);

    while (length && strchr(" \t\r", text[length - 1]))
        text[--length] = '\0';
}

/* The port that the first `length` characters name; BOARD_PORTS: none. */
static unsigned port_named(const char *name, size_t length)
{
    unsigned port = 0;

    while (port < BOARD_PORTS &&
           (strlen(names[port]) != length || memcmp(names[port], name, length) != 0))
        port++;
    return port;
}

static enum status read_line(const struct line *line, struct board_options *options,
                             struct failure *failure)
{
    char *name = skip_spaces(line->text);
    char *words;
    unsigned port;

    cut_trailing_spaces(name);
    if (!*name || *name == '#')
        return STATUS_OK;
    port = port_named(name, strcspn(name, " \t="));
    if (port == BOARD_PORTS)
        return mistake(line, name, "the board has no such port", failure);
    words = skip_spaces(name + strlen(names[port]));
    if (*words != '=')
        return mistake(line, words, "'=' is missing", failure);
    words = skip_spaces(words + 1);
    if (!*words)
        return mistake(line, words, "nothing is plugged in", failure);
    if (!options->port[port])
        options->port[port] = words;
    return STATUS_OK;
}

enum status board_file_read(struct board_file *file, struct board_options *options,
                            const char *path, struct failure *failure)
{
    struct line line = {.path = path};
    uint8_t *bytes;
    size_t size;
    enum status status = file_read(path, &bytes, &size, failure);

    if (status != STATUS_OK)
        return status;
    file->text = heap_resize(bytes, size + 1);
    file->text[size] = '\0';
    for (char *next = file->text; status == STATUS_OK && next;) {
        char *end = strchr(next, '\n');

        line.text = next;
        line.number++;
        if (end)
            *end = '\0';
        next = end ? end + 1 : NULL;
        status = read_line(&line, options, failure);
    }
    return status;
}

void board_file_free(struct board_file *file)
{
    heap_release(file->text);
    file->text = NULL;
}
