/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/hosts/gadget.h"

#include "sim/base/bits.h"
#include "sim/hosts/fat.h"
#include "sim/usb/request.h"

#include <assert.h>
#include <string.h>

enum { CDC_DATA = 1, KEYBOARD = 3, DISK = 4, LOOP = 5, REPORT_SIZE = 45, PACKET = 64 };

/* clang-format off */
static const uint8_t device_descriptor[] = {18, 1, 0, 2, 0xef, 2, 1, 64, 0x20, 0x20, 0x19, 0x07, 0, 1, 0, 0, 0, 1};
static const uint8_t configuration[] = {
    9, 2, 146, 0, 5, 1, 0, 0xa0, 50,
    8, 11, 0, 2, 2, 2, 1, 0,
    9, 4, 0, 0, 1, 2, 2, 1, 0,
    5, 0x24, 0, 0x20, 1,   5, 0x24, 1, 0, 1,   4, 0x24, 2, 6,   5, 0x24, 6, 0, 1,
    7, 5, 0x82, 3, 16, 0, 16,
    9, 4, 1, 0, 2, 10, 0, 0, 0,
    7, 5, 0x01, 2, 64, 0, 0,   7, 5, 0x81, 2, 64, 0, 0,
    9, 4, 2, 0, 1, 3, 1, 1, 0,
    9, 0x21, 0x11, 1, 0, 1, 0x22, REPORT_SIZE, 0,
    7, 5, 0x83, 3, 8, 0, 10,
    9, 4, 3, 0, 2, 8, 6, 0x50, 0,
    7, 5, 0x04, 2, 64, 0, 0,   7, 5, 0x84, 2, 64, 0, 0,
    9, 4, 4, 0, 2, 0xff, 0, 0, 0,
    7, 5, 0x05, 2, 64, 0, 0,   7, 5, 0x85, 2, 64, 0, 0,
};
/* clang-format on */

static bool has(const struct gadget *gadget, enum gadget_fault fault)
{
    return gadget->fault == fault;
}

/* ---- The disk's contents --------------------------------------------------------------------- */

static void add_subdirectory(uint8_t *disk)
{
    uint8_t *root = disk + 3 * 512;
    uint8_t *fat = disk + 512;
    uint8_t *inside;
    unsigned slot = 0;

    while (root[32 * slot])
        slot++;
    memcpy(root + 32 * slot, "FOLDER     \x10", 12);
    store_le16(root + 32 * slot + 26, 20);
    for (unsigned copy = 0; copy < 2; copy++) { /* clusters 20 and 21 end themselves */
        fat[copy * 512 + 30] = 0xff;
        fat[copy * 512 + 31] = 0xff;
        fat[copy * 512 + 32] = 0xff;
    }
    inside = disk + (4 + 20 - 2) * 512;
    memcpy(inside, ".          \x10", 12);
    store_le16(inside + 26, 20);
    memcpy(inside + 32, "..         \x10", 12);
    memcpy(inside + 64, "INNER   TXT\x20", 12);
    store_le16(inside + 64 + 26, 21);
    store_le32(inside + 64 + 28, 5);
    memcpy(disk + (4 + 21 - 2) * 512, "inner", 5);
}

void gadget_format(uint8_t *disk, unsigned blocks)
{
    static const char text[] = "a file that was there before, longer than nothing";

    memset(disk, 0, blocks * 512);
    memcpy(disk, "\xeb\x3c\x90MSDOS5.0", 11);
    store_le16(disk + 11, 512);
    disk[13] = 1;              /* blocks a cluster */
    store_le16(disk + 14, 1);  /* reserved */
    disk[16] = 2;              /* FATs */
    store_le16(disk + 17, 16); /* entries of the root directory: one block */
    store_le16(disk + 19, (uint16_t)blocks);
    disk[21] = 0xf8;
    store_le16(disk + 22, 1);
    store_le16(disk + 24, 1);
    store_le16(disk + 26, 1);
    disk[38] = 0x29;
    memcpy(disk + 43, "NO NAME    FAT12   ", 19);
    store_le16(disk + 510, 0xaa55);
    for (unsigned copy = 0; copy < 2; copy++)
        memcpy(disk + 512 + copy * 512, "\xf8\xff\xff", 3);
    if (!fat_add_file(disk, blocks * 512, "README  TXT", (const uint8_t *)text, sizeof text))
        assert(!"room for a file");
    add_subdirectory(disk);
}

