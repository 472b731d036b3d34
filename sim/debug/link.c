/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/debug/link.h"

#include "sim/base/heap.h"
#include "sim/base/text.h"
#include "sim/debug/packet.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { NOBODY = -1 };

struct link {
    int listener; /* NOBODY with standard input and output */
    int in;       /* NOBODY while no debugger is there */
    int out;
    int refused; /* the latest who was sent away */
    bool stdio;
    bool used_up;   /* standard input has ended */
    char path[108]; /* of a Unix socket, to be removed; "" otherwise */
    char name[128];
};

/* ---- Opening --------------------------------------------------------------------------------- */

static struct link *create(int listener)
{
    struct link *link = heap_allocate(1, sizeof *link);

    (void)signal(SIGPIPE, SIG_IGN); /* a debugger that went away is noticed by the next read */
    link->listener = listener;
    link->in = NOBODY;
    link->out = NOBODY;
    link->refused = NOBODY;
    return link;
}

static enum status give_up(int socket, const char *name, struct failure *failure)
{
    int reason = errno;

    (void)close(socket);
    if (reason == EADDRINUSE)
        return failure_set(failure, STATUS_CANNOT_LISTEN, name,
                           "somebody does already; --port chooses another");
    return failure_set(failure, STATUS_CANNOT_LISTEN, name, "%s", strerror(reason));
}

enum status link_listen_tcp(struct link **result, const char *address, uint16_t port,
                            struct failure *failure)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    socklen_t size = sizeof at;
    int yes = 1;
    int listener;
    char name[64];

    *result = NULL;
    (void)snprintf(name, sizeof name, "%s:%u", address, port);
    if (inet_pton(AF_INET, address, &at.sin_addr) != 1)
        return failure_set(failure, STATUS_CANNOT_LISTEN, address, "not an IPv4 address");
    listener = socket(AF_INET, SOCK_STREAM, 0);
    (void)setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr *)&at, sizeof at) || listen(listener, 4) ||
        getsockname(listener, (struct sockaddr *)&at, &size))
        return give_up(listener, name, failure);
    *result = create(listener);
    (void)snprintf((*result)->name, sizeof(*result)->name, "%s:%u", address, ntohs(at.sin_port));
    return STATUS_OK;
}

/* A socket file that a server left behind; one where somebody answers is not ours to remove. */
static void remove_dead(const struct sockaddr_un *at)
{
    struct stat file;
    int probe;

    if (lstat(at->sun_path, &file) || !S_ISSOCK(file.st_mode))
        return;
    probe = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(probe, (const struct sockaddr *)at, sizeof *at) && errno == ECONNREFUSED)
        (void)unlink(at->sun_path);
    (void)close(probe);
}

enum status link_listen_unix(struct link **result, const char *path, struct failure *failure)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int listener;

    *result = NULL;
    if (strlen(path) >= sizeof at.sun_path)
        return failure_set(failure, STATUS_CANNOT_LISTEN, path, "too long a name");
    (void)snprintf(at.sun_path, sizeof at.sun_path, "%s", path);
    remove_dead(&at);
    listener = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&at, sizeof at) || listen(listener, 4))
        return give_up(listener, path, failure);
    *result = create(listener);
    (void)snprintf((*result)->path, sizeof(*result)->path, "%s", path);
    (void)snprintf((*result)->name, sizeof(*result)->name, "%s", path);
    return STATUS_OK;
}

struct link *link_open_stdio(void)
{
    struct link *link = create(NOBODY);

    link->stdio = true;
    (void)snprintf(link->name, sizeof link->name, "standard input");
    return link;
}

void link_close(struct link *link)
{
    if (!link)
        return;
    link_hang_up(link);
    if (link->refused != NOBODY)
        (void)close(link->refused);
    if (link->listener != NOBODY)
        (void)close(link->listener);
    if (*link->path)
        (void)unlink(link->path);
    heap_release(link);
}

const char *link_name(const struct link *link)
{
    return link->name;
}

/* ---- Debuggers come and go ------------------------------------------------------------------- */

bool link_accept(struct link *link)
{
    int yes = 1;

    if (link->stdio) {
        link->in = link->used_up ? NOBODY : STDIN_FILENO;
        link->out = STDOUT_FILENO;
        return !link->used_up;
    }
    link->in = accept(link->listener, NULL, NULL);
    link->out = link->in;
    /* Packets are small and each waits for the next. */
    (void)setsockopt(link->in, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return link->in >= 0;
}

void link_hang_up(struct link *link)
{
    if (link->in != NOBODY && !link->stdio)
        (void)close(link->in);
    if (link->stdio)
        link->used_up = true;
    link->in = NOBODY;
    link->out = NOBODY;
}

static void forget_refused(struct link *link)
{
    if (link->refused != NOBODY)
        (void)close(link->refused);
    link->refused = NOBODY;
}

static void refuse_another(struct link *link)
{
    static const char reason[] = "E.another debugger is connected to this simulator";
    struct text text = {0};
    int other = accept(link->listener, NULL, NULL);

    if (other < 0)
        return;
    text_printf(&text, "+");
    packet_write(&text, reason, sizeof reason - 1);
    (void)send(other, text.bytes, text.length, MSG_NOSIGNAL);
    (void)shutdown(other, SHUT_WR);
    /* Closed now, what it has sent meanwhile would make the reason disappear with it. */
    forget_refused(link);
    link->refused = other;
    text_free(&text);
}

/* ---- Bytes ----------------------------------------------------------------------------------- */

/* True when the debugger has sent something, or has gone. */
static bool something_came(struct link *link, bool wait)
{
    for (;;) {
        struct pollfd ends[2] = {{.fd = link->in, .events = POLLIN},
                                 {.fd = link->listener, .events = POLLIN}};

        if (poll(ends, link->listener == NOBODY ? 1 : 2, wait ? -1 : 0) < 0) {
            if (errno == EINTR)
                continue;
            return true;
        }
        if (ends[0].revents) /* first: the one that comes may be the one that just went */
            return true;
        if (link->listener != NOBODY && ends[1].revents)
            refuse_another(link);
        if (!wait)
            return false;
    }
}

int link_receive(struct link *link, uint8_t *bytes, size_t room, bool wait)
{
    ssize_t count;

    if (link->in == NOBODY)
        return LINK_CLOSED;
    if (!something_came(link, wait))
        return LINK_NOTHING;
    count = read(link->in, bytes, room);
    return count > 0 ? (int)count : LINK_CLOSED;
}

bool link_send(struct link *link, const char *bytes, size_t size)
{
    while (size) {
        ssize_t count = write(link->out, bytes, size);

        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        bytes += count;
        size -= (size_t)count;
    }
    return true;
}
