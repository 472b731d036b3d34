/* SPDX-License-Identifier: Apache-2.0 */
/* EasyDMA: when it reads and writes RAM, and what is reported, with a block that exists only here.
 */
#include "sim/base/compiler.h"
#include "sim/base/heap.h"
#include "sim/periph/easydma.h"
#include "tests/cmocka.h"
#include "tests/periph/chip.h"

#include <string.h>

enum {
    BASE = 0x40031000,
    ENDTX = 0x100,
    ENDRX = 0x104,
    STOPPED = 0x108,
    TX = 0x600, /* PTR, MAXCNT, AMOUNT, LIST */
    RX = 0x620,
    SLOW = 0x640, /* a paced channel, to RAM */
    BUFFER = 0x20001000,
    LOG_ROOM = 128,
};

struct toy {
    struct chip *chip;
    struct easydma easydma;
    struct regfile regs;
    unsigned tx;
    unsigned rx;
    unsigned slow;
    unsigned started;
    unsigned drained;
    unsigned ended;
    uint32_t received;
    uint8_t device[64];
    unsigned logged;
    struct observation log[LOG_ROOM];
};

static const struct reg_desc regs[] = {
    {"EVENTS_ENDTX", "", 0, ENDTX, 0, 1, REG_EVENT},
    {"EVENTS_ENDRX", "", 0, ENDRX, 0, 1, REG_EVENT},
    {"EVENTS_STOPPED", "", 0, STOPPED, 0, 1, REG_EVENT},
    {"TX_PTR", "", 0, TX, 0, 1, REG_DMA_PTR},
    {"TX_MAXCNT", "", 0, TX + 4, 0, 1, REG_DMA_MAXCNT},
    {"TX_AMOUNT", "", 0, TX + 8, 0, 1, REG_DMA_AMOUNT},
    {"TX_LIST", "", 0, TX + 12, 0, 1, REG_RW},
    {"RX_PTR", "", 0, RX, 0, 1, REG_DMA_PTR},
    {"RX_MAXCNT", "", 0, RX + 4, 0, 1, REG_DMA_MAXCNT},
    {"RX_AMOUNT", "", 0, RX + 8, 0, 1, REG_DMA_AMOUNT},
    {"SLOW_PTR", "", 0, SLOW, 0, 1, REG_DMA_PTR},
    {"SLOW_MAXCNT", "", 0, SLOW + 4, 0, 1, REG_DMA_MAXCNT},
    {"SLOW_AMOUNT", "", 0, SLOW + 8, 0, 1, REG_DMA_AMOUNT},
};

static const struct block_spec spec = {
    .name = "TOY",
    .base = BASE,
    .size = REGFILE_SIZE,
    .irq = NO_IRQ,
    .regs = regs,
    .reg_count = ARRAY_LENGTH(regs),
};

static void on_started(void *owner, unsigned index)
{
    (void)index;
    ((struct toy *)owner)->started++;
}

static void on_receive(void *owner, unsigned index, uint32_t offset, const uint8_t *bytes,
                       uint32_t size)
{
    struct toy *toy = owner;

    assert_int_equal(index, 7);
    assert_int_equal(offset, toy->received);
    assert_true(offset + size <= sizeof toy->device);
    memcpy(toy->device + offset, bytes, size);
    toy->received += size;
}

static void on_supply(void *owner, unsigned index, uint32_t offset, uint8_t *bytes, uint32_t size)
{
    struct toy *toy = owner;

    assert_true(index == 9 || index == 11);
    memcpy(bytes, toy->device + offset, size);
}

static void on_ended(void *owner, unsigned index, uint32_t amount)
{
    struct toy *toy = owner;

    (void)amount;
    toy->ended++;
    regfile_raise(&toy->regs, index == 7 ? ENDTX : ENDRX);
}

static void on_drained(void *owner, unsigned index)
{
    (void)index;
    ((struct toy *)owner)->drained++;
}

static const struct easydma_ops transmit = {
    .started = on_started, .receive = on_receive, .ended = on_ended};
static const struct easydma_ops take = {
    .started = on_started, .supply = on_supply, .ended = on_ended};
static const struct easydma_ops take_slowly = {
    .started = on_started, .supply = on_supply, .drained = on_drained, .ended = on_ended};

static void see(void *owner, const struct observation *observation)
{
    struct toy *toy = owner;

    assert_true(toy->logged < LOG_ROOM);
    toy->log[toy->logged++] = *observation;
}