/* ---- Queues ---------------------------------------------------------------------------------- */

static bool queue_full(const struct gadget_queue *queue)
{
    return queue->count >= GADGET_QUEUE - 16;
}

static void queue_packet(struct gadget *gadget, unsigned endpoint, const uint8_t *bytes,
                         size_t size)
{
    struct gadget_queue *queue = &gadget->queue[endpoint];
    unsigned slot = (queue->first + queue->count++) % GADGET_QUEUE;

    assert(queue->count <= GADGET_QUEUE && size <= PACKET);
    queue->packet[slot].size = (uint16_t)size;
    if (size)
        memcpy(queue->packet[slot].bytes, bytes, size);
}

static void queue_bytes(struct gadget *gadget, unsigned endpoint, const uint8_t *bytes, size_t size)
{
    for (size_t at = 0; at < size; at += PACKET)
        queue_packet(gadget, endpoint, bytes + at, size - at < PACKET ? size - at : PACKET);
}

static void halt(struct gadget *gadget, unsigned address)
{
    gadget->halted[address >> 7] |= (uint8_t)(1u << (address & 7));
}

/* ---- Bulk-only transport --------------------------------------------------------------------- */

static void send_status(struct gadget *gadget, uint8_t status)
{
    uint8_t wrapper[13] = {'U', 'S', 'B', 'S'};

    memcpy(wrapper + 4, gadget->tag, 4);
    if (has(gadget, WRONG_TAG))
        wrapper[4] ^= 1;
    if (has(gadget, WRONG_SIGNATURE))
        wrapper[3] = 'C';
    wrapper[12] = status;
    queue_packet(gadget, DISK, wrapper, sizeof wrapper);
}

static void refuse(struct gadget *gadget, uint8_t sense)
{
    gadget->sense = has(gadget, KEEPS_THE_REASON) ? 0 : sense;
    send_status(gadget, 1);
}

static void test_unit_ready(struct gadget *gadget)
{
    if (gadget->readies++ < 2 || has(gadget, NEVER_READY))
        refuse(gadget, 6); /* the medium may have changed */
    else
        send_status(gadget, 0);
}

static void read_capacity(struct gadget *gadget)
{
    const uint8_t bytes[8] = {0, 0, 0, GADGET_BLOCKS - 1, 0, 0, 2, 0};

    queue_bytes(gadget, DISK, bytes, sizeof bytes);
    send_status(gadget, 0);
}

static void request_sense(struct gadget *gadget)
{
    uint8_t bytes[18] = {0x70, 0, gadget->sense, 0, 0, 0, 0, 10};

    gadget->sense = 0;
    queue_bytes(gadget, DISK, bytes, sizeof bytes);
    send_status(gadget, 0);
}

static void inquire(struct gadget *gadget)
{
    uint8_t bytes[36] = {0, 0x80, 4, 2, 31};

    memcpy(bytes + 8, "FencepstGadget disk     1.00", 28);
    queue_bytes(gadget, DISK, bytes, sizeof bytes);
    send_status(gadget, 0);
}

static void transfer_blocks(struct gadget *gadget, const uint8_t *command, bool write)
{
    unsigned block = (unsigned)command[4] << 8 | command[5];
    unsigned count = command[8];

    if (block + count > GADGET_BLOCKS && !has(gadget, READS_BEHIND_THE_END)) {
        halt(gadget, 0x80 | DISK);
        refuse(gadget, 5);
    } else if (!write) {
        queue_bytes(gadget, DISK, gadget->disk + block % GADGET_BLOCKS * 512, count * 512);
        send_status(gadget, 0);
    } else if (has(gadget, WRITE_PROTECTED)) {
        halt(gadget, DISK);
        refuse(gadget, 7);
    } else {
        gadget->bot = BOT_WRITE;
        gadget->write_at = block * 512;
        gadget->write_left = count * 512;
    }
}

