/* SPDX-License-Identifier: Apache-2.0 */
/*
 * I2S: inter-IC sound interface (PS v1.7, 6.10).
 *
 * A buffer begins where the one before ends, without the CPU: PTR is captured again then. Nothing
 * but the next PTRUPD, or STOPPED, tells the CPU that a buffer is its own again.
 *
 * Deviations:
 *   1. Frames, not bits: what FORMAT and ALIGN say makes no difference to the samples. Pins carry
 *      no edges. A frame is rounded down to a cycle.
 *   2. The first frame begins when the transmitter has its first word. When EasyDMA is late the
 *      next frame waits; nothing is lost and nothing sent twice.
 *   3. Up to 8 bytes are fetched before they are sent: TXPTRUPD comes that much before the last
 *      sample is on the wire.
 *   4. As a slave it is given the clock of what is plugged in: 16000 frames a second, or those of
 *      its file. With nothing plugged in no frame goes by.
 *   5. STOP takes effect behind the frame under way and raises STOPPED when all that came in is in
 *      RAM; of a block that stands at once. Erratum 55 (PTRUPD behind STOP) does not happen.
 *   6. START while it runs is reported and has no effect. CONFIG is read frame by frame.
 */
#include "sim/periph/i2s.h"

#include "sim/base/bits.h"
#include "sim/base/compiler.h"
#include "sim/base/fifo.h"
#include "sim/board/board.h"
#include "sim/periph/place.h"

#include <string.h>

/* clang-format off */
enum {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) name = (offset),
#define FIELD(reg, name, lsb, width, brief) reg##_##name##_LSB = (lsb),
#include "driver/regs/i2s.def"
};

static const struct reg_desc i2s_regs[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/i2s.def"
};

static const struct field_desc i2s_fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/i2s.def"
};
/* clang-format on */

enum { INDEX_TX, INDEX_RX };
enum { WORD = 4, LEFT = 0, RIGHT = 1, ONLY_LEFT = 1, ONLY_RIGHT = 2 };

static struct easydma *dma_of(const struct i2s *i2s)
{
    return i2s->regs.fabric->easydma;
}

static bool is_set(const struct i2s *i2s, uint32_t reg)
{
    return regfile_get(&i2s->regs, reg) & 1;
}

/* A task that has no effect while the block is disabled. */
static bool arrives(struct i2s *i2s, uint32_t task)
{
    if (is_set(i2s, ENABLE))
        return true;
    regfile_misuse(&i2s->regs, MISUSE_DISABLED, task, 1);
    return false;
}

/* ---- Clocks ---------------------------------------------------------------------------------- */

/* 32 MHz by MCK. The register holds a name for each divisor; other values count in 2^-32. */
static uint64_t divisor(uint32_t mckfreq)
{
    static const struct {
        uint32_t value;
        uint16_t divisor;
    } known[] = {{0x80000000, 2},  {0x50000000, 3},  {0x40000000, 4},  {0x30000000, 5},
                 {0x28000000, 6},  {0x20000000, 8},  {0x18000000, 10}, {0x16000000, 11},
                 {0x11000000, 15}, {0x10000000, 16}, {0x0c000000, 21}, {0x0b000000, 23},
                 {0x08800000, 30}, {0x08400000, 31}, {0x08000000, 32}, {0x06000000, 42},
                 {0x04100000, 63}, {0x020c0000, 125}};

    for (unsigned i = 0; i < ARRAY_LENGTH(known); i++) {
        if (known[i].value == mckfreq)
            return known[i].divisor;
    }
    return mckfreq ? ((uint64_t)1 << 32) / mckfreq : 125;
}

/* Cycles of a frame; 0: nobody gives a clock. */
static sim_time period(const struct i2s *i2s)
{
    static const uint16_t ratios[] = {32, 48, 64, 96, 128, 192, 256, 384, 512};
    uint32_t ratio = regfile_get(&i2s->regs, CONFIG_RATIO);
    bool plugged = i2s->codec && (i2s->codec->loopback || sound_is_plugged(&i2s->codec->sound));

    if (is_set(i2s, CONFIG_MODE)) /* deviation 4 */
        return plugged ? CYCLES_PER_SECOND * 1000ull / codec_millihertz(i2s->codec) : 0;
    if (!is_set(i2s, CONFIG_MCKEN))
        return 0;
    return 2 * divisor(regfile_get(&i2s->regs, CONFIG_MCKFREQ)) *
           ratios[ratio < ARRAY_LENGTH(ratios) ? ratio : ARRAY_LENGTH(ratios) - 1];
}