static int set_up(void **state)
{
    const struct easydma_channel tx = {.name = {"TOY", "TX", "TASKS_STARTTX", 64, DMA_ON_CHIP},
                                       .direction = DMA_READS_RAM,
                                       .index = 7,
                                       .ptr = TX,
                                       .maxcnt = TX + 4,
                                       .amount = TX + 8,
                                       .list = TX + 12,
                                       .end_event = ENDTX,
                                       .tells = {STOPPED},
                                       .count_mask = 0x7f,
                                       .unit = 1};
    const struct easydma_channel rx = {.name = {"TOY", "RX", "TASKS_STARTRX", 64, DMA_ON_CHIP},
                                       .direction = DMA_WRITES_RAM,
                                       .index = 9,
                                       .ptr = RX,
                                       .maxcnt = RX + 4,
                                       .amount = RX + 8,
                                       .end_event = ENDRX,
                                       .count_mask = 0x1f,
                                       .unit = 2};
    const struct easydma_channel slow = {
        .name = {"TOY", "SLOW", "TASKS_STARTSLOW", 64, DMA_ON_CHIP},
        .direction = DMA_WRITES_RAM,
        .index = 11,
        .ptr = SLOW,
        .maxcnt = SLOW + 4,
        .amount = SLOW + 8,
        .end_event = ENDRX,
        .tells = {STOPPED},
        .count_mask = 0x7f,
        .unit = 1,
        .paced = true};
    struct toy *toy = heap_allocate(1, sizeof *toy);

    toy->chip = chip_new();
    regfile_init(&toy->regs, &spec, &toy->chip->fabric, toy);
    easydma_init(&toy->easydma, &toy->chip->fabric);
    toy->tx = easydma_add(&toy->easydma, &toy->regs, tx, &transmit, toy);
    toy->rx = easydma_add(&toy->easydma, &toy->regs, rx, &take, toy);
    toy->slow = easydma_add(&toy->easydma, &toy->regs, slow, &take_slowly, toy);
    trace_subscribe(&toy->chip->trace,
                    TRACE_KIND(DMA_OPEN) | TRACE_KIND(DMA_CAPTURE) | TRACE_KIND(DMA_WORD) |
                        TRACE_KIND(DMA_CLOSE) | TRACE_KIND(DMA_OBSERVED),
                    see, toy);
    *state = toy;
    return 0;
}

static int tear_down(void **state)
{
    struct toy *toy = *state;

    chip_free(toy->chip);
    heap_release(toy);
    return 0;
}

static uint8_t *ram(struct toy *toy, guest_addr address)
{
    return memory_at(&toy->chip->memory, (struct byte_range){address, 1});
}

static void describe(struct toy *toy, uint32_t descriptor, guest_addr ptr, uint32_t maxcnt)
{
    chip_write(toy->chip, BASE + descriptor, ptr);
    chip_write(toy->chip, BASE + descriptor + 4, maxcnt);
}

/* Passes the time in which a transfer of `words` words ends, at the typical speed. */
static void finish(struct toy *toy, unsigned words)
{
    chip_pass(toy->chip, 8 + 64 + 16 * words + 8);
}

static void assert_kinds(const struct toy *toy, unsigned count, const enum observation_kind *kinds)
{
    assert_int_equal(toy->logged, count);
    for (unsigned i = 0; i < count; i++)
        assert_int_equal(toy->log[i].kind, kinds[i]);
}

static void starting_touches_neither_ram_nor_events(void **state)
{
    struct toy *toy = *state;

    describe(toy, TX, BUFFER, 8);
    easydma_start(&toy->easydma, toy->tx, DMA_BY_CPU);
    assert_int_equal(toy->received, 0);
    assert_int_equal(toy->started + toy->ended, 0);
    assert_true(easydma_running(&toy->easydma, toy->tx));
}

static void a_transfer_is_told_from_open_to_observed(void **state)
{
    struct toy *toy = *state;
    const enum observation_kind story[] = {OBS_DMA_OPEN, OBS_DMA_CAPTURE, OBS_DMA_WORD,
                                           OBS_DMA_WORD, OBS_DMA_CLOSE,   OBS_DMA_OBSERVED};

    describe(toy, TX, BUFFER, 8);
    memcpy(ram(toy, BUFFER), "fencepos", 8);
    toy->chip->trace.state.pc = 0x400;
    easydma_start(&toy->easydma, toy->tx, DMA_BY_CPU);
    finish(toy, 2);
    assert_memory_equal(toy->device, "fencepos", 8);
    assert_int_equal(chip_read(toy->chip, BASE + TX + 8), 8);
    assert_false(easydma_running(&toy->easydma, toy->tx));
    assert_int_equal(easydma_transfer_number(&toy->easydma, toy->tx), 1);
    toy->chip->trace.state.pc = 0x408;
    assert_int_equal(chip_read(toy->chip, BASE + ENDTX), 1);
    assert_int_equal(easydma_transfer_number(&toy->easydma, toy->tx), 0);

    assert_kinds(toy, ARRAY_LENGTH(story), story);
    assert_int_equal(toy->log[0].dma_open.transfer, 1);
    assert_int_equal(toy->log[0].dma_open.direction, DMA_READS_RAM);
    assert_int_equal(toy->log[0].dma_open.pc, 0x400);
    assert_int_equal(toy->log[0].dma_open.window.start, BUFFER);
    assert_int_equal(toy->log[0].dma_open.window.size, 8);
    assert_ptr_equal(toy->log[0].dma_open.bytes, ram(toy, BUFFER));
    assert_int_equal(toy->log[3].dma_word.address, BUFFER + 4);
    assert_memory_equal(toy->log[3].dma_word.bytes, "epos", 4);
    assert_int_equal(toy->log[4].dma_close.how, DMA_ENDED);
    assert_int_equal(toy->log[4].dma_close.amount, 8);
    assert_int_equal(toy->log[5].dma_close.how, DMA_OBSERVED);
    assert_int_equal(toy->log[5].dma_close.pc, 0x408);
    assert_int_equal(toy->log[5].dma_close.event, BASE + ENDTX);
}