static void obey(struct gadget *gadget, const uint8_t *command)
{
    switch (command[0]) {
    case 0x00:
        test_unit_ready(gadget);
        break;
    case 0x03:
        request_sense(gadget);
        break;
    case 0x12:
        inquire(gadget);
        break;
    case 0x1a: /* MODE SENSE(6) is not known */
        halt(gadget, 0x80 | DISK);
        refuse(gadget, 5);
        break;
    case 0x25:
        read_capacity(gadget);
        break;
    case 0x28:
    case 0x2a:
        transfer_blocks(gadget, command, command[0] == 0x2a);
        break;
    default:
        if (has(gadget, PASSES_ANY_COMMAND))
            send_status(gadget, 0);
        else
            refuse(gadget, 5);
        break;
    }
}

static void take_wrapper(struct gadget *gadget, const uint8_t *bytes, size_t size)
{
    if ((size != 31 || memcmp(bytes, "USBC", 4) != 0) && !has(gadget, TAKES_ANY_WRAPPER)) {
        gadget->bot = BOT_DEAF;
        halt(gadget, 0x80 | DISK);
        halt(gadget, DISK);
        return;
    }
    memcpy(gadget->tag, bytes + 4, 4);
    obey(gadget, bytes + 15);
}

static void take_block(struct gadget *gadget, const uint8_t *bytes, size_t size)
{
    if (!has(gadget, FORGETS_WRITES))
        memcpy(gadget->disk + gadget->write_at, bytes, size);
    gadget->write_at += (unsigned)size;
    gadget->write_left -= (unsigned)size;
    if (gadget->write_left)
        return;
    gadget->bot = BOT_COMMAND;
    send_status(gadget, 0);
}

static void disk_out(struct gadget *gadget, const uint8_t *bytes, size_t size)
{
    if (gadget->bot == BOT_WRITE)
        take_block(gadget, bytes, size);
    else
        take_wrapper(gadget, bytes, size);
}

/* ---- Requests -------------------------------------------------------------------------------- */

static void give(struct gadget *gadget, const void *bytes, size_t size)
{
    memcpy(gadget->data, bytes, size);
    gadget->size = (unsigned)size;
    gadget->stage = G_READ;
}

static void get_descriptor(struct gadget *gadget, struct usb_request request)
{
    static const uint8_t report[REPORT_SIZE] = {5, 1, 9, 6};
    /* Collection; report 5: Input; report 6: Output. */
    static const uint8_t numbered[REPORT_SIZE] = {5, 1,    9, 6,    0xa1, 1,    0x85,
                                                  5, 0x81, 2, 0x85, 6,    0x91, 2};

    if (request.value == USB_DEVICE << 8)
        give(gadget, device_descriptor, sizeof device_descriptor);
    else if (request.value == USB_CONFIGURATION << 8)
        give(gadget, configuration, sizeof configuration);
    else if (request.value == 0x2200)
        give(gadget, has(gadget, NUMBERS_REPORTS) ? numbered : report,
             REPORT_SIZE - has(gadget, SHORT_REPORT_DESCRIPTOR));
}

static void clear_halt(struct gadget *gadget, unsigned address)
{
    uint8_t bit = (uint8_t)(1u << (address & 7));

    gadget->stage = G_STATUS_IN;
    gadget->toggles[address >> 7] &= (uint8_t)~bit;
    if ((address & 15) != DISK || gadget->bot != BOT_DEAF)
        gadget->halted[address >> 7] &= (uint8_t)~bit;
}

