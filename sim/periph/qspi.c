/* SPDX-License-Identifier: Apache-2.0 */
/*
 * QSPI (PS v1.7, 6.19).
 *
 * Deviations:
 *   1. The pins lead to a flash of 8 MiB, of which 128 KiB can hold something at one time
 *      (sim/board/nor_flash.c); what is programmed beyond is reported as unmodelled.
 *   2. Words, not bits: one is over after the time of its clocks on SCK, at 32 MHz / (SCKFREQ + 1).
 *      The wire waits for EasyDMA, and no word is read ahead.
 *   3. At 0x12000000 the CPU reads the flash (XIP), but cannot execute from there: that is a bus
 *      fault. A read takes no longer than any other, also while EasyDMA moves or the flash is busy.
 *   4. READY of WRITESTART comes when the last word was sent, READY of ERASESTART when the command
 *      was; the flash is busy for some time after, and the next task waits for it, ACTIVATE too
 *      (as nrfx_qspi.c has it).
 *   5. ADDRCONF sends nothing, SPIMODE, RXDELAY and SCKDELAY have no effect. Flash of 8 MiB needs
 *      no 32-bit addresses: what is above is ignored.
 *   6. The flash has pages of the size of PPSIZE, and understands all opcodes without its QE bit.
 *   7. Without SCK, CSN, IO0 and IO1 all reads give zeros. In deep power-down, too.
 *   8. A task or an instruction while the interface is busy, or not active, is reported and
 * ignored.
 *   9. DEACTIVATE and ENABLE = 0 drop a transfer; DEACTIVATE raises READY.
 */
#include "sim/periph/qspi.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/mem/map.h"
#include "sim/periph/place.h"

#include <string.h>

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#define FIELD(reg, name, lsb, width, brief) reg##_##name##_LSB = (lsb), reg##_##name##_WIDTH = (width),
#include "driver/regs/qspi.def"
};

static const struct reg_desc qspi_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/qspi.def"
};

static const struct field_desc qspi_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/qspi.def"
};
/* clang-format on */

enum { INDEX_READ, INDEX_WRITE };
enum { WORD = 4, OPCODE_CLOCKS = 8, WRITE_ENABLE = 0x06, READ_STATUS = 0x05 };
enum { DPM_UNIT = 256 * 4 }; /* 256 times 62.5 ns, in cycles */

enum operation { IDLE, ACTIVATING, READING, WRITING, ERASING, INSTRUCTING, POWERING };