static void each_step_takes_the_time_its_choice_point_says(void **state)
{
    struct toy *toy = *state;

    describe(toy, TX, BUFFER, 12);
    easydma_start(&toy->easydma, toy->tx, DMA_BY_CPU);
    finish(toy, 3);
    assert_int_equal(toy->log[0].when, 0);
    assert_int_equal(toy->log[1].when, 8);
    assert_int_equal(toy->log[2].when, 8 + 64);
    assert_int_equal(toy->log[3].when, 8 + 64 + 16);
    assert_int_equal(toy->log[4].when, 8 + 64 + 32);
    assert_int_equal(toy->log[5].when, 8 + 64 + 32 + 8);
    assert_int_equal(toy->chip->chooser.state.asked, 5);
}

static void an_eager_engine_is_done_before_the_next_instruction(void **state)
{
    struct toy *toy = *state;

    chooser_set_dma_policy(&toy->chip->chooser, CHOICE_EAGER);
    describe(toy, TX, BUFFER, 64);
    easydma_start(&toy->easydma, toy->tx, DMA_BY_CPU);
    chip_pass(toy->chip, 0);
    assert_int_equal(toy->received, 64);
    assert_int_equal(toy->ended, 1);
}

static void a_store_between_two_words_changes_what_the_second_carries(void **state)
{
    struct toy *toy = *state;

    describe(toy, TX, BUFFER, 8);
    memcpy(ram(toy, BUFFER), "aaaaaaaa", 8);
    easydma_start(&toy->easydma, toy->tx, DMA_BY_CPU);
    chip_pass(toy->chip, 8 + 64);
    memcpy(ram(toy, BUFFER), "bbbbbbbb", 8);
    chip_pass(toy->chip, 100);
    assert_memory_equal(toy->device, "aaaabbbb", 8);
}

static void a_received_buffer_fills_word_by_word(void **state)
{
    struct toy *toy = *state;

    memcpy(toy->device, "12345678", 8);
    describe(toy, RX, BUFFER, 4); /* unit 2: 8 bytes */
    memset(ram(toy, BUFFER), '-', 12);
    easydma_start(&toy->easydma, toy->rx, DMA_BY_CPU);
    chip_pass(toy->chip, 8 + 64);
    assert_memory_equal(ram(toy, BUFFER), "1234--------", 12);
    chip_pass(toy->chip, 100);
    assert_memory_equal(ram(toy, BUFFER), "12345678----", 12);
    assert_int_equal(chip_read(toy->chip, BASE + RX + 8), 4);
}

static void an_unaligned_window_moves_partial_words_first_and_last(void **state)
{
    struct toy *toy = *state;

    memcpy(ram(toy, BUFFER), "0123456789ab", 12);
    describe(toy, TX, BUFFER + 3, 6);
    easydma_start(&toy->easydma, toy->tx, DMA_BY_CPU);
    finish(toy, 3);
    assert_memory_equal(toy->device, "345678", 6);
    assert_int_equal(toy->log[2].dma_word.size, 1);
    assert_int_equal(toy->log[3].dma_word.size, 4);
    assert_int_equal(toy->log[3].dma_word.address, BUFFER + 4);
    assert_int_equal(toy->log[4].dma_word.size, 1);
}

static void the_descriptor_is_latched_when_it_is_captured(void **state)
{
    struct toy *toy = *state;

    memcpy(ram(toy, BUFFER), "old.new.", 8);
    describe(toy, TX, BUFFER, 4);
    easydma_start(&toy->easydma, toy->tx, DMA_BY_CPU);
    chip_pass(toy->chip, 8);
    describe(toy, TX, BUFFER + 4, 2);
    finish(toy, 1);
    assert_memory_equal(toy->device, "old.", 4);
    assert_int_equal(toy->received, 4);
    assert_int_equal(toy->chip->misuses, 0);
}

static void a_descriptor_written_before_the_capture_counts_and_is_reported(void **state)
{
    struct toy *toy = *state;

    memcpy(ram(toy, BUFFER), "old.new.", 8);
    describe(toy, TX, BUFFER, 4);
    easydma_start(&toy->easydma, toy->tx, DMA_BY_CPU);
    chip_pass(toy->chip, 7);
    chip_write(toy->chip, BASE + TX, BUFFER + 4);
    assert_int_equal(toy->chip->misuses, 1);
    assert_int_equal(toy->chip->misuse[0].misuse, MISUSE_DMA_DESCRIPTOR);
    assert_int_equal(toy->chip->misuse[0].address, BASE + TX);
    assert_int_equal(toy->chip->misuse[0].transfer, 1);
    finish(toy, 1);
    assert_memory_equal(toy->device, "new.", 4);
    assert_int_equal(toy->log[0].dma_open.window.start, BUFFER);
    assert_int_equal(toy->log[1].dma_open.window.start, BUFFER + 4);
}

static void the_other_channels_descriptor_may_be_written_at_any_time(void **state)
{
    struct toy *toy = *state;

    describe(toy, TX, BUFFER, 4);
    easydma_start(&toy->easydma, toy->tx, DMA_BY_CPU);
    describe(toy, RX, BUFFER, 4);
    assert_int_equal(toy->chip->misuses, 0);
}

static void flash_is_read_as_zeros_and_reported_once(void **state)
{
    struct toy *toy = *state;

    memset(toy->chip->memory.flash, 0x5a, 64);
    memset(toy->device, 0xff, sizeof toy->device);
    describe(toy, TX, 0x00000010, 16);
    easydma_start(&toy->easydma, toy->tx, DMA_BY_CPU);
    finish(toy, 4);
    assert_int_equal(toy->received, 16);
    for (unsigned i = 0; i < 16; i++)
        assert_int_equal(toy->device[i], 0);
    assert_int_equal(toy->chip->misuses, 1);
    assert_int_equal(toy->chip->misuse[0].misuse, MISUSE_DMA_OUTSIDE_RAM);
    assert_int_equal(toy->chip->misuse[0].value, 0x10);
    assert_null(toy->log[0].dma_open.bytes);
}

