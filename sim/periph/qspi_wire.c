/* SPDX-License-Identifier: Apache-2.0 */
/* QSPI: what goes over the wires, step by step, between EasyDMA and the flash (PS v1.7, 6.19). */
#include "sim/periph/place.h"
#include "sim/periph/qspi_parts.h"

enum { INDEX_READ, INDEX_WRITE };
enum { WORD = 4, WRITE_ENABLE = 0x06, READ_STATUS = 0x05 };

static bool is_connected(const struct qspi *qspi)
{
    return !((regfile_get(&qspi->regs, PSEL_SCK) | regfile_get(&qspi->regs, PSEL_CSN) |
              regfile_get(&qspi->regs, PSEL_IO0) | regfile_get(&qspi->regs, PSEL_IO1)) &
             bit32(31));
}

bool qspi_answers(const struct qspi *qspi)
{
    return is_connected(qspi) && !qspi->flash.state.asleep;
}

static bool flash_is_busy(const struct qspi *qspi)
{
    return is_connected(qspi) && qspi->flash.state.busy;
}

static void read_status(struct qspi *qspi)
{
    qspi->state.status = qspi_answers(qspi) ? nor_flash_status(&qspi->flash) : 0;
    qspi_show_status(qspi);
}

/* ---- The wire -------------------------------------------------------------------------------- */

void qspi_step_after(struct qspi *qspi, uint32_t clocks)
{
    scheduler_add(qspi->regs.fabric->scheduler, EVENT_QSPI_STEP, 0,
                  (sim_time)clocks * 2 * (FIELD_OF(qspi, IFCONFIG1, SCKFREQ) + 1), 0);
}

void qspi_step_when_idle(struct qspi *qspi, uint32_t clocks)
{
    if (flash_is_busy(qspi))
        qspi->state.held = clocks;
    else
        qspi_step_after(qspi, clocks);
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
    qspi_step_after(qspi, clocks);
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

uint32_t qspi_address_bytes(const struct qspi *qspi)
{
    return FIELD_OF(qspi, IFCONFIG0, ADDRMODE) ? 4 : 3;
}

/* WREN, if it is a write, opcode, address and the first word. */
static void begin_command(struct qspi *qspi)
{
    struct shape shape = shape_of(qspi);
    uint32_t opcodes = qspi->state.operation == READING ? 1 : 2;

    qspi_step_when_idle(qspi, opcodes * OPCODE_CLOCKS +
                                  qspi_address_bytes(qspi) * shape.address_byte + shape.dummy +
                                  shape.word);
}

/* ---- Custom instructions --------------------------------------------------------------------- */

static void send_write_enable(struct qspi *qspi)
{
    nor_flash_select(&qspi->flash);
    (void)nor_flash_exchange(&qspi->flash, WRITE_ENABLE);
    (void)nor_flash_deselect(&qspi->flash);
}

uint32_t qspi_data_bytes(const struct qspi *qspi)
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

void qspi_end_frame(struct qspi *qspi)
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
    exchange_data(qspi, qspi_data_bytes(qspi));
    qspi->state.in_frame = FIELD_OF(qspi, CINSTRCONF, LFEN) && !FIELD_OF(qspi, CINSTRCONF, LFSTOP);
    if (!qspi->state.in_frame)
        qspi_end_frame(qspi);
    if (FIELD_OF(qspi, CINSTRCONF, OPCODE) == READ_STATUS)
        read_status(qspi);
    qspi_finish(qspi);
}

/* ---- Steps ----------------------------------------------------------------------------------- */

static void erase(struct qspi *qspi)
{
    static const uint32_t sizes[] = {NOR_SECTOR, NOR_BLOCK, NOR_SIZE, NOR_SIZE};

    if (qspi_answers(qspi))
        flash_works_for(qspi, nor_flash_erase(&qspi->flash, qspi->state.address,
                                              sizes[FIELD_OF(qspi, ERASE_LEN, LEN)]));
    qspi_finish(qspi);
}

static void change_power(struct qspi *qspi)
{
    if (is_connected(qspi))
        qspi->flash.state.asleep = (uint8_t)FIELD_OF(qspi, IFCONFIG1, DPMEN);
    qspi->state.operation = IDLE; /* no task: no event */
    qspi_show_status(qspi);
}

static void step(void *owner, const struct event *event)
{
    struct qspi *qspi = owner;

    (void)event;
    switch ((enum operation)qspi->state.operation) {
    case ACTIVATING:
        read_status(qspi);
        qspi_finish(qspi);
        break;
    case READING:
        easydma_request(qspi_dma(qspi), qspi->read, WORD);
        break;
    case WRITING:
        easydma_request(qspi_dma(qspi), qspi->write, WORD);
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

/* ---- EasyDMA --------------------------------------------------------------------------------- */

static void started(void *owner, unsigned index)
{
    struct qspi *qspi = owner;
    unsigned channel = index == INDEX_READ ? qspi->read : qspi->write;

    qspi->state.address = regfile_get(&qspi->regs, index == INDEX_READ ? READ_SRC : WRITE_DST);
    if (easydma_size(qspi_dma(qspi), channel))
        begin_command(qspi);
}

static void supply(void *owner, unsigned index, uint32_t offset, uint8_t *bytes, uint32_t size)
{
    struct qspi *qspi = owner;

    (void)index;
    for (uint32_t i = 0; i < size && qspi_answers(qspi); i++)
        bytes[i] = nor_flash_read(&qspi->flash, qspi->state.address + offset + i);
    if (offset + size < easydma_size(qspi_dma(qspi), qspi->read) &&
        !easydma_outstanding(qspi_dma(qspi), qspi->read))
        qspi_step_after(qspi, shape_of(qspi).word);
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
    bool is_last = done == easydma_size(qspi_dma(qspi), qspi->write);
    bool ends_page = is_last || (qspi->state.address + done) % page == 0;

    (void)index;
    if (qspi_answers(qspi))
        program(qspi, offset, bytes, size);
    if (ends_page && qspi_answers(qspi))
        flash_works_for(qspi, nor_flash_end_page(&qspi->flash));
    if (is_last || easydma_outstanding(qspi_dma(qspi), qspi->write))
        return;
    if (ends_page)
        begin_command(qspi);
    else
        qspi_step_after(qspi, shape_of(qspi).word);
}

static void drained(void *owner, unsigned index)
{
    struct qspi *qspi = owner;

    easydma_end(qspi_dma(qspi), index == INDEX_READ ? qspi->read : qspi->write);
}

static void ended(void *owner, unsigned index, uint32_t amount)
{
    (void)index, (void)amount;
    qspi_finish(owner);
}

/* ---- Wiring ---------------------------------------------------------------------------------- */

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

void qspi_wire_init(struct qspi *qspi)
{
    struct fabric *fabric = qspi->regs.fabric;

    scheduler_handle(fabric->scheduler, EVENT_QSPI_STEP, step, qspi);
    scheduler_handle(fabric->scheduler, EVENT_QSPI_FLASH, flash_is_done, qspi);
    add_channels(qspi, fabric->easydma);
}