#define FIELD_OF(qspi, reg, field)                                                                 \
    extract32(regfile_get(&(qspi)->regs, reg), reg##_##field##_LSB, reg##_##field##_WIDTH)

static struct easydma *dma_of(const struct qspi *qspi)
{
    return qspi->regs.fabric->easydma;
}

static bool is_connected(const struct qspi *qspi)
{
    return !((regfile_get(&qspi->regs, PSEL_SCK) | regfile_get(&qspi->regs, PSEL_CSN) |
              regfile_get(&qspi->regs, PSEL_IO0) | regfile_get(&qspi->regs, PSEL_IO1)) &
             bit32(31));
}

/* The flash answers to READ and WRITE. */
static bool answers(const struct qspi *qspi)
{
    return is_connected(qspi) && !qspi->flash.state.asleep;
}

static bool flash_is_busy(const struct qspi *qspi)
{
    return is_connected(qspi) && qspi->flash.state.busy;
}

static void show_status(struct qspi *qspi)
{
    bool ready = qspi->state.active && qspi->state.operation == IDLE;

    regfile_set(&qspi->regs, STATUS,
                (uint32_t)qspi->state.status << STATUS_SREG_LSB |
                    (uint32_t)ready << STATUS_READY_LSB |
                    (uint32_t)qspi->flash.state.asleep << STATUS_DPM_LSB);
}

static void read_status(struct qspi *qspi)
{
    qspi->state.status = answers(qspi) ? nor_flash_status(&qspi->flash) : 0;
    show_status(qspi);
}

static void finish(struct qspi *qspi)
{
    qspi->state.operation = IDLE;
    show_status(qspi);
    regfile_raise(&qspi->regs, EVENTS_READY);
}

/* ---- The wire -------------------------------------------------------------------------------- */

static void step_after(struct qspi *qspi, uint32_t clocks)
{
    scheduler_add(qspi->regs.fabric->scheduler, EVENT_QSPI_STEP, 0,
                  (sim_time)clocks * 2 * (FIELD_OF(qspi, IFCONFIG1, SCKFREQ) + 1), 0);
}

/* The next step is over after `clocks` of SCK, which begin when the flash is idle. */
static void step_when_idle(struct qspi *qspi, uint32_t clocks)
{
    if (flash_is_busy(qspi))
        qspi->state.held = clocks;
    else
        step_after(qspi, clocks);
}

static void flash_works_for(struct qspi *qspi, sim_time duration)
{
    if (duration)
        scheduler_add(qspi->regs.fabric->scheduler, EVENT_QSPI_FLASH, 0, duration, 0);
}

static void flash_is_done(void *owner, const struct event *event)
{
    struct qspi *qspi = owner;
    uint32_t clocks = qspi->state.held;

    (void)event;
    nor_flash_done(&qspi->flash);
    if (!clocks)
        return;
    qspi->state.held = 0;
    read_status(qspi);
    step_after(qspi, clocks);
}

/* SCK clocks of four bytes, of an address, and of what stands between it and the data. */
struct shape {
    uint8_t word;
    uint8_t address_byte;
    uint8_t dummy;
};

static struct shape shape_of(const struct qspi *qspi)
{
    static const struct shape reads[] = {{32, 8, 8}, {16, 8, 8}, {16, 4, 4}, {8, 8, 8},
                                         {8, 2, 6},  {8, 2, 6},  {8, 2, 6},  {8, 2, 6}};
    static const struct shape writes[] = {{32, 8, 0}, {16, 8, 0}, {8, 8, 0}, {8, 2, 0},
                                          {8, 2, 0},  {8, 2, 0},  {8, 2, 0}, {8, 2, 0}};

    if (qspi->state.operation == READING)
        return reads[FIELD_OF(qspi, IFCONFIG0, READOC)];
    return writes[FIELD_OF(qspi, IFCONFIG0, WRITEOC)];
}

static uint32_t address_bytes(const struct qspi *qspi)
{
    return FIELD_OF(qspi, IFCONFIG0, ADDRMODE) ? 4 : 3;
}

/* WREN, if it is a write, opcode, address and the first word. */
static void begin_command(struct qspi *qspi)
{
    struct shape shape = shape_of(qspi);
    uint32_t opcodes = qspi->state.operation == READING ? 1 : 2;

    step_when_idle(qspi, opcodes * OPCODE_CLOCKS + address_bytes(qspi) * shape.address_byte +
                             shape.dummy + shape.word);
}

/* ---- Custom instructions --------------------------------------------------------------------- */

static void send_write_enable(struct qspi *qspi)
{
    nor_flash_select(&qspi->flash);
    (void)nor_flash_exchange(&qspi->flash, WRITE_ENABLE);
    (void)nor_flash_deselect(&qspi->flash);
}

static uint32_t data_bytes(const struct qspi *qspi)
{
    uint32_t length = FIELD_OF(qspi, CINSTRCONF, LENGTH);

    if (!length)
        return 0;
    return length > 9 ? 8 : length - 1;
}

/* Exchanges CINSTRDAT byte by byte. */
static void exchange_data(struct qspi *qspi, uint32_t count)
{
    uint8_t bytes[8];

    store_le32(bytes, regfile_get(&qspi->regs, CINSTRDAT0));
    store_le32(bytes + 4, regfile_get(&qspi->regs, CINSTRDAT1));
    for (uint32_t i = 0; i < count; i++)
        bytes[i] = is_connected(qspi) ? nor_flash_exchange(&qspi->flash, bytes[i]) : 0;
    regfile_set(&qspi->regs, CINSTRDAT0, load_le32(bytes));
    regfile_set(&qspi->regs, CINSTRDAT1, load_le32(bytes + 4));
}

static void begin_frame(struct qspi *qspi)
{
    if (!is_connected(qspi))
        return;
    if (FIELD_OF(qspi, CINSTRCONF, WREN))
        send_write_enable(qspi);
    nor_flash_select(&qspi->flash);
    (void)nor_flash_exchange(&qspi->flash, (uint8_t)FIELD_OF(qspi, CINSTRCONF, OPCODE));
}

static void report_lost(struct qspi *qspi)
{
    struct trace *trace = qspi->regs.fabric->trace;

    if (!qspi->flash.state.lost)
        return;
    qspi->flash.state.lost = false;
    trace_emit(trace, (struct observation){
                          .kind = OBS_UNMODELLED,
                          .unmodelled = {.pc = trace->state.pc,
                                         .address = BASE_QSPI + WRITE_DST,
                                         .size = WORD,
                                         .write = true,
                                         .value = qspi->state.address,
                                         .block = "more than 128 KiB of external flash"}});
}

static void end_frame(struct qspi *qspi)
{
    qspi->state.in_frame = false;
    if (is_connected(qspi))
        flash_works_for(qspi, nor_flash_deselect(&qspi->flash));
    report_lost(qspi);
}

static void carry_out_instruction(struct qspi *qspi)
{
    if (!qspi->state.in_frame)
        begin_frame(qspi);
    exchange_data(qspi, data_bytes(qspi));
    qspi->state.in_frame = FIELD_OF(qspi, CINSTRCONF, LFEN) && !FIELD_OF(qspi, CINSTRCONF, LFSTOP);
    if (!qspi->state.in_frame)
        end_frame(qspi);
    if (FIELD_OF(qspi, CINSTRCONF, OPCODE) == READ_STATUS)
        read_status(qspi);
    finish(qspi);
}

/* ---- Steps ----------------------------------------------------------------------------------- */

static void erase(struct qspi *qspi)
{
    static const uint32_t sizes[] = {NOR_SECTOR, NOR_BLOCK, NOR_SIZE, NOR_SIZE};

    if (answers(qspi))
        flash_works_for(qspi, nor_flash_erase(&qspi->flash, qspi->state.address,
                                              sizes[FIELD_OF(qspi, ERASE_LEN, LEN)]));
    finish(qspi);
}

static void change_power(struct qspi *qspi)
{
    if (is_connected(qspi))
        qspi->flash.state.asleep = (uint8_t)FIELD_OF(qspi, IFCONFIG1, DPMEN);
    qspi->state.operation = IDLE; /* no task: no event */
    show_status(qspi);
}

static void step(void *owner, const struct event *event)
{
    struct qspi *qspi = owner;

    (void)event;
    switch ((enum operation)qspi->state.operation) {
    case ACTIVATING:
        read_status(qspi);
        finish(qspi);
        break;
    case READING:
        easydma_request(dma_of(qspi), qspi->read, WORD);
        break;
    case WRITING:
        easydma_request(dma_of(qspi), qspi->write, WORD);
        break;
    case ERASING:
        erase(qspi);
        break;
    case INSTRUCTING:
        carry_out_instruction(qspi);
        break;
    case POWERING:
        change_power(qspi);
        break;
    case IDLE:
        break;
    }
}

/* ---- Tasks ----------------------------------------------------------------------------------- */

static bool may_begin(struct qspi *qspi, uint32_t offset, uint32_t value)
{
    enum misuse misuse = MISUSE_NOT_READY;

    if (!FIELD_OF(qspi, ENABLE, ENABLE))
        misuse = MISUSE_DISABLED;
    else if (qspi->state.operation == READING || qspi->state.operation == WRITING)
        misuse = MISUSE_DMA_BUSY;
    else if (qspi->state.active && qspi->state.operation == IDLE)
        return true;
    regfile_misuse(&qspi->regs, misuse, offset, value); /* deviation 8 */
    return false;
}

static void begin(struct qspi *qspi, enum operation operation)
{
    qspi->state.operation = (uint8_t)operation;
    show_status(qspi);
}

/* Asks for the status of the flash until it is idle. */
static void activate(void *owner, unsigned index, uint32_t value)
{
    struct qspi *qspi = owner;

    (void)index;
    if (!FIELD_OF(qspi, ENABLE, ENABLE)) {
        regfile_misuse(&qspi->regs, MISUSE_DISABLED, TASKS_ACTIVATE, value);
        return;
    }
    if (qspi->state.operation != IDLE)
        return;
    qspi->state.active = true;
    begin(qspi, ACTIVATING);
    step_when_idle(qspi, 2 * OPCODE_CLOCKS);
}

static void readstart(void *owner, unsigned index, uint32_t value)
{
    struct qspi *qspi = owner;

    (void)index;
    if (!may_begin(qspi, TASKS_READSTART, value))
        return;
    begin(qspi, READING);
    easydma_start(dma_of(qspi), qspi->read, qspi->regs.fabric->trigger);
}

static void writestart(void *owner, unsigned index, uint32_t value)
{
    struct qspi *qspi = owner;

    (void)index;
    if (!may_begin(qspi, TASKS_WRITESTART, value))
        return;
    begin(qspi, WRITING);
    easydma_start(dma_of(qspi), qspi->write, qspi->regs.fabric->trigger);
}

static void erasestart(void *owner, unsigned index, uint32_t value)
{
    struct qspi *qspi = owner;

    (void)index;
    if (!may_begin(qspi, TASKS_ERASESTART, value))
        return;
    begin(qspi, ERASING);
    qspi->state.address = regfile_get(&qspi->regs, ERASE_PTR);
    step_when_idle(qspi, (2 + address_bytes(qspi)) * OPCODE_CLOCKS);
}

static void cinstrconf_written(void *owner, unsigned index, uint32_t value)
{
    struct qspi *qspi = owner;
    uint32_t clocks = (1 + data_bytes(qspi)) * OPCODE_CLOCKS;

    (void)index;
    if (!may_begin(qspi, CINSTRCONF, value))
        return;
    begin(qspi, INSTRUCTING);
    if (FIELD_OF(qspi, CINSTRCONF, WIPWAIT))
        step_when_idle(qspi, clocks);
    else
        step_after(qspi, clocks);
}

static void ifconfig1_written(void *owner, unsigned index, uint32_t value)
{
    struct qspi *qspi = owner;
    bool enter = FIELD_OF(qspi, IFCONFIG1, DPMEN);
    uint32_t units = enter ? FIELD_OF(qspi, DPMDUR, ENTER) : FIELD_OF(qspi, DPMDUR, EXIT);

    (void)index;
    if (!FIELD_OF(qspi, IFCONFIG0, DPMENABLE) || enter == qspi->flash.state.asleep ||
        !qspi->state.active || !may_begin(qspi, IFCONFIG1, value))
        return;
    begin(qspi, POWERING);
    scheduler_add(qspi->regs.fabric->scheduler, EVENT_QSPI_STEP, 0, (sim_time)units * DPM_UNIT, 0);
}

/* Ends whatever is under way; the flash goes on by itself. */
static void stand_still(struct qspi *qspi, uint32_t offset, uint32_t value)
{
    if (easydma_running(dma_of(qspi), qspi->read) || easydma_running(dma_of(qspi), qspi->write))
        regfile_misuse(&qspi->regs, MISUSE_DISABLED_IN_FLIGHT, offset, value);
    easydma_abort(dma_of(qspi), qspi->read);
    easydma_abort(dma_of(qspi), qspi->write);
    scheduler_cancel(qspi->regs.fabric->scheduler, EVENT_QSPI_STEP, 0);
    if (qspi->state.in_frame)
        end_frame(qspi);
    memset(&qspi->state, 0, sizeof qspi->state);
    show_status(qspi);
}

static void deactivate(void *owner, unsigned index, uint32_t value)
{
    struct qspi *qspi = owner;

    (void)index;
    stand_still(qspi, TASKS_DEACTIVATE, value);
    if (FIELD_OF(qspi, ENABLE, ENABLE))
        finish(qspi);
}

static void enable_written(void *owner, unsigned index, uint32_t value)
{
    struct qspi *qspi = owner;

    (void)index;
    if (!FIELD_OF(qspi, ENABLE, ENABLE))
        stand_still(qspi, ENABLE, value);
}

/* Ready again means that the transfer is over, as the event does. */
static uint32_t status_read(void *owner, unsigned index)
{
    struct qspi *qspi = owner;
    uint32_t status = regfile_get(&qspi->regs, STATUS);

    (void)index;
    if (status & bit32(STATUS_READY_LSB)) {
        easydma_observed(dma_of(qspi), qspi->read, BASE_QSPI + STATUS);
        easydma_observed(dma_of(qspi), qspi->write, BASE_QSPI + STATUS);
    }
    return status;
}

/* ---- EasyDMA --------------------------------------------------------------------------------- */

static void started(void *owner, unsigned index)
{
    struct qspi *qspi = owner;
    unsigned channel = index == INDEX_READ ? qspi->read : qspi->write;

    qspi->state.address = regfile_get(&qspi->regs, index == INDEX_READ ? READ_SRC : WRITE_DST);
    if (easydma_size(dma_of(qspi), channel))
        begin_command(qspi);
}

static void supply(void *owner, unsigned index, uint32_t offset, uint8_t *bytes, uint32_t size)
{
    struct qspi *qspi = owner;

    (void)index;
    for (uint32_t i = 0; i < size && answers(qspi); i++)
        bytes[i] = nor_flash_read(&qspi->flash, qspi->state.address + offset + i);
    if (offset + size < easydma_size(dma_of(qspi), qspi->read) &&
        !easydma_outstanding(dma_of(qspi), qspi->read))
        step_after(qspi, shape_of(qspi).word);
}

static void program(struct qspi *qspi, uint32_t offset, const uint8_t *bytes, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++)
        nor_flash_program(&qspi->flash, qspi->state.address + offset + i, bytes[i]);
    report_lost(qspi);
}

