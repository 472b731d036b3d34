/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The memory functions that compilers call and no C library is there to provide. Always compiled
 * without link-time optimisation: calls of them appear when that is over.
 */
#include <stddef.h>
#include <stdint.h>

void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memset(void *to, int value, size_t size);

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
    uint8_t *target = to;
    const uint8_t *source = from;

    while (size-- > 0)
        *target++ = *source++;
    return to;
}

void *memset(void *to, int value, size_t size)
{
    uint8_t *target = to;

    while (size-- > 0)
        *target++ = (uint8_t)value;
    return to;
}

/* The same under the names of the run-time ABI for the Arm architecture (4.3.4). */
void __aeabi_memcpy(void *to, const void *from, size_t size);
void __aeabi_memcpy4(void *to, const void *from, size_t size);
void __aeabi_memcpy8(void *to, const void *from, size_t size);
void __aeabi_memset(void *to, size_t size, int value);
void __aeabi_memset4(void *to, size_t size, int value);
void __aeabi_memset8(void *to, size_t size, int value);
void __aeabi_memclr(void *to, size_t size);
void __aeabi_memclr4(void *to, size_t size);
void __aeabi_memclr8(void *to, size_t size);

void __aeabi_memcpy(void *to, const void *from, size_t size)
{
    memcpy(to, from, size);
}

void __aeabi_memcpy4(void *to, const void *from, size_t size)
{
    memcpy(to, from, size);
}

void __aeabi_memcpy8(void *to, const void *from, size_t size)
{
    memcpy(to, from, size);
}

void __aeabi_memset(void *to, size_t size, int value)
{
    memset(to, value, size);
}

void __aeabi_memset4(void *to, size_t size, int value)
{
    memset(to, value, size);
}

void __aeabi_memset8(void *to, size_t size, int value)
{
    memset(to, value, size);
}

void __aeabi_memclr(void *to, size_t size)
{
    memset(to, 0, size);
}

void __aeabi_memclr4(void *to, size_t size)
{
    memset(to, 0, size);
}

void __aeabi_memclr8(void *to, size_t size)
{
    memset(to, 0, size);
}
