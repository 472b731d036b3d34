/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Buffers on the stack: the frame must not be popped while EasyDMA works in it.
 *
 * A stack is full descending (Armv7-M B1.4.1): what lies below its pointer belongs to whoever
 * pushes next. The moment the pointer passes the first byte of an open window is the bug; while no
 * window lies on a stack nobody watches the pointers.
 *
 * Told exactly rather than always:
 *   1. Main stack: from MSP up to its initial value. Process stack: PSP and the window lie in the
 *      same memory object, a thread's stack. Without symbols only the main stack is known.
 *   2. A context switch pops nothing: it is a PSP that a handler writes. Until the very same value
 *      comes back, other threads own the pointer. (A switch in thread mode is taken for one only if
 *      the other stack is another object.)
 */
#include "sim/check/family.h"

#include "sim/base/compiler.h"

#include <string.h>

/* An open window on a stack. Plain state without padding. */
struct stack_window {
    uint32_t transfer; /* 0: not in use */
    uint32_t is_process;
    struct byte_range window;
    struct byte_range stack; /* where the pointer may be while the stack is this one */
    uint32_t is_away;        /* another thread runs or will run, since PSP was `left_at` */
    guest_addr left_at;      /* with the frame of the exception on the stack */
};

enum { PAST_WINDOWS = 16 };

struct stack_memory {
    struct stack_window open[TRANSFER_SLOTS];
    /* Of the latest transfers out of a stack frame, open or over. */
    struct stack_window past[PAST_WINDOWS];
    uint32_t next_past;
    uint32_t unused;
    guest_addr entered; /* first instruction of the handler that was entered last */
    uint32_t watching;
};

enum { IPSR_MASK = 0x1ff };

static const struct byte_range anywhere = {0, 0};

static const struct stack_memory *memory_of(struct checker *checker)
{
    return checker_memory(checker, &stack_rules);
}

static struct stack_memory *change_memory(struct checker *checker)
{
    return checker_change_memory(checker, &stack_rules);
}

/* ---- Which stack a window is on -------------------------------------------------------------- */

static bool object_at(const struct checker *checker, guest_addr address, struct byte_range *object)
{
    const struct checker_options *asked = checker_asked(checker);

    return asked->object_at && asked->object_at(asked->object_owner, address, object);
}

/* The pointer of an empty stack is just behind it. */
static bool may_point_into(struct byte_range stack, guest_addr pointer)
{
    return pointer - stack.start <= stack.size;
}

static bool on_main_stack(const struct checker *checker, guest_addr start, const struct site *site,
                          struct byte_range *stack)
{
    guest_addr top = checker_asked(checker)->main_stack_top;
    struct byte_range object;

    if (site->msp > start || start >= top)
        return false;
    *stack = (struct byte_range){site->msp, top - site->msp};
    /* An object above MSP is no stack, unless it is the array the stack is made of. */
    return !object_at(checker, start, &object) || range_contains(object, top - 1);
}

static bool on_process_stack(const struct checker *checker, guest_addr start,
                             const struct site *site, struct byte_range *stack)
{
    return object_at(checker, start, stack) && may_point_into(*stack, site->psp) &&
           site->psp <= start;
}

static bool find_stack(struct checker *checker, const struct transfer *transfer,
                       struct stack_window *found)
{
    guest_addr start = transfer->window.start;
    struct site site;

    if (!transfer->in_ram)
        return false;
    trace_site(checker_trace(checker), &site);
    *found = (struct stack_window){.transfer = transfer->number, .window = transfer->window};
    if (on_main_stack(checker, start, &site, &found->stack))
        return true;
    found->is_process = true;
    return on_process_stack(checker, start, &site, &found->stack);
}

/* ---- The windows that are watched ------------------------------------------------------------ */

static void forget(struct checker *checker, struct stack_window *open)
{
    struct stack_memory *memory = change_memory(checker);

    memset(open, 0, sizeof *open);
    if (--memory->watching == 0)
        trace_unwatch(checker_trace(checker), anywhere, WATCH_STACK);
}

static struct stack_window *find_window(struct stack_memory *memory, uint32_t transfer)
{
    for (unsigned i = 0; i < TRANSFER_SLOTS; i++) {
        if (memory->open[i].transfer == transfer)
            return &memory->open[i];
    }
    return NULL;
}

static void released(struct checker *checker, const struct transfer *transfer)
{
    struct stack_window *open;

    if (!memory_of(checker)->watching)
        return;
    open = find_window(change_memory(checker), transfer->number);
    if (open)
        forget(checker, open);
}

/* ---- Windows of frames that are gone --------------------------------------------------------- */

static void remember_past(struct stack_memory *memory, const struct stack_window *found)
{
    for (unsigned i = 0; i < PAST_WINDOWS; i++) {
        if (memory->past[i].transfer && memory->past[i].window.start == found->window.start)
            return;
    }
    memory->past[memory->next_past] = *found;
    memory->next_past = (memory->next_past + 1) % PAST_WINDOWS;
}