static void standard(struct gadget *gadget, struct usb_request request)
{
    const uint8_t status[2] = {gadget->wakeup ? 2 : 0, 0};

    switch (request.request) {
    case USB_GET_STATUS:
        give(gadget, status, 2);
        break;
    case USB_GET_CONFIGURATION:
        give(gadget, &gadget->configured, 1);
        break;
    case USB_GET_DESCRIPTOR:
        get_descriptor(gadget, request);
        break;
    case USB_SET_ADDRESS:
        gadget->next_address = (uint8_t)request.value;
        gadget->stage = G_STATUS_IN;
        break;
    case USB_SET_CONFIGURATION:
        memset(gadget->queue, 0, sizeof gadget->queue);
        gadget->bot = BOT_COMMAND;
        if (!has(gadget, KEEPS_TOGGLES_IN_RESET))
            memset(gadget->toggles, 0, sizeof gadget->toggles);
        gadget->configured = (uint8_t)request.value;
        gadget->stage = G_STATUS_IN;
        break;
    case USB_SET_FEATURE:
        gadget->wakeup = true;
        gadget->stage = G_STATUS_IN;
        break;
    case USB_CLEAR_FEATURE:
        if (request.type == 2) {
            clear_halt(gadget, request.index & 0xff);
        } else {
            gadget->wakeup = false;
            gadget->stage = G_STATUS_IN;
        }
        break;
    default:
        break;
    }
}

static void class_request(struct gadget *gadget, struct usb_request request)
{
    static const uint8_t max_lun = 0;
    static const uint8_t report[8] = {0};

    gadget->stage = request.type & 0x80 ? G_STALL : request.length ? G_WRITE : G_STATUS_IN;
    gadget->size = request.length;
    if (request.request == 0x21 && request.type == 0xa1)
        give(gadget, gadget->line_coding, 7);
    else if (request.request == 0xfe)
        give(gadget, &max_lun, 1);
    else if (request.request == 0x03 && request.type == 0xa1)
        give(gadget, &gadget->protocol, 1);
    else if (request.request == 0x01 && has(gadget, NUMBERS_REPORTS) && request.value != 0x105)
        gadget->stage = G_WRITE;
    else if (request.request == 0x01 && request.type == 0xa1)
        give(gadget, report, sizeof report);
    else if (request.request == 0x0b && !has(gadget, KEEPS_PROTOCOL))
        gadget->protocol = (uint8_t)request.value;
    else if (request.request == 0xff) {
        gadget->bot = BOT_COMMAND;
        if (!has(gadget, KEEPS_DATA_IN_RECOVERY))
            gadget->queue[DISK].count = 0;
    }
}

static void finish_write(struct gadget *gadget)
{
    if (gadget->setup[1] == 0x20 && !has(gadget, FORGETS_LINE_CODING))
        memcpy(gadget->line_coding, gadget->data, 7);
    if (gadget->setup[1] == 0x09)
        gadget->leds = gadget->data[0];
    gadget->stage = G_STATUS_IN;
    gadget->toggle = true;
}

/* ---- The port -------------------------------------------------------------------------------- */

static void reset_begin(void *owner)
{
    struct gadget *gadget = owner;

    gadget->address = 0;
    gadget->configured = 0;
    gadget->stage = G_IDLE;
    gadget->protocol = 1;
    memset(gadget->halted, 0, sizeof gadget->halted);
    if (!has(gadget, KEEPS_TOGGLES_IN_RESET))
        memset(gadget->toggles, 0, sizeof gadget->toggles);
    memset(gadget->queue, 0, sizeof gadget->queue);
}

static void nothing(void *owner)
{
    (void)owner;
}

static void sof(void *owner, uint16_t frame)
{
    (void)owner;
    (void)frame;
}

/* A key is pressed 50 ms later. */
static void suspend(void *owner)
{
    struct gadget *gadget = owner;

    scheduler_add(gadget->scheduler, EVENT_USBD_SUSPEND, 0, 50 * CYCLES_PER_MS, 0);
}

static void press_key(void *owner, const struct event *event)
{
    static const uint8_t key_a[8] = {0, 0, 4};
    struct gadget *gadget = owner;

    (void)event;
    if (!gadget->wakeup)
        return;
    queue_packet(gadget, KEYBOARD, key_a, sizeof key_a);
    wire_set(gadget->wires, WIRE_USB_RESUME_K, true);
    wire_set(gadget->wires, WIRE_USB_RESUME_K, false);
}

