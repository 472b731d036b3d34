/* SPDX-License-Identifier: Apache-2.0 */
/* The story of a failing timing, line by line. */
#include "sim/cli/explore.h"

#include "sim/report/place.h"
#include "sim/report/style.h"

static void print_who(struct text *text, unsigned context)
{
    if (context == 0)
        text_printf(text, "main");
    else if (context == 15)
        text_printf(text, "SysTick");
    else if (context > 15)
        text_printf(text, "IRQ %u", context - 16);
    else
        print_exception(text, context);
}

static void print_where(struct text *text, const struct explore *explore, guest_addr pc)
{
    struct source_place place;

    if (any_place(&explore->report, pc, &place)) {
        text_printf(text, " at ");
        (void)print_line(text, &explore->report, pc);
    } else {
        text_printf(text, " at 0x%08x", pc);
    }
}

/* "packet", "packet+3": the section says nothing here. */
static void print_address(struct text *text, const struct explore *explore, guest_addr address)
{
    const struct image *image = explore->report.image;
    struct symbol symbol;

    if (!image || !image_symbol_at(image, address, &symbol))
        text_printf(text, "0x%08x", address);
    else if (address == symbol.address)
        text_printf(text, "%s", symbol.name);
    else
        text_printf(text, "%s+%u", symbol.name, address - symbol.address);
}

static const char *channel_name(const struct explore *explore, uint16_t channel)
{
    return trace_channel(explore->report.trace, channel)->name;
}

static double us(uint32_t cycles)
{
    return (double)cycles / (double)CYCLES_PER_US;
}

static void print_delay(struct text *text, const char *what, const struct story_line *line)
{
    text_printf(text, "%s ", what);
    if (line->value)
        text_printf(text, "in %.3f us", us(line->value));
    else
        text_printf(text, "at once");
    text_printf(text, " (usually %.3f us)", us(line->usual));
}

static void print_turn(struct text *text, uint32_t turn)
{
    static const char *const turns[TURNS] = {
        [TURN_USUAL] = "the host goes on as usual",
        [TURN_LOSES_HANDSHAKE] = "the handshake of the host's next token will be lost",
        [TURN_SETUP_AGAIN] = "the host gives the transfer up and sends its SETUP again",
        [TURN_BUS_RESET] = "the host resets the bus in mid-transfer",
        [TURN_STATUS_EARLY] = "the host ends the read early with its status stage, and asks again",
    };

    text_printf(text, "%s", turns[turn < TURNS ? turn : 0]);
}

static void print_otherwise(struct text *text, const struct story_line *line)
{
    switch (line->point) {
    case CHOICE_DMA_CAPTURE:
        print_delay(text, "EasyDMA will capture PTR and MAXCNT", line);
        break;
    case CHOICE_DMA_FIRST_WORD:
        print_delay(text, "EasyDMA will move its first word", line);
        break;
    case CHOICE_DMA_NEXT_WORD:
        print_delay(text, "EasyDMA will move its next word", line);
        break;
    case CHOICE_DMA_END:
        print_delay(text, "EasyDMA will be done", line);
        break;
    case CHOICE_HOST_TOKEN:
    case CHOICE_HOST_BULK:
        print_delay(text, "the host's next token will come", line);
        break;
    case CHOICE_HOST_REQUEST:
        print_delay(text, "the host's next request will begin", line);
        break;
    case CHOICE_IRQ_ENTRY:
        text_printf(text, "an interrupt is pending and will be recognised %u instruction%s later",
                    line->value, line->value == 1 ? "" : "s");
        break;
    case CHOICE_HOST_TURN:
        print_turn(text, line->value);
        break;
    case CHOICE_EVENT_TIE:
        text_printf(text, "of the events of this instant number %u comes first", line->value + 1);
        break;
    case CHOICE_STORE_ARRIVES:
        text_printf(text, "a store that was waiting has arrived when EasyDMA reads its bytes");
        break;
    default:
        print_delay(text, choice_name((enum choice_point)line->point), line);
        break;
    }
}