/* ---- Samples in words ------------------------------------------------------------------------ */

/* Bytes of a sample in RAM. */
static unsigned sample_bytes(const struct i2s *i2s)
{
    static const uint8_t bytes[] = {1, 2, WORD, WORD};

    return bytes[regfile_get(&i2s->regs, CONFIG_SWIDTH)];
}

static bool moves(const struct i2s *i2s, unsigned channel)
{
    uint32_t channels = regfile_get(&i2s->regs, CONFIG_CHANNELS);

    return channel == LEFT ? channels != ONLY_RIGHT : channels != ONLY_LEFT;
}

static unsigned frame_bytes(const struct i2s *i2s)
{
    return sample_bytes(i2s) * (moves(i2s, LEFT) + moves(i2s, RIGHT));
}

static int32_t take(struct i2s_fifo *fifo, unsigned bytes)
{
    uint64_t value = load_le(fifo->bytes, bytes);
    unsigned bits = bytes == WORD ? 24 : 8 * bytes;

    memmove(fifo->bytes, fifo->bytes + bytes, I2S_FIFO - bytes);
    memset(fifo->bytes + I2S_FIFO - bytes, 0, bytes);
    fifo->waiting = (uint8_t)(fifo->waiting - bytes);
    return (int32_t)sign_extend32((uint32_t)value, bits);
}

static void put(struct i2s_fifo *fifo, int32_t sample, unsigned bytes)
{
    store_le(fifo->bytes + fifo->waiting, bytes, (uint32_t)sample);
    fifo->waiting = (uint8_t)(fifo->waiting + bytes);
}

/* ---- Frames ---------------------------------------------------------------------------------- */

/* The transmitter keeps a little ahead of the wire. */
static void fetch(struct i2s *i2s)
{
    uint32_t coming = easydma_outstanding(dma_of(i2s), i2s->tx) + i2s->state.tx.waiting;

    if (easydma_captured(dma_of(i2s), i2s->tx) && coming + WORD <= I2S_AHEAD)
        easydma_request(dma_of(i2s), i2s->tx, (I2S_AHEAD - coming) / WORD * WORD);
}

/* What came in goes to RAM, whole words at a time. */
static void offer(struct i2s *i2s)
{
    uint32_t asked = easydma_outstanding(dma_of(i2s), i2s->rx);
    uint32_t whole = i2s->state.rx.waiting / WORD * WORD;

    if (easydma_captured(dma_of(i2s), i2s->rx) && whole > asked)
        easydma_request(dma_of(i2s), i2s->rx, whole - asked);
}

static bool is_ready(const struct i2s *i2s)
{
    unsigned bytes = frame_bytes(i2s);

    return (!is_set(i2s, CONFIG_TXEN) || i2s->state.tx.waiting >= bytes) &&
           (!is_set(i2s, CONFIG_RXEN) || i2s->state.rx.waiting + bytes <= I2S_FIFO);
}

/* `cycles` of a frame, not 0. */
static void exchange_frame(struct i2s *i2s, sim_time cycles)
{
    bool sends = is_set(i2s, CONFIG_TXEN);
    unsigned bytes = sample_bytes(i2s);
    int32_t sent[SOUND_CHANNELS] = {0};
    int32_t received[SOUND_CHANNELS] = {0};

    for (unsigned i = 0; sends && i < SOUND_CHANNELS; i++) {
        if (moves(i2s, i))
            sent[i] = take(&i2s->state.tx, bytes);
    }
    if (i2s->codec)
        codec_frame(i2s->codec, CYCLES_PER_SECOND * 1000ull / cycles, bytes,
                    sends && !(regfile_get(&i2s->regs, PSEL_SDOUT) & bit32(31)), sent, received);
    for (unsigned i = 0; is_set(i2s, CONFIG_RXEN) && i < SOUND_CHANNELS; i++) {
        if (moves(i2s, i))
            put(&i2s->state.rx, regfile_get(&i2s->regs, PSEL_SDIN) & bit32(31) ? 0 : received[i],
                bytes);
    }
    if (sends)
        fetch(i2s);
    offer(i2s);
}