static enum usb_answer setup(void *owner, uint8_t address, const uint8_t packet[8])
{
    struct gadget *gadget = owner;
    struct usb_request request = usb_request_parse(packet);

    if (address != gadget->address)
        return USB_ANSWER_NONE;
    memcpy(gadget->setup, packet, 8);
    gadget->stage = G_STALL;
    gadget->done = 0;
    gadget->toggle = true;
    gadget->next_address = gadget->address;
    if ((request.type & 0x60) == 0)
        standard(gadget, request);
    else if ((request.type & 0x60) == 0x20)
        class_request(gadget, request);
    if (gadget->stage == G_READ && gadget->size > request.length)
        gadget->size = request.length;
    return USB_ANSWER_ACK;
}

static enum usb_answer control_in(struct gadget *gadget, struct usb_data *data)
{
    unsigned left = gadget->size - gadget->done;

    if (gadget->stage == G_STALL)
        return USB_ANSWER_STALL;
    if (gadget->stage != G_READ && gadget->stage != G_STATUS_IN)
        return USB_ANSWER_NAK;
    data->pid = gadget->toggle ? PID_DATA1 : PID_DATA0;
    data->size = gadget->stage == G_READ ? (uint16_t)(left < PACKET ? left : PACKET) : 0;
    memcpy(data->bytes, gadget->data + gadget->done, data->size);
    gadget->in_flight = data->size;
    return USB_ANSWER_ACK;
}

static enum usb_answer in(void *owner, uint8_t address, uint8_t endpoint, struct usb_data *data)
{
    struct gadget *gadget = owner;
    struct gadget_queue *queue = &gadget->queue[endpoint % GADGET_ENDPOINTS];

    memset(data, 0, sizeof *data);
    if (address != gadget->address)
        return USB_ANSWER_NONE;
    if (!endpoint)
        return control_in(gadget, data);
    if (gadget->halted[1] >> endpoint & 1)
        return USB_ANSWER_STALL;
    if (!queue->count)
        return USB_ANSWER_NAK;
    data->pid = gadget->toggles[1] >> endpoint & 1 ? PID_DATA1 : PID_DATA0;
    data->size = queue->packet[queue->first].size;
    memcpy(data->bytes, queue->packet[queue->first].bytes, data->size);
    return USB_ANSWER_ACK;
}

static void in_acknowledged(void *owner, uint8_t address, uint8_t endpoint)
{
    struct gadget *gadget = owner;

    (void)address;
    if (endpoint) {
        gadget->toggles[1] ^= (uint8_t)(1u << endpoint);
        gadget->queue[endpoint].first = (gadget->queue[endpoint].first + 1) % GADGET_QUEUE;
        gadget->queue[endpoint].count--;
    } else if (gadget->stage == G_STATUS_IN) {
        gadget->address = gadget->next_address;
        gadget->stage = G_IDLE;
    } else {
        gadget->done += gadget->in_flight;
        gadget->toggle = !gadget->toggle;
        if (gadget->in_flight < PACKET || gadget->done == load_le16(gadget->setup + 6))
            gadget->stage = G_STATUS_OUT;
    }
}

static enum usb_answer control_out(struct gadget *gadget, enum usb_pid pid, const uint8_t *bytes,
                                   size_t size)
{
    if (gadget->stage == G_STALL)
        return USB_ANSWER_STALL;
    if (gadget->stage == G_STATUS_IN)
        return USB_ANSWER_NAK;
    if (gadget->stage != G_WRITE) {
        gadget->stage = G_IDLE;
        return USB_ANSWER_ACK;
    }
    if (pid != (gadget->toggle ? PID_DATA1 : PID_DATA0))
        return USB_ANSWER_ACK;
    memcpy(gadget->data + gadget->done, bytes, size);
    gadget->done += (unsigned)size;
    gadget->toggle = !gadget->toggle;
    if (gadget->done == gadget->size)
        finish_write(gadget);
    return USB_ANSWER_ACK;
}