static void receive(void *owner, unsigned index, uint32_t offset, const uint8_t *bytes,
                    uint32_t size)
{
    struct qspi *qspi = owner;
    uint32_t page = FIELD_OF(qspi, IFCONFIG0, PPSIZE) ? 512 : 256;
    uint32_t done = offset + size;
    bool is_last = done == easydma_size(dma_of(qspi), qspi->write);
    bool ends_page = is_last || (qspi->state.address + done) % page == 0;

    (void)index;
    if (answers(qspi))
        program(qspi, offset, bytes, size);
    if (ends_page && answers(qspi))
        flash_works_for(qspi, nor_flash_end_page(&qspi->flash));
    if (is_last || easydma_outstanding(dma_of(qspi), qspi->write))
        return;
    if (ends_page)
        begin_command(qspi);
    else
        step_after(qspi, shape_of(qspi).word);
}

static void drained(void *owner, unsigned index)
{
    struct qspi *qspi = owner;

    easydma_end(dma_of(qspi), index == INDEX_READ ? qspi->read : qspi->write);
}

static void ended(void *owner, unsigned index, uint32_t amount)
{
    (void)index, (void)amount;
    finish(owner);
}

/* ---- XIP ------------------------------------------------------------------------------------- */

/* The interface must be active (PS v1.7, 6.19.3): else it is reported, and zeros are read. */
static bool xip_look(void *owner, uint32_t offset, unsigned size, uint32_t *value)
{
    const struct qspi *qspi = owner;
    uint8_t bytes[4] = {0};

    for (unsigned i = 0; i < size && qspi->state.active && answers(qspi); i++)
        bytes[i] = nor_flash_read(&qspi->flash, regfile_get(&qspi->regs, XIPOFFSET) + offset + i);
    *value = (uint32_t)load_le(bytes, size);
    return true;
}