/*
 * The pointer of an older transfer, whose buffer was in a frame: the stack pointer has passed it,
 * so nothing is there that could be meant (BUF007).
 */
static void look_for_past(struct checker *checker, const struct transfer *transfer)
{
    const struct stack_memory *memory = memory_of(checker);
    guest_addr start = transfer->window.start;
    struct site site;

    if (!transfer->ptr_kept || !transfer->in_ram)
        return;
    trace_site(checker_trace(checker), &site);
    for (unsigned i = 0; i < PAST_WINDOWS; i++) {
        const struct stack_window *past = &memory->past[i];
        guest_addr pointer = past->is_process ? site.psp : site.msp;

        if (past->transfer && past->window.start == start && pointer > start &&
            may_point_into(past->stack, pointer)) {
            checker_report(checker, RULE_BUF007, transfer, NULL,
                           (struct byte_range){start, pointer - start});
            return;
        }
    }
}

static void opened(struct checker *checker, const struct transfer *transfer)
{
    struct stack_memory *memory;
    struct stack_window found;

    released(checker, transfer); /* its first window was not the true one */
    if (!find_stack(checker, transfer, &found)) {
        look_for_past(checker, transfer);
        return;
    }
    memory = change_memory(checker);
    remember_past(memory, &found);
    if (!checker_rule_is_on(checker, RULE_BUF003))
        return;
    *find_window(memory, 0) = found; /* there are as many as open transfers */
    if (memory->watching++ == 0)
        trace_watch(checker_trace(checker), anywhere, WATCH_STACK);
}

/* ---- The pointers ---------------------------------------------------------------------------- */

static void report_popped(struct checker *checker, struct stack_window *open, guest_addr from,
                          guest_addr to)
{
    struct transfer *transfer = transfers_find(checker_transfers(checker), open->transfer);
    struct site site;

    if (from > open->window.start)
        from = open->window.start;
    trace_site(checker_trace(checker), &site);
    checker_report(checker, RULE_BUF003, transfer, &site, (struct byte_range){from, to - from});
    forget(checker, open);
}

static void pointer_is(struct checker *checker, struct stack_window *open, guest_addr before,
                       guest_addr now)
{
    if (now > open->window.start && may_point_into(open->stack, now))
        report_popped(checker, open, before, now);
}

/*
 * True when PSP is not that of the window's thread while it runs. In handler mode PSP moves for two
 * reasons: the entry has pushed a frame, which the first instruction finds, or the handler has
 * written it.
 */
static bool is_not_its_thread(struct checker *checker, struct stack_window *open,
                              const struct obs_stack *seen)
{
    struct site site;
    bool in_handler;

    trace_site(checker_trace(checker), &site);
    in_handler = site.xpsr & IPSR_MASK;
    if (in_handler && seen->pc != memory_of(checker)->entered) {
        if (!open->is_away)
            open->left_at = seen->before;
        open->is_away = seen->after != open->left_at;
    }
    return in_handler || open->is_away;
}

static void on_pointer(struct checker *checker, const struct observation *seen)
{
    struct stack_memory *memory = change_memory(checker);

    for (unsigned i = 0; i < TRANSFER_SLOTS; i++) {
        struct stack_window *open = &memory->open[i];

        if (!open->transfer || open->is_process != seen->stack.psp)
            continue;
        if (!seen->stack.psp || !is_not_its_thread(checker, open, &seen->stack))
            pointer_is(checker, open, seen->stack.before, seen->stack.after);
    }
}

/*
 * A handler leaves the main stack with the instruction that ends it. Told here and not at the
 * instruction it had interrupted. (A frame that is still to be unstacked lies above MSP.)
 */
static void on_exit(struct checker *checker)
{
    struct stack_memory *memory = change_memory(checker);
    struct site site;

    trace_site(checker_trace(checker), &site);
    for (unsigned i = 0; i < TRANSFER_SLOTS; i++) {
        struct stack_window *open = &memory->open[i];

        if (open->transfer && !open->is_process)
            pointer_is(checker, open, open->window.start, site.msp);
    }
}

static void saw(struct checker *checker, const struct observation *seen)
{
    if (!memory_of(checker)->watching)
        return;
    if (seen->kind == OBS_STACK)
        on_pointer(checker, seen);
    else if (seen->kind == OBS_IRQ_ENTER)
        change_memory(checker)->entered = seen->exception.pc;
    else
        on_exit(checker);
}

const struct rule_family stack_rules = {.opened = opened,
                                        .released = released,
                                        .kinds = TRACE_KIND(STACK) | TRACE_KIND(IRQ_ENTER) |
                                                 TRACE_KIND(IRQ_EXIT),
                                        .saw = saw,
                                        .memory_name = "check.stacks",
                                        .memory_size = sizeof(struct stack_memory)};