static void schedule_frame(struct i2s *i2s, sim_time delay)
{
    if (delay)
        scheduler_add(i2s->regs.fabric->scheduler, EVENT_I2S_FRAME, 0, delay, 0);
}

static void frame_is_over(void *owner, const struct event *event)
{
    struct i2s *i2s = owner;
    sim_time cycles = period(i2s);

    (void)event;
    if (i2s->state.stopping) {
        scheduler_add(i2s->regs.fabric->scheduler, EVENT_I2S_STOP, 0, 1, 0);
        return;
    }
    i2s->state.late = !is_ready(i2s); /* deviation 2 */
    if (i2s->state.late || !cycles)
        return;
    exchange_frame(i2s, cycles);
    schedule_frame(i2s, cycles);
}

/* EasyDMA has moved something: a frame that waited can go by, or the first one begin. */
static void go_on(struct i2s *i2s)
{
    if (i2s->state.stopping || !is_ready(i2s))
        return;
    if (!i2s->state.clocked) {
        i2s->state.clocked = true;
        schedule_frame(i2s, period(i2s));
    } else if (i2s->state.late) {
        i2s->state.late = false;
        schedule_frame(i2s, 1);
    }
}

/* ---- Tasks ----------------------------------------------------------------------------------- */

static void start(void *owner, unsigned index, uint32_t value)
{
    struct i2s *i2s = owner;

    (void)index, (void)value;
    if (!arrives(i2s, TASKS_START))
        return;
    if (i2s->state.runs) {
        regfile_misuse(&i2s->regs, MISUSE_DMA_BUSY, TASKS_START, 1); /* deviation 6 */
        return;
    }
    i2s->state.runs = true;
    if (is_set(i2s, CONFIG_TXEN))
        easydma_start(dma_of(i2s), i2s->tx, i2s->regs.fabric->trigger);
    if (is_set(i2s, CONFIG_RXEN))
        easydma_start(dma_of(i2s), i2s->rx, i2s->regs.fabric->trigger);
}

static void stop(void *owner, unsigned index, uint32_t value)
{
    struct i2s *i2s = owner;

    (void)index, (void)value;
    if (!arrives(i2s, TASKS_STOP) || i2s->state.stopping)
        return;
    i2s->state.stopping = true;
    if (!i2s->state.clocked || i2s->state.late) /* else behind the frame under way */
        scheduler_add(i2s->regs.fabric->scheduler, EVENT_I2S_STOP, 0, period(i2s) + 1, 0);
}

static void end_channel(struct i2s *i2s, unsigned channel)
{
    if (easydma_running(dma_of(i2s), channel))
        easydma_end(dma_of(i2s), channel);
}

static void go_idle(struct i2s *i2s)
{
    scheduler_cancel(i2s->regs.fabric->scheduler, EVENT_I2S_FRAME, 0);
    scheduler_cancel(i2s->regs.fabric->scheduler, EVENT_I2S_STOP, 0);
    memset(&i2s->state, 0, sizeof i2s->state);
}

static void stop_is_due(void *owner, const struct event *event)
{
    struct i2s *i2s = owner;

    (void)event;
    if (easydma_outstanding(dma_of(i2s), i2s->rx)) {
        scheduler_add(i2s->regs.fabric->scheduler, EVENT_I2S_STOP, 0, 1, 0);
        return;
    }
    end_channel(i2s, i2s->tx);
    end_channel(i2s, i2s->rx);
    go_idle(i2s);
    regfile_raise(&i2s->regs, EVENTS_STOPPED);
}

/* ---- EasyDMA --------------------------------------------------------------------------------- */

static void started(void *owner, unsigned index)
{
    struct i2s *i2s = owner;

    regfile_raise(&i2s->regs, index == INDEX_TX ? EVENTS_TXPTRUPD : EVENTS_RXPTRUPD);
    if (index == INDEX_TX)
        fetch(i2s);
    else
        offer(i2s);
    go_on(i2s);
}

static void receive(void *owner, unsigned index, uint32_t offset, const uint8_t *bytes,
                    uint32_t size)
{
    struct i2s *i2s = owner;
    struct i2s_fifo *fifo = &i2s->state.tx;

    (void)index, (void)offset;
    memcpy(fifo->bytes + fifo->waiting, bytes, size);
    fifo->waiting = (uint8_t)(fifo->waiting + size);
    go_on(i2s);
}