static bool xip_read(void *owner, uint32_t offset, unsigned size, uint32_t *value)
{
    struct qspi *qspi = owner;

    if (!qspi->state.active)
        regfile_misuse(&qspi->regs, MISUSE_READ_NOT_READY, XIPOFFSET, 0);
    return xip_look(owner, offset, size, value);
}

/* It is read-only: what is written is reported as unmodelled. */
static bool xip_write(void *owner, uint32_t offset, unsigned size, uint32_t value)
{
    (void)owner, (void)offset, (void)size, (void)value;
    return false;
}

static const struct bus_ops xip = {.read = xip_read, .write = xip_write, .peek = xip_look};

/* ---- Wiring ---------------------------------------------------------------------------------- */

static const struct reg_hook qspi_hooks[] = {
    {TASKS_ACTIVATE, activate, NULL},       {TASKS_READSTART, readstart, NULL},
    {TASKS_WRITESTART, writestart, NULL},   {TASKS_ERASESTART, erasestart, NULL},
    {TASKS_DEACTIVATE, deactivate, NULL},   {ENABLE, enable_written, NULL},
    {IFCONFIG1, ifconfig1_written, NULL},   {STATUS, NULL, status_read},
    {CINSTRCONF, cinstrconf_written, NULL}, {0, NULL, NULL},
};

