/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware/class/msc.h"

#include "driver/critical.h"
#include "driver/epin.h"
#include "driver/epout.h"
#include "firmware/class/scsi.h"

enum {
    RESET = 0xff, /* BOT 1.0, 3 */
    GET_MAX_LUN = 0xfe,

    FROM_HOST = 0x21, /* bmRequestType */
    TO_HOST = 0xa1,

    COMMAND_SIZE = 31, /* command block wrapper, BOT 1.0, 5.1 */
    COMMAND_SIGNATURE = 0x43425355,
    COMMAND_BLOCK_MAX = 16,
    FLAG_TO_HOST = 0x80,

    STATUS_SIZE = 13, /* command status wrapper, 5.2 */
    STATUS_SIGNATURE = 0x53425355,
    PASSED = 0,
    FAILED = 1,
    PHASE_ERROR = 2,

    IN = ENDPOINT_NUMBER(MSC_IN),
    OUT = ENDPOINT_NUMBER(MSC_OUT),
};

enum stage {
    COMMAND,
    DATA_IN,
    DATA_OUT,
    STALL_IN, /* the data is over before the host's count is: halt, once the host has it */
    STATUS,
    BROKEN, /* what came is no command: only reset recovery helps (BOT 1.0, 6.6.1) */
};

/* The transfer under way; the thread's, but for `stage`, which the interrupt sets to COMMAND. */
static struct {
    volatile enum stage stage;
    uint32_t tag;
    uint32_t residue; /* bytes the host expects, less those that were moved */
    uint8_t *data;
    uint32_t left; /* bytes still to be moved */
    uint8_t status;
} transfer;

static volatile uint32_t
    beginnings; /* resets and configurations: a transfer begun before is void */
static uint8_t max_lun;

void msc_begin(uint8_t *blocks, uint32_t count)
{
    scsi_begin(blocks, count);
}

/* ---- Requests, in the interrupt ----------------------------------------------------------------
 */

static void begin_anew(void)
{
    transfer.stage = COMMAND;
    beginnings++;
}

/* Data and status of the command that is given up would be taken for those of the next one. */
static struct answer reset(void)
{
    begin_anew();
    return accept_if(endpoint_empty(MSC_IN) == USBD_OK && endpoint_empty(MSC_OUT) == USBD_OK);
}

static struct answer request(const struct usbd_setup *setup)
{
    if (setup->index != 0 || setup->value != 0)
        return stall();
    if (setup->request_type == TO_HOST && setup->request == GET_MAX_LUN && setup->length == 1)
        return send(&max_lun, 1);
    if (setup->request_type != FROM_HOST || setup->request != RESET || setup->length != 0)
        return stall();
    return reset();
}

/* Until reset recovery the halts stay, whatever the host clears. */
static void halt_cleared(uint8_t address)
{
    if (transfer.stage == BROKEN)
        (void)!endpoint_halt(address);
}

const struct function msc_function = {
    .first = 0,
    .count = 1,
    .request = request,
    .opened = begin_anew,
    .halt_cleared = halt_cleared,
};

/* The thread goes on to another stage, unless the interrupt has begun anew since `beginning`. */
static bool go_on(uint32_t beginning, enum stage stage)
{
    uint32_t before = critical_enter();
    bool same = beginning == beginnings;

    if (same)
        transfer.stage = stage;
    critical_leave(before);
    return same;
}

/* So do its packets and halts: what was begun before would be taken for the next transfer's. */
static enum usbd_status put(uint32_t beginning, const void *bytes, uint32_t size)
{
    uint32_t before = critical_enter();
    enum usbd_status status = beginning == beginnings ? epin_start(IN, bytes, size) : USBD_CLOSED;

    critical_leave(before);
    return status;
}

static void halt(uint32_t beginning, uint8_t address)
{
    uint32_t before = critical_enter();

    if (beginning == beginnings)
        (void)!endpoint_halt(address);
    critical_leave(before);
}

/* ---- Commands ----------------------------------------------------------------------------------
 */