/* A copy routine tells nothing: its caller does. */
static void print_where_of(struct text *text, const struct explore *explore,
                           const struct story_line *line)
{
    struct source_place place;
    struct symbol routine;

    if (line->caller && explore->report.image &&
        !telling_place(&explore->report, line->pc, &place) &&
        telling_place(&explore->report, line->caller - 2, &place) &&
        image_symbol_at(explore->report.image, line->pc, &routine)) {
        text_printf(text, " in %s, called", routine.name);
        print_where(text, explore, line->caller - 2);
    } else {
        print_where(text, explore, line->pc);
    }
}

static void print_relation(struct text *text, const struct story_line *line)
{
    const char *does = line->reads ? "reads" : "writes";
    const char *has = line->reads ? "read" : "written";

    if (line->relation == RELATION_BEFORE)
        text_printf(text, ", before EasyDMA %s it", does);
    else if (line->relation == RELATION_AFTER)
        text_printf(text, ", after EasyDMA has %s it", has);
}

static void print_access(struct text *text, const struct explore *explore,
                         const struct story_line *line)
{
    print_who(text, line->context);
    if (line->kind == STORY_STORE)
        text_printf(text, " stores 0x%x to ", line->value);
    else
        text_printf(text, " loads 0x%x from ", line->usual);
    print_address(text, explore, line->address);
    print_where_of(text, explore, line);
    print_relation(text, line);
}

static void print_last(struct text *text, const struct explore *explore,
                       const struct explore_failure *failure)
{
    text_printf(text, "=> ");
    if (failure->class->end == WALK_ANSWER &&
        failure->class->reason != ANSWER_GIVEN_UP) /* the line before says what it is */
        text_printf(text, "another answer than in the usual timing");
    else
        explore_print_class(text, explore, failure->class);
}

void explore_print_story_line(struct text *text, const struct explore *explore,
                              const struct explore_failure *failure, const struct story_line *line)
{
    switch ((enum story_kind)line->kind) {
    case STORY_REQUEST:
        text_printf(text, "the host asks for %s", line->text);
        break;
    case STORY_START:
        text_printf(text, "transfer %u (%s, %u bytes of ", line->number,
                    channel_name(explore, line->channel), line->value);
        print_address(text, explore, line->address);
        text_printf(text, ") is started");
        print_where(text, explore, line->pc);
        break;
    case STORY_WORD:
        text_printf(text, "EasyDMA %s the first word of transfer %u",
                    line->value == DMA_READS_RAM ? "reads" : "writes", line->number);
        break;
    case STORY_END:
        text_printf(text, "EasyDMA is done with transfer %u", line->number);
        break;
    case STORY_OBSERVED:
        text_printf(text, "the CPU reads that transfer %u is over", line->number);
        print_where(text, explore, line->pc);
        break;
    case STORY_INTERRUPT:
        print_who(text, line->number);
        text_printf(text, " interrupts ");
        print_who(text, line->context);
        print_where(text, explore, line->pc);
        break;
    case STORY_RETURN:
        print_who(text, line->number);
        text_printf(text, " returns to ");
        print_who(text, line->context);
        break;
    case STORY_STORE:
    case STORY_LOAD:
        print_access(text, explore, line);
        break;
    case STORY_OTHERWISE:
        print_otherwise(text, line);
        if (line->repeats)
            text_printf(text, ", and so %u more time%s", line->repeats,
                        line->repeats == 1 ? "" : "s");
        break;
    case STORY_FAULT:
        print_exception(text, line->number);
        text_printf(text, ": %s", line->text);
        print_where(text, explore, line->pc);
        break;
    case STORY_HOST:
        text_printf(text, "host: %s", line->text);
        break;
    case STORY_LAST:
        print_last(text, explore, failure);
        break;
    }
}

void explore_print_story(struct text *text, const struct explore *explore,
                         const struct explore_failure *failure)
{
    for (size_t i = 0; i < failure->story.count; i++) {
        const struct story_line *line = &failure->story.line[i];

        text_printf(text, "  %12.6f ms  ", (double)line->when / (double)CYCLES_PER_MS);
        explore_print_story_line(text, explore, failure, line);
        text_printf(text, "\n");
    }
}