const struct block_spec qspi_spec = {
    .name = "QSPI",
    .base = BASE_QSPI,
    .size = REGFILE_SIZE,
    .irq = LINE_QSPI,
    .regs = qspi_regs,
    .reg_count = ARRAY_LENGTH(qspi_regs),
    .fields = qspi_fields,
    .field_count = ARRAY_LENGTH(qspi_fields),
    .hooks = qspi_hooks,
};

static const struct easydma_ops dma_ops = {
    .started = started, .receive = receive, .supply = supply, .drained = drained, .ended = ended};

static void add_channels(struct qspi *qspi, struct easydma *dma)
{
    const struct easydma_channel read = {
        .name = {"QSPI", "READ", "TASKS_READSTART", 0x1ffffc, DMA_ON_CHIP},
        .direction = DMA_WRITES_RAM,
        .index = INDEX_READ,
        .ptr = READ_DST,
        .maxcnt = READ_CNT,
        .end_event = EVENTS_READY,
        .count_mask = 0x1ffffc,
        .unit = 1,
        .paced = true};
    const struct easydma_channel write = {
        .name = {"QSPI", "WRITE", "TASKS_WRITESTART", 0x1ffffc, DMA_OFF_CHIP},
        .direction = DMA_READS_RAM,
        .index = INDEX_WRITE,
        .ptr = WRITE_SRC,
        .maxcnt = WRITE_CNT,
        .end_event = EVENTS_READY,
        .count_mask = 0x1ffffc,
        .unit = 1,
        .paced = true};

    qspi->read = easydma_add(dma, &qspi->regs, read, &dma_ops, qspi);
    qspi->write = easydma_add(dma, &qspi->regs, write, &dma_ops, qspi);
}