static void a_window_that_leaves_ram_at_its_end_writes_nothing_at_all(void **state)
{
    struct toy *toy = *state;

    memset(toy->device, 0xee, sizeof toy->device);
    describe(toy, RX, 0x2003fffc, 4);
    easydma_start(&toy->easydma, toy->rx, DMA_BY_CPU);
    finish(toy, 2);
    assert_int_equal(toy->ended, 1);
    assert_int_equal(*ram(toy, 0x2003fffc), 0);
    assert_int_equal(toy->chip->misuse[0].misuse, MISUSE_DMA_OUTSIDE_RAM);
}

static void the_code_alias_of_ram_is_out_of_reach(void **state)
{
    struct toy *toy = *state;

    describe(toy, TX, 0x00801000, 4);
    easydma_start(&toy->easydma, toy->tx, DMA_BY_CPU);
    finish(toy, 1);
    assert_int_equal(toy->chip->misuse[0].misuse, MISUSE_DMA_OUTSIDE_RAM);
}

static void an_empty_transfer_starts_and_ends_without_looking_at_its_pointer(void **state)
{
    struct toy *toy = *state;
    const enum observation_kind story[] = {OBS_DMA_OPEN, OBS_DMA_CAPTURE, OBS_DMA_CLOSE};

    describe(toy, TX, 0, 0);
    easydma_start(&toy->easydma, toy->tx, DMA_BY_CPU);
    chip_pass(toy->chip, 8 + 8);
    assert_int_equal(toy->started, 1);
    assert_int_equal(toy->ended, 1);
    assert_int_equal(toy->chip->misuses, 0);
    assert_kinds(toy, ARRAY_LENGTH(story), story);
    assert_int_equal(toy->log[0].dma_open.window.size, 0);
    assert_null(toy->log[0].dma_open.bytes);
}

static void reading_an_event_that_is_not_generated_observes_nothing(void **state)
{
    struct toy *toy = *state;

    describe(toy, TX, BUFFER, 4);
    easydma_start(&toy->easydma, toy->tx, DMA_BY_CPU);
    chip_read(toy->chip, BASE + ENDTX);
    finish(toy, 1);
    chip_read(toy->chip, BASE + ENDRX);
    assert_int_equal(easydma_transfer_number(&toy->easydma, toy->tx), 1);
}

static void an_event_left_over_from_before_does_not_tell_the_end(void **state)
{
    struct toy *toy = *state;

    regfile_raise(&toy->regs, ENDTX);
    describe(toy, TX, BUFFER, 4);
    easydma_start(&toy->easydma, toy->tx, DMA_BY_CPU);
    finish(toy, 1);
    assert_int_equal(chip_read(toy->chip, BASE + ENDTX), 1);
    assert_int_equal(easydma_transfer_number(&toy->easydma, toy->tx), 1);
    assert_int_equal(easydma_ended_number(&toy->easydma, toy->tx), 1);
    easydma_observed(&toy->easydma, toy->tx, BASE + ENDRX); /* another event implies it */
    assert_int_equal(easydma_transfer_number(&toy->easydma, toy->tx), 0);
}

static void an_event_left_over_from_before_is_reported_when_it_is_read(void **state)
{
    struct toy *toy = *state;

    regfile_raise(&toy->regs, ENDTX);
    describe(toy, TX, BUFFER, 4);
    easydma_start(&toy->easydma, toy->tx, DMA_BY_CPU);
    assert_int_equal(chip_read(toy->chip, BASE + ENDTX), 1);
    assert_int_equal(toy->chip->misuses, 1);
    assert_int_equal(toy->chip->misuse[0].misuse, MISUSE_STALE_EVENT);
    assert_int_equal(toy->chip->misuse[0].address, BASE + ENDTX);
    assert_int_equal(toy->chip->misuse[0].transfer, 1);
    finish(toy, 1);
    assert_int_equal(chip_read(toy->chip, BASE + ENDTX), 1); /* the end changed nothing */
    assert_int_equal(toy->chip->misuses, 2);
    assert_int_equal(toy->chip->misuse[1].misuse, MISUSE_STALE_EVENT);
}

static void an_end_event_cleared_during_its_transfer_is_reported(void **state)
{
    struct toy *toy = *state;

    describe(toy, TX, BUFFER, 4);
    easydma_start(&toy->easydma, toy->tx, DMA_BY_CPU);
    chip_write(toy->chip, BASE + ENDRX, 0);
    assert_int_equal(toy->chip->misuses, 0);
    chip_write(toy->chip, BASE + ENDTX, 0);
    assert_int_equal(toy->chip->misuses, 1);
    assert_int_equal(toy->chip->misuse[0].misuse, MISUSE_EVENT_CLEARED);
    assert_int_equal(toy->chip->misuse[0].transfer, 1);
}