static uint32_t load32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void store32(uint8_t *at, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

/* Valid and meaningful (BOT 1.0, 6.2). */
static bool is_command(const uint8_t *wrapper, uint32_t size)
{
    return size == COMMAND_SIZE && load32(wrapper) == COMMAND_SIGNATURE &&
           (wrapper[12] & ~FLAG_TO_HOST) == 0 && wrapper[13] <= max_lun && wrapper[14] >= 1 &&
           wrapper[14] <= COMMAND_BLOCK_MAX;
}

/* The thirteen cases of BOT 1.0, 6.7: what host and device want to move. Returns the stage. */
static enum stage agree(struct scsi_intent intent, uint32_t wanted, bool to_host)
{
    bool wrong_way = intent.size > 0 && (wanted == 0 || intent.to_host != to_host);
    uint32_t size = wrong_way ? 0 : intent.size < wanted ? intent.size : wanted;

    transfer.data = intent.data;
    transfer.left = size;
    transfer.residue = wanted;
    transfer.status = !intent.good                        ? FAILED
                      : wrong_way || intent.size > wanted ? PHASE_ERROR
                                                          : PASSED;
    if (wanted == 0)
        return STATUS;
    return to_host ? DATA_IN : DATA_OUT;
}

static bool take_command(uint32_t beginning)
{
    uint8_t wrapper[ENDPOINT_PACKET_MAX] = {0};
    uint32_t size = 0;

    if (epout_end(OUT, wrapper, sizeof wrapper, &size) != USBD_OK)
        return false;
    if (!is_command(wrapper, size)) {
        if (go_on(beginning, BROKEN)) {
            halt(beginning, MSC_IN);
            halt(beginning, MSC_OUT);
        }
        return true;
    }
    transfer.tag = load32(wrapper + 4);
    return go_on(beginning, agree(scsi_execute(wrapper + 15, wrapper[14]), load32(wrapper + 8),
                                  wrapper[12] & FLAG_TO_HOST));
}

/* ---- Data --------------------------------------------------------------------------------------
 */

static uint32_t next_size(void)
{
    return transfer.left < ENDPOINT_PACKET_MAX ? transfer.left : ENDPOINT_PACKET_MAX;
}

static void moved(uint32_t size)
{
    transfer.data += size;
    transfer.left -= size;
    transfer.residue -= size;
}

/* Less than the host expects ends with a halt: it could not see the end of full packets. */
static bool send_data(uint32_t beginning)
{
    uint32_t size = next_size();

    if (size == 0)
        return go_on(beginning, transfer.residue > 0 ? STALL_IN : STATUS);
    if (put(beginning, transfer.data, size) != USBD_OK)
        return false;
    moved(size);
    return true;
}

/* A packet longer than what is left was not agreed on. */
static bool receive_data(uint32_t beginning)
{
    uint32_t size = 0;

    if (transfer.left == 0) {
        if (transfer.residue > 0)
            halt(beginning, MSC_OUT);
        return go_on(beginning, STATUS);
    }
    enum usbd_status status = epout_end(OUT, transfer.data, transfer.left, &size);
    if (status == USBD_TOO_LONG) {
        transfer.status = PHASE_ERROR;
        transfer.left = 0;
        return true;
    }
    if (status != USBD_OK)
        return false;
    moved(size);
    if (size < ENDPOINT_PACKET_MAX)
        transfer.left = 0;
    return true;
}

/* Only when the host has all the data: a halt would drop it. */
static bool stall_in(uint32_t beginning)
{
    if (!epin_empty(IN) || !go_on(beginning, STATUS))
        return false;
    halt(beginning, MSC_IN);
    return true;
}

/* It waits in the endpoint while that is halted. */
static bool send_status(uint32_t beginning)
{
    uint8_t wrapper[STATUS_SIZE];

    store32(wrapper, STATUS_SIGNATURE);
    store32(wrapper + 4, transfer.tag);
    store32(wrapper + 8, transfer.residue);
    wrapper[12] = transfer.status;
    if (put(beginning, wrapper, sizeof wrapper) != USBD_OK)
        return false;
    return go_on(beginning, COMMAND);
}

/* ---- Work --------------------------------------------------------------------------------------
 */

/* One step; false when there is none to be done now. */
static bool step(void)
{
    uint32_t beginning = beginnings;

    switch (transfer.stage) {
    case COMMAND:
        return take_command(beginning);
    case DATA_IN:
        return send_data(beginning);
    case DATA_OUT:
        return receive_data(beginning);
    case STALL_IN:
        return stall_in(beginning);
    case STATUS:
        return send_status(beginning);
    case BROKEN:
        break;
    }
    return false;
}

void msc_work(void)
{
    while (step())
        ;
}
