/* SPDX-License-Identifier: Apache-2.0 */
/* What the host receives, as a fingerprint; and whether the reference run was answered the same. */
#include "sim/base/hash.h"
#include "sim/explore/watcher.h"

static bool is_data(uint8_t pid)
{
    return pid == PID_DATA0 || pid == PID_DATA1;
}

/* A packet that the device sends again, because the host's ACK was lost, is the same packet. */
static void take_data(struct watch_state *state, const struct obs_usb_packet *packet)
{
    uint64_t hash = HASH_SEED;
    uint8_t head[2] = {packet->endpoint, packet->pid};

    hash = hash_bytes(hash, head, sizeof head);
    hash = hash_bytes(hash, packet->payload, packet->payload ? packet->size : 0);
    if (hash == state->packet)
        return;
    state->packet = hash;
    state->data = hash_bytes(state->data, &hash, sizeof hash);
}

void watcher_see_packet(struct watcher *watcher, const struct obs_usb_packet *packet)
{
    struct watch_state *state = &watcher->state;

    if (packet->pid == PID_SETUP || (packet->sender == USB_FROM_DEVICE && packet->pid != PID_NAK))
        state->progressed = machine_now(watcher->machine);
    if (packet->sender == USB_FROM_DEVICE) {
        if (is_data(packet->pid))
            take_data(state, packet);
    } else if (packet->pid == PID_SETUP) {
        state->expects_setup = 1;
    } else if (state->expects_setup && is_data(packet->pid) && packet->payload) {
        state->expects_setup = 0;
        state->request = hash_bytes(HASH_SEED, packet->payload, packet->size);
        state->data = HASH_SEED; /* what came before belongs to a transfer that was given up */
        state->packet = 0;
        state->set_up++;
        state->under_way = 1;
    }
}

uint64_t watcher_wire(const struct watcher *watcher)
{
    uint64_t parts[2] = {watcher->state.wire, watcher->state.data};

    return hash_bytes(HASH_SEED, parts, sizeof parts);
}

/* False: the reference run has this request, and never with this answer. */
static bool is_expected(const struct reference *reference, uint64_t request, uint64_t answer)
{
    bool known = false;

    for (uint32_t i = 0; i < reference->count; i++) {
        if (reference->pair[i].request != request)
            continue;
        if (reference->pair[i].answer == answer)
            return true;
        known = true;
    }
    return !known;
}

static void compare(struct watcher *watcher, uint64_t request, uint64_t answer, bool given_up)
{
    struct reference *reference = watcher->reference;

    if (!watcher->referring && !watcher->state.differs && !watcher->options->bounds.any_answer &&
        !is_expected(reference, request, answer)) {
        watcher->state.differs = 1;
        watcher->state.given_up = given_up;
        watcher->state.differed = machine_now(watcher->machine);
    } else if (watcher->referring && reference->count < REFERENCE_MAX) {
        reference->pair[reference->count].request = request;
        reference->pair[reference->count++].answer = answer;
    }
}

/* A control transfer that was NAKed until the host lost patience; it may try again, and succeed. */
static bool is_given_up(const struct watcher *watcher, const struct obs_host *host)
{
    return host->step == HOST_NOTE && watcher->state.set_up &&
           host_transfer(machine_host(watcher->machine)) == TRANSFER_TIMED_OUT;
}

/* A control transfer is known by its SETUP packet, any other by its place in the conversation. */
void watcher_see_host(struct watcher *watcher, const struct obs_host *host)
{
    struct watch_state *state = &watcher->state;
    uint64_t answer[2] = {host->step, state->data};
    uint64_t request = state->request;
    bool given_up = is_given_up(watcher, host);

    state->progressed = machine_now(watcher->machine);
    if (host->step != HOST_REQUEST && host->step != HOST_STALLED && !given_up)
        return;
    if (!state->set_up)
        request = hash_bytes(HASH_SEED, &state->transfers, sizeof state->transfers);
    state->under_way = 0;
    state->transfers += !state->set_up;
    state->set_up = 0;
    state->data = HASH_SEED;
    state->packet = 0;
    answer[0] = hash_bytes(HASH_SEED, answer, sizeof answer);
    compare(watcher, request, answer[0], given_up);
    answer[1] = request;
    state->wire = hash_bytes(state->wire, answer, sizeof answer);
}