static void end_events_may_be_read_and_cleared_in_between_transfers(void **state)
{
    struct toy *toy = *state;

    for (unsigned i = 0; i < 2; i++) {
        chip_write(toy->chip, BASE + ENDTX, 0);
        describe(toy, TX, BUFFER, 4);
        easydma_start(&toy->easydma, toy->tx, DMA_BY_CPU);
        assert_int_equal(chip_read(toy->chip, BASE + ENDTX), 0);
        toy->received = 0;
        finish(toy, 1);
        assert_int_equal(chip_read(toy->chip, BASE + ENDTX), 1);
        assert_int_equal(chip_read(toy->chip, BASE + ENDTX), 1);
    }
    assert_int_equal(toy->chip->misuses, 0);
}

static void a_debugger_that_peeks_observes_nothing(void **state)
{
    struct toy *toy = *state;
    uint32_t value;

    describe(toy, TX, BUFFER, 4);
    easydma_start(&toy->easydma, toy->tx, DMA_BY_CPU);
    finish(toy, 1);
    assert_true(bus_peek(&toy->chip->bus, BASE + ENDTX, 4, &value));
    assert_int_equal(value, 1);
    assert_int_equal(easydma_transfer_number(&toy->easydma, toy->tx), 1);
}

static void observing_before_the_end_has_no_effect(void **state)
{
    struct toy *toy = *state;

    describe(toy, TX, BUFFER, 4);
    easydma_start(&toy->easydma, toy->tx, DMA_BY_CPU);
    easydma_observed(&toy->easydma, toy->tx, BASE + ENDTX);
    assert_int_equal(easydma_transfer_number(&toy->easydma, toy->tx), 1);
    assert_int_equal(toy->logged, 1);
}

static void starting_again_closes_a_transfer_whose_end_nobody_read(void **state)
{
    struct toy *toy = *state;

    describe(toy, TX, BUFFER, 4);
    easydma_start(&toy->easydma, toy->tx, DMA_BY_CPU);
    finish(toy, 1);
    toy->logged = 0;
    toy->received = 0;
    easydma_start(&toy->easydma, toy->tx, DMA_BY_CPU);
    assert_int_equal(toy->logged, 2);
    assert_int_equal(toy->log[0].kind, OBS_DMA_OBSERVED);
    assert_int_equal(toy->log[0].dma_close.transfer, 1);
    assert_int_equal(toy->log[0].dma_close.event, 0);
    assert_int_equal(toy->log[1].kind, OBS_DMA_OPEN);
    assert_int_equal(toy->log[1].dma_open.transfer, 2);
}

static void an_aborted_transfer_moves_no_more_and_has_no_end_event(void **state)
{
    struct toy *toy = *state;

    describe(toy, TX, BUFFER, 8);
    easydma_start(&toy->easydma, toy->tx, DMA_BY_CPU);
    chip_pass(toy->chip, 8 + 64);
    easydma_abort(&toy->easydma, toy->tx);
    chip_pass(toy->chip, 10000);
    assert_int_equal(toy->received, 4);
    assert_int_equal(toy->ended, 0);
    assert_int_equal(chip_read(toy->chip, BASE + ENDTX), 0);
    assert_int_equal(toy->log[toy->logged - 1].kind, OBS_DMA_CLOSE);
    assert_int_equal(toy->log[toy->logged - 1].dma_close.how, DMA_DROPPED);
    assert_int_equal(toy->log[toy->logged - 1].dma_close.amount, 4);
    assert_false(easydma_running(&toy->easydma, toy->tx));
}

static void a_transfer_aborted_behind_its_last_word_has_no_end_event_either(void **state)
{
    struct toy *toy = *state;

    describe(toy, TX, BUFFER, 4);
    easydma_start(&toy->easydma, toy->tx, DMA_BY_CPU);
    chip_pass(toy->chip, 8 + 64);
    easydma_abort(&toy->easydma, toy->tx);
    assert_int_equal(scheduler_next(&toy->chip->scheduler), SIM_TIME_NEVER);
    chip_pass(toy->chip, 1000);
    assert_int_equal(toy->ended, 0);
}

static void a_transfer_that_ended_unseen_is_given_back_by_an_abort(void **state)
{
    struct toy *toy = *state;

    describe(toy, TX, BUFFER, 4);
    easydma_start(&toy->easydma, toy->tx, DMA_BY_CPU);
    chip_pass(toy->chip, 10000);
    assert_int_equal(toy->ended, 1);
    easydma_abort(&toy->easydma, toy->tx);
    assert_int_equal(toy->log[toy->logged - 1].kind, OBS_DMA_CLOSE);
    assert_int_equal(toy->log[toy->logged - 1].dma_close.how, DMA_DROPPED);
    assert_int_equal(easydma_transfer_number(&toy->easydma, toy->tx), 0);
}

static void a_word_moves_what_bus_masters_see(void **state)
{
    struct toy *toy = *state;
    struct memory *memory = &toy->chip->memory;

    describe(toy, TX, BUFFER, 4);
    memory->stores.depth = 1;
    store_buffer_add(&memory->stores, memory->ram, BUFFER - RAM_BASE, 1);
    memory->ram[BUFFER - RAM_BASE] ^= 0xff; /* stored, and not visible yet */
    easydma_start(&toy->easydma, toy->tx, DMA_BY_CPU);
    chip_pass(toy->chip, 10000);
    assert_int_equal(toy->log[2].kind, OBS_DMA_WORD);
    assert_int_equal(toy->log[2].dma_word.bytes[0], memory->ram[BUFFER - RAM_BASE] ^ 0xff);
}

