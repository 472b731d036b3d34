/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program with calls of every shape: frames with and without locals, a frame of variable size,
 * recursion, a call through a pointer, variable arguments, assembly, and functions inlined into
 * one another. The test walks its call frames at every instruction.
 */
#include <stdarg.h>
#include <stdint.h>

#define SEPARATE __attribute__((noinline))

volatile uint32_t marker;
volatile uint32_t numbers[8] = {1, 2, 3, 4, 5, 6, 7, 8};
static volatile uint32_t source = 7;

typedef uint8_t line[14];

/* A variable made of everything a variable can be made of. */
struct device {
    uint8_t first[8];
    const uint8_t second[8];
    struct port {
        uint32_t state;
        line buffer;
        volatile uint16_t used;
        struct device *owner;
    } ports[2];
    union {
        uint8_t bytes[6];
        uint32_t word;
    } either;
    uint32_t low : 4;
    uint32_t high : 28;
    uint8_t table[2][3];
    uint32_t end;
};

static struct device device;

void copy_word(volatile uint32_t *to, const volatile uint32_t *from);
int main(void);

static inline __attribute__((always_inline)) void set_marker(uint32_t value)
{
    marker = value; /* line of the store */
}

static inline __attribute__((always_inline)) void mark_twice(uint32_t value)
{
    set_marker(value);     /* first call */
    set_marker(value + 1); /* second call */
}

SEPARATE uint32_t leaf(uint32_t value)
{
    mark_twice(value); /* call of mark_twice */
    return value + numbers[value & 7];
}

SEPARATE uint32_t recurse(uint32_t depth)
{
    uint32_t here = numbers[depth & 7];

    return depth ? here + recurse(depth - 1) : leaf(here);
}

SEPARATE uint32_t with_locals(uint32_t value)
{
    volatile uint32_t local[20];
    uint32_t sum = 0;

    for (uint32_t i = 0; i < 20; i++)
        local[i] = value + i;
    copy_word(&local[19], &local[19]); /* so that it is one array in memory */
    for (uint32_t i = 0; i < 20; i += 5)
        sum += leaf(local[i]);
    return sum;
}

SEPARATE uint32_t with_variable_frame(uint32_t count)
{
    volatile uint32_t *frame = __builtin_alloca(4 * count);
    uint32_t sum;

    for (uint32_t i = 0; i < count; i++)
        frame[i] = i;
    sum = with_locals(frame[count - 1]);
    copy_word(&frame[0], &source);
    return sum + frame[0];
}

SEPARATE uint32_t with_arguments(uint32_t count, ...)
{
    va_list values;
    uint32_t sum = 0;

    va_start(values, count);
    while (count--)
        sum += leaf(va_arg(values, uint32_t));
    va_end(values);
    return sum;
}

SEPARATE uint32_t with_many_registers(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t e)
{
    uint32_t x = leaf(a + b);
    uint32_t y = leaf(b * c);
    uint32_t z = leaf(c ^ d);
    uint32_t w = leaf(d - e);

    return a * x + b * y + c * z + d * w + e * (x ^ y ^ z ^ w);
}

SEPARATE uint32_t with_two_calls(uint32_t a, uint32_t b)
{
    uint32_t x = leaf(a);
    uint32_t y = leaf(b);

    return recurse(x & 3) + with_many_registers(x, y, a, b, 1);
}

/* Ends in a branch to another function, with its own frame gone. */
SEPARATE uint32_t with_tail_call(uint32_t a, uint32_t b)
{
    numbers[3] = leaf(a) + leaf(b);
    return with_two_calls(b, a);
}

/* Never called. The linker discards it, and its debug information then claims address 0. */
uint32_t discarded(uint32_t value)
{
#define STORE numbers[value & 7] += value, value++;
#define STORE_8 STORE STORE STORE STORE STORE STORE STORE STORE
    STORE_8 STORE_8 STORE_8 STORE_8 STORE_8 STORE_8 STORE_8 STORE_8 return value;
}

uint32_t (*volatile pointer)(uint32_t) = with_variable_frame;

/* Entered by the test as an exception. */
__attribute__((used)) SEPARATE void handler(void)
{
    numbers[0] = recurse(2);
}

int main(void)
{
    uint32_t sum = recurse(3);

    sum += pointer(9);
    sum += with_arguments(3, sum, 2u, 1u);
    sum += with_many_registers(sum, 2, 3, 4, 5);
    sum += with_tail_call(sum, 3);
    copy_word(&numbers[1], &source);
    numbers[2] = sum;
    device.ports[numbers[0] & 1].state = sum;
    device.end = sum;
    return (int)device.ports[1].state;
}