static void supply(void *owner, unsigned index, uint32_t offset, uint8_t *bytes, uint32_t size)
{
    struct i2s *i2s = owner;
    struct i2s_fifo *fifo = &i2s->state.rx;

    (void)index, (void)offset;
    fifo_take(bytes, fifo->bytes, I2S_FIFO, &fifo->waiting, size);
    go_on(i2s);
}

/* The next buffer begins. One without words never ends by itself. */
static void drained(void *owner, unsigned index)
{
    struct i2s *i2s = owner;
    unsigned channel = index == INDEX_TX ? i2s->tx : i2s->rx;

    if (!easydma_size(dma_of(i2s), channel) || i2s->state.stopping)
        return;
    easydma_end(dma_of(i2s), channel);
    easydma_start(dma_of(i2s), channel, DMA_BY_SHORTCUT);
}

static void ended(void *owner, unsigned index, uint32_t amount)
{
    (void)owner, (void)index, (void)amount; /* PTRUPD of the next buffer and STOPPED tell */
}

/* ---- ENABLE and wiring ----------------------------------------------------------------------- */

static void drop(struct i2s *i2s, unsigned channel)
{
    if (easydma_running(dma_of(i2s), channel))
        regfile_misuse(&i2s->regs, MISUSE_DISABLED_IN_FLIGHT, ENABLE, 0);
    easydma_abort(dma_of(i2s), channel);
}

static void enable_written(void *owner, unsigned index, uint32_t value)
{
    struct i2s *i2s = owner;

    (void)index, (void)value;
    if (is_set(i2s, ENABLE))
        return;
    drop(i2s, i2s->tx);
    drop(i2s, i2s->rx);
    go_idle(i2s);
}

static const struct reg_hook i2s_hooks[] = {
    {TASKS_START, start, NULL},
    {TASKS_STOP, stop, NULL},
    {ENABLE, enable_written, NULL},
    {0, NULL, NULL},
};

const struct block_spec i2s_spec = {
    .name = "I2S",
    .base = BASE_I2S,
    .size = REGFILE_SIZE,
    .irq = LINE_I2S,
    .regs = i2s_regs,
    .reg_count = ARRAY_LENGTH(i2s_regs),
    .fields = i2s_fields,
    .field_count = ARRAY_LENGTH(i2s_fields),
    .hooks = i2s_hooks,
};

static const struct easydma_ops dma_ops = {
    .started = started, .receive = receive, .supply = supply, .drained = drained, .ended = ended};

/* No event says that a transfer is over: that of the next one does. */
static void add_channels(struct i2s *i2s, struct easydma *dma)
{
    struct easydma_channel channel = {
        .name = {"I2S", "TXD", "TASKS_START", 4 * 0x3fff, DMA_OFF_CHIP},
        .direction = DMA_READS_RAM,
        .index = INDEX_TX,
        .ptr = TXD_PTR,
        .maxcnt = RXTXD_MAXCNT,
        .started_event = EVENTS_TXPTRUPD,
        .tells = {EVENTS_STOPPED, EVENTS_TXPTRUPD},
        .count_mask = 0x3fff,
        .unit = WORD,
        .paced = true};

    i2s->tx = easydma_add(dma, &i2s->regs, channel, &dma_ops, i2s);
    channel.name.name = "RXD";
    channel.direction = DMA_WRITES_RAM;
    channel.index = INDEX_RX;
    channel.ptr = RXD_PTR;
    channel.started_event = EVENTS_RXPTRUPD;
    channel.tells[1] = EVENTS_RXPTRUPD;
    i2s->rx = easydma_add(dma, &i2s->regs, channel, &dma_ops, i2s);
}

void i2s_init(struct i2s *i2s, struct fabric *fabric, const struct block_spec *spec)
{
    *i2s = (struct i2s){.codec = fabric->board ? &fabric->board->codec : NULL};
    regfile_init(&i2s->regs, spec, fabric, i2s);
    state_register(fabric->state, "I2S", &i2s->state, sizeof i2s->state);
    scheduler_handle(fabric->scheduler, EVENT_I2S_FRAME, frame_is_over, i2s);
    scheduler_handle(fabric->scheduler, EVENT_I2S_STOP, stop_is_due, i2s);
    add_channels(i2s, fabric->easydma);
}

void i2s_reset(struct i2s *i2s, enum reset_kind reason)
{
    (void)reason;
    regfile_reset(&i2s->regs);
    go_idle(i2s);
}