static void another_blocks_event_at_the_same_offset_tells_nothing(void **state)
{
    struct toy *toy = *state;
    struct block_spec twin_spec = spec;
    struct regfile *twin = heap_allocate(1, sizeof *twin);
    const struct easydma_channel channel = {
        .name = {"TWIN", "TX", "TASKS_STARTTX", 64, DMA_ON_CHIP},
        .direction = DMA_READS_RAM,
        .ptr = TX,
        .maxcnt = TX + 4,
        .amount = TX + 8,
        .end_event = ENDTX,
        .count_mask = 0x7f,
        .unit = 1};

    twin_spec.base = BASE + 0x1000;
    regfile_init(twin, &twin_spec, &toy->chip->fabric, toy);
    easydma_add(&toy->easydma, twin, channel, &transmit, toy);
    describe(toy, TX, BUFFER, 4);
    easydma_start(&toy->easydma, toy->tx, DMA_BY_CPU);
    finish(toy, 1);
    regfile_raise(twin, ENDTX);
    assert_int_equal(chip_read(toy->chip, BASE + 0x1000 + ENDTX), 1);
    assert_int_equal(easydma_ended_number(&toy->easydma, toy->tx), 1);
    heap_release(twin);
}

static void a_released_transfer_is_the_cpus_when_the_engine_stops(void **state)
{
    struct toy *toy = *state;

    describe(toy, TX, BUFFER, 4);
    easydma_start(&toy->easydma, toy->tx, DMA_BY_CPU);
    easydma_release(&toy->easydma, toy->tx, BASE + ENDRX);
    assert_int_equal(toy->logged, 1);
    finish(toy, 1);
    assert_int_equal(toy->log[toy->logged - 1].kind, OBS_DMA_OBSERVED);
    assert_int_equal(toy->log[toy->logged - 1].dma_close.event, BASE + ENDRX);
    assert_int_equal(easydma_transfer_number(&toy->easydma, toy->tx), 0);
    assert_int_equal(toy->ended, 1);
}

static void reset_drops_every_transfer(void **state)
{
    struct toy *toy = *state;

    describe(toy, TX, BUFFER, 8);
    describe(toy, RX, BUFFER + 64, 4);
    easydma_start(&toy->easydma, toy->tx, DMA_BY_CPU);
    easydma_start(&toy->easydma, toy->rx, DMA_BY_CPU);
    easydma_reset(&toy->easydma, RESET_SOFT);
    assert_int_equal(scheduler_next(&toy->chip->scheduler), SIM_TIME_NEVER);
    assert_int_equal(easydma_transfer_number(&toy->easydma, toy->tx), 0);
    assert_int_equal(easydma_transfer_number(&toy->easydma, toy->rx), 0);
}

static void maxcnt_is_cut_to_the_bits_the_channel_has(void **state)
{
    struct toy *toy = *state;

    describe(toy, RX, BUFFER, 0x22);
    easydma_start(&toy->easydma, toy->rx, DMA_BY_CPU);
    assert_int_equal(toy->log[0].dma_open.window.size, 4);
}

/* ---- Paced by the block ---------------------------------------------------------------------- */

static void start_slow(struct toy *toy, uint32_t maxcnt)
{
    memcpy(toy->device, "0123456789abcdef", 16);
    memset(ram(toy, BUFFER), '-', 16);
    describe(toy, SLOW, BUFFER, maxcnt);
    easydma_start(&toy->easydma, toy->slow, DMA_BY_CPU);
    chip_pass(toy->chip, 8);
}

static void a_paced_transfer_moves_what_the_block_asks_for(void **state)
{
    struct toy *toy = *state;

    start_slow(toy, 8);
    assert_true(easydma_captured(&toy->easydma, toy->slow));
    chip_pass(toy->chip, 100000);
    assert_memory_equal(ram(toy, BUFFER), "----------------", 16);
    easydma_request(&toy->easydma, toy->slow, 1);
    assert_int_equal(easydma_outstanding(&toy->easydma, toy->slow), 1);
    assert_memory_equal(ram(toy, BUFFER), "----------------", 16); /* not in the same instant */
    chip_pass(toy->chip, 64);
    assert_memory_equal(ram(toy, BUFFER), "0---------------", 16);
    easydma_request(&toy->easydma, toy->slow, 4); /* to the word's end, then the rest */
    chip_pass(toy->chip, 16);
    assert_memory_equal(ram(toy, BUFFER), "0123------------", 16);
    chip_pass(toy->chip, 16);
    assert_memory_equal(ram(toy, BUFFER), "01234-----------", 16);
    assert_int_equal(easydma_outstanding(&toy->easydma, toy->slow), 0);
    assert_int_equal(toy->drained, 0);
}

static void a_paced_transfer_is_over_when_the_block_says_so(void **state)
{
    struct toy *toy = *state;

    start_slow(toy, 4);
    easydma_request(&toy->easydma, toy->slow, 9); /* more than there is room for */
    chip_pass(toy->chip, 1000);
    assert_memory_equal(ram(toy, BUFFER), "0123------------", 16);
    assert_int_equal(toy->drained, 1);
    assert_int_equal(toy->ended, 0);
    assert_true(easydma_running(&toy->easydma, toy->slow));
    easydma_end(&toy->easydma, toy->slow);
    assert_int_equal(toy->ended, 1);
    assert_int_equal(chip_read(toy->chip, BASE + SLOW + 8), 4);
    assert_int_equal(chip_read(toy->chip, BASE + ENDRX), 1);
    assert_int_equal(toy->log[toy->logged - 1].kind, OBS_DMA_OBSERVED);
}