static void echo(struct gadget *gadget, unsigned endpoint, const uint8_t *bytes, size_t size)
{
    uint8_t copy[PACKET];

    if (size)
        memcpy(copy, bytes, size);
    gadget->echoed += (unsigned)size;
    if (endpoint == CDC_DATA && has(gadget, NO_ECHO))
        return;
    for (size_t i = 0; endpoint == CDC_DATA && has(gadget, ECHO_IN_CAPITALS) && i < size; i++)
        copy[i] = (uint8_t)(copy[i] >= 'a' && copy[i] <= 'z' ? copy[i] - 'a' + 'A' : copy[i]);
    if (endpoint == CDC_DATA && has(gadget, ECHO_LOSES_A_BYTE) && gadget->echoed > 1000 &&
        size > 1) {
        queue_packet(gadget, endpoint, copy + 1, size - 1);
        return;
    }
    if (endpoint == LOOP && has(gadget, LOOPBACK_FORGETS_ZLP) && !size)
        return;
    if (endpoint == LOOP && has(gadget, LOOPBACK_MERGES_PACKETS) && size == 2) {
        queue_packet(gadget, endpoint, copy, 1);
        queue_packet(gadget, endpoint, copy + 1, 1);
        return;
    }
    queue_packet(gadget, endpoint, copy, size);
}

static enum usb_answer out(void *owner, uint8_t address, uint8_t endpoint, enum usb_pid pid,
                           const uint8_t *bytes, size_t size)
{
    struct gadget *gadget = owner;

    if (address != gadget->address)
        return USB_ANSWER_NONE;
    if (!endpoint)
        return control_out(gadget, pid, bytes, size);
    if (gadget->halted[0] >> endpoint & 1)
        return USB_ANSWER_STALL;
    if (queue_full(&gadget->queue[endpoint]))
        return USB_ANSWER_NAK;
    if (pid != (gadget->toggles[0] >> endpoint & 1 ? PID_DATA1 : PID_DATA0)) {
        if (has(gadget, TAKES_STALE_PACKETS))
            echo(gadget, endpoint, bytes, size);
        return USB_ANSWER_ACK;
    }
    gadget->toggles[0] ^= (uint8_t)(1u << endpoint);
    if (endpoint == DISK)
        disk_out(gadget, bytes, size);
    else
        echo(gadget, endpoint, bytes, size);
    return USB_ANSWER_ACK;
}

static void isochronous_out(void *owner, uint8_t address, uint8_t endpoint, const uint8_t *bytes,
                            size_t size, bool intact)
{
    (void)owner, (void)address, (void)endpoint, (void)bytes, (void)size, (void)intact;
}

static bool isochronous_in(void *owner, uint8_t address, uint8_t endpoint, struct usb_data *data)
{
    (void)owner, (void)address, (void)endpoint, (void)data;
    return false;
}

const struct usb_port_ops gadget_port = {
    .reset_begin = reset_begin,
    .reset_end = nothing,
    .sof = sof,
    .suspend = suspend,
    .resume = nothing,
    .setup = setup,
    .out = out,
    .in = in,
    .in_acknowledged = in_acknowledged,
    .isochronous_out = isochronous_out,
    .isochronous_in = isochronous_in,
};

static void hear_vbus(void *owner, enum wire_id wire, bool level)
{
    struct gadget *gadget = owner;

    (void)wire;
    wire_set(gadget->wires, WIRE_USB_PULLUP, level);
}

void gadget_init(struct gadget *gadget, enum gadget_fault fault, struct scheduler *scheduler,
                 struct wires *wires)
{
    memset(gadget, 0, sizeof *gadget);
    gadget->fault = fault;
    gadget->scheduler = scheduler;
    gadget->wires = wires;
    gadget_format(gadget->disk, GADGET_BLOCKS);
    if (fault == DAMAGED_FAT)
        gadget->disk[512 + 9] ^= 0xf0;
    wire_connect(wires, WIRE_VBUS, hear_vbus, gadget);
    scheduler_handle(scheduler, EVENT_USBD_SUSPEND, press_key, gadget);
}