void qspi_init(struct qspi *qspi, struct fabric *fabric, const struct block_spec *spec)
{
    memset(&qspi->state, 0, sizeof qspi->state);
    regfile_init(&qspi->regs, spec, fabric, qspi);
    state_register(fabric->state, "QSPI", &qspi->state, sizeof qspi->state);
    nor_flash_init(&qspi->flash, fabric->state);
    scheduler_handle(fabric->scheduler, EVENT_QSPI_STEP, step, qspi);
    scheduler_handle(fabric->scheduler, EVENT_QSPI_FLASH, flash_is_done, qspi);
    add_channels(qspi, fabric->easydma);
    bus_claim(fabric->bus, (struct byte_range){XIP_BASE, XIP_SIZE}, "XIP", &xip, qspi);
}

void qspi_reset(struct qspi *qspi, enum reset_kind reason)
{
    struct scheduler *scheduler = qspi->regs.fabric->scheduler;

    regfile_reset(&qspi->regs);
    scheduler_cancel(scheduler, EVENT_QSPI_STEP, 0);
    memset(&qspi->state, 0, sizeof qspi->state);
    if (reason == RESET_POWER_ON) {
        scheduler_cancel(scheduler, EVENT_QSPI_FLASH, 0);
        nor_flash_power_on(&qspi->flash);
    }
    show_status(qspi);
}