static void a_transfer_ended_early_counts_what_has_moved(void **state)
{
    struct toy *toy = *state;

    start_slow(toy, 16);
    easydma_request(&toy->easydma, toy->slow, 3);
    chip_pass(toy->chip, 1000);
    easydma_request(&toy->easydma, toy->slow, 3);
    easydma_end(&toy->easydma, toy->slow);
    chip_pass(toy->chip, 1000);
    assert_int_equal(chip_read(toy->chip, BASE + SLOW + 8), 3);
    assert_memory_equal(ram(toy, BUFFER), "012-------------", 16);
    assert_int_equal(scheduler_next(&toy->chip->scheduler), SIM_TIME_NEVER);
}

static void a_transfer_may_be_ended_before_its_capture(void **state)
{
    struct toy *toy = *state;

    describe(toy, SLOW, BUFFER, 4);
    easydma_start(&toy->easydma, toy->slow, DMA_BY_CPU);
    easydma_end(&toy->easydma, toy->slow);
    chip_pass(toy->chip, 1000);
    assert_int_equal(toy->started, 0);
    assert_int_equal(toy->ended, 1);
    assert_int_equal(chip_read(toy->chip, BASE + SLOW + 8), 0);
}

static void an_empty_paced_transfer_is_drained_at_once(void **state)
{
    struct toy *toy = *state;

    start_slow(toy, 0);
    chip_pass(toy->chip, 8);
    assert_int_equal(toy->drained, 1);
}

/* ---- Other events that tell the end ---------------------------------------------------------- */

static void a_stop_event_that_follows_the_end_tells_it_too(void **state)
{
    struct toy *toy = *state;

    describe(toy, TX, BUFFER, 4);
    easydma_start(&toy->easydma, toy->tx, DMA_BY_CPU);
    finish(toy, 1);
    regfile_raise(&toy->regs, STOPPED);
    chip_read(toy->chip, BASE + STOPPED);
    assert_int_equal(easydma_transfer_number(&toy->easydma, toy->tx), 0);
    assert_int_equal(toy->log[toy->logged - 1].dma_close.event, BASE + STOPPED);
}

static void a_stop_event_from_before_tells_nothing_and_is_no_mistake(void **state)
{
    struct toy *toy = *state;

    regfile_raise(&toy->regs, STOPPED);
    describe(toy, TX, BUFFER, 4);
    easydma_start(&toy->easydma, toy->tx, DMA_BY_CPU);
    chip_read(toy->chip, BASE + STOPPED);
    finish(toy, 1);
    chip_read(toy->chip, BASE + STOPPED);
    assert_int_equal(easydma_ended_number(&toy->easydma, toy->tx), 1);
    assert_int_equal(toy->chip->misuses, 0);
    chip_write(toy->chip, BASE + STOPPED, 0); /* cleared and raised anew, it is news */
    regfile_raise(&toy->regs, STOPPED);
    chip_read(toy->chip, BASE + STOPPED);
    assert_int_equal(easydma_transfer_number(&toy->easydma, toy->tx), 0);
}

/* ---- Double buffering ------------------------------------------------------------------------ */

static void start_two_by_hardware(struct toy *toy, guest_addr second)
{
    describe(toy, TX, BUFFER, 4);
    easydma_start(&toy->easydma, toy->tx, DMA_BY_CPU);
    chip_pass(toy->chip, 8);
    describe(toy, TX, second, 4); /* behind STARTED, for the next one */
    finish(toy, 1);
    toy->received = 0;
    easydma_start(&toy->easydma, toy->tx, DMA_BY_SHORTCUT);
}

static void the_end_event_tells_the_transfer_that_raised_it(void **state)
{
    struct toy *toy = *state;

    start_two_by_hardware(toy, BUFFER + 64);
    toy->logged = 0;
    assert_int_equal(chip_read(toy->chip, BASE + ENDTX), 1);
    assert_int_equal(toy->logged, 1);
    assert_int_equal(toy->log[0].kind, OBS_DMA_OBSERVED);
    assert_int_equal(toy->log[0].dma_close.transfer, 1);
    chip_write(toy->chip, BASE + ENDTX, 0); /* of the first: no word about the second */
    assert_true(easydma_running(&toy->easydma, toy->tx));
    finish(toy, 1);
    chip_read(toy->chip, BASE + ENDTX);
    assert_int_equal(toy->log[toy->logged - 1].dma_close.transfer, 2);
    assert_int_equal(toy->chip->misuses, 0);
}

static void an_end_event_that_stayed_set_tells_the_first_end_only(void **state)
{
    struct toy *toy = *state;

    start_two_by_hardware(toy, BUFFER + 64);
    finish(toy, 1);
    chip_read(toy->chip, BASE + ENDTX);
    chip_read(toy->chip, BASE + ENDTX);
    assert_int_equal(easydma_ended_number(&toy->easydma, toy->tx), 2);
    assert_int_equal(toy->chip->misuses, 0);
}

static void a_start_by_hardware_into_the_same_bytes_takes_them_over(void **state)
{
    struct toy *toy = *state;

    start_two_by_hardware(toy, BUFFER);
    assert_int_equal(toy->log[toy->logged - 2].kind, OBS_DMA_OBSERVED);
    assert_int_equal(toy->log[toy->logged - 2].dma_close.transfer, 1);
    assert_int_equal(toy->log[toy->logged - 2].dma_close.event, 0);
}

static void the_oldest_of_too_many_unobserved_transfers_is_closed(void **state)
{
    struct toy *toy = *state;

    describe(toy, TX, BUFFER, 4);
    easydma_start(&toy->easydma, toy->tx, DMA_BY_CPU);
    finish(toy, 1);
    for (unsigned i = 1; i <= EASYDMA_PAST; i++) {
        toy->received = 0;
        describe(toy, TX, BUFFER + 8 * i, 4);
        easydma_start(&toy->easydma, toy->tx, DMA_BY_PPI);
        finish(toy, 1);
    }
    toy->logged = 0;
    toy->received = 0;
    describe(toy, TX, BUFFER + 8 * (EASYDMA_PAST + 1), 4);
    easydma_start(&toy->easydma, toy->tx, DMA_BY_PPI);
    assert_int_equal(toy->log[0].kind, OBS_DMA_OBSERVED);
    assert_int_equal(toy->log[0].dma_close.transfer, 1);
    easydma_abort(&toy->easydma, toy->tx);
    assert_int_equal(toy->logged, 1 + 1 + EASYDMA_PAST + 1);
    assert_int_equal(toy->log[toy->logged - 1].dma_close.how, DMA_DROPPED);
}

/* ---- Array list ------------------------------------------------------------------------------ */

static void with_an_array_list_the_pointer_moves_on_by_maxcnt(void **state)
{
    struct toy *toy = *state;

    chip_write(toy->chip, BASE + TX + 12, 1);
    describe(toy, TX, BUFFER, 6);
    easydma_start(&toy->easydma, toy->tx, DMA_BY_CPU);
    finish(toy, 2);
    assert_int_equal(chip_read(toy->chip, BASE + TX), BUFFER + 6);
}

static void a_pointer_written_in_between_is_left_alone(void **state)
{
    struct toy *toy = *state;

    chip_write(toy->chip, BASE + TX + 12, 1);
    describe(toy, TX, BUFFER, 6);
    easydma_start(&toy->easydma, toy->tx, DMA_BY_CPU);
    chip_pass(toy->chip, 8);
    chip_write(toy->chip, BASE + TX, BUFFER + 64);
    finish(toy, 2);
    assert_int_equal(chip_read(toy->chip, BASE + TX), BUFFER + 64);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(starting_touches_neither_ram_nor_events),
        TEST(a_transfer_is_told_from_open_to_observed),
        TEST(each_step_takes_the_time_its_choice_point_says),
        TEST(an_eager_engine_is_done_before_the_next_instruction),
        TEST(a_store_between_two_words_changes_what_the_second_carries),
        TEST(a_received_buffer_fills_word_by_word),
        TEST(an_unaligned_window_moves_partial_words_first_and_last),
        TEST(the_descriptor_is_latched_when_it_is_captured),
        TEST(a_descriptor_written_before_the_capture_counts_and_is_reported),
        TEST(the_other_channels_descriptor_may_be_written_at_any_time),
        TEST(flash_is_read_as_zeros_and_reported_once),
        TEST(a_window_that_leaves_ram_at_its_end_writes_nothing_at_all),
        TEST(the_code_alias_of_ram_is_out_of_reach),
        TEST(an_empty_transfer_starts_and_ends_without_looking_at_its_pointer),
        TEST(reading_an_event_that_is_not_generated_observes_nothing),
        TEST(an_event_left_over_from_before_does_not_tell_the_end),
        TEST(an_event_left_over_from_before_is_reported_when_it_is_read),
        TEST(an_end_event_cleared_during_its_transfer_is_reported),
        TEST(end_events_may_be_read_and_cleared_in_between_transfers),
        TEST(a_debugger_that_peeks_observes_nothing),
        TEST(observing_before_the_end_has_no_effect),
        TEST(starting_again_closes_a_transfer_whose_end_nobody_read),
        TEST(an_aborted_transfer_moves_no_more_and_has_no_end_event),
        TEST(a_transfer_that_ended_unseen_is_given_back_by_an_abort),
        TEST(a_word_moves_what_bus_masters_see),
        TEST(a_transfer_aborted_behind_its_last_word_has_no_end_event_either),
        TEST(another_blocks_event_at_the_same_offset_tells_nothing),
        TEST(a_released_transfer_is_the_cpus_when_the_engine_stops),
        TEST(reset_drops_every_transfer),
        TEST(maxcnt_is_cut_to_the_bits_the_channel_has),
        TEST(a_paced_transfer_moves_what_the_block_asks_for),
        TEST(a_paced_transfer_is_over_when_the_block_says_so),
        TEST(a_transfer_ended_early_counts_what_has_moved),
        TEST(a_transfer_may_be_ended_before_its_capture),
        TEST(an_empty_paced_transfer_is_drained_at_once),
        TEST(a_stop_event_that_follows_the_end_tells_it_too),
        TEST(a_stop_event_from_before_tells_nothing_and_is_no_mistake),
        TEST(the_end_event_tells_the_transfer_that_raised_it),
        TEST(an_end_event_that_stayed_set_tells_the_first_end_only),
        TEST(a_start_by_hardware_into_the_same_bytes_takes_them_over),
        TEST(the_oldest_of_too_many_unobserved_transfers_is_closed),
        TEST(with_an_array_list_the_pointer_moves_on_by_maxcnt),
        TEST(a_pointer_written_in_between_is_left_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
