/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/guest/compute.h"

enum { BYTES = 4096, COPIES = 6, NUMBERS = 512, ORDER = 16 };

static uint32_t source[BYTES / 4];
static uint32_t target[BYTES / 4];
static uint32_t crc_table[256];
static uint32_t numbers[NUMBERS];
static float left[ORDER][ORDER];
static float right[ORDER][ORDER];
static float product[ORDER][ORDER];

static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

static void fill(uint32_t *words, uint32_t count, uint32_t *seed)
{
    for (uint32_t i = 0; i < count; i++)
        words[i] = next_random(seed);
}

static void copy(uint32_t *to, const uint32_t *from, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        to[i] = from[i];
}

static uint32_t copy_often(uint32_t round)
{
    for (uint32_t turn = 0; turn < COPIES; turn++) {
        copy(target, source, BYTES / 4);
        source[turn] += target[round % (BYTES / 4)];
    }
    return source[0];
}

static void make_crc_table(void)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t remainder = i;

        for (int bit = 0; bit < 8; bit++)
            remainder = remainder & 1 ? remainder >> 1 ^ 0xedb88320u : remainder >> 1;
        crc_table[i] = remainder;
    }
}

static uint32_t crc(const uint32_t *words, uint32_t count, uint32_t start)
{
    const uint8_t *bytes = (const uint8_t *)words;
    uint32_t remainder = ~start;

    for (uint32_t i = 0; i < count * 4; i++)
        remainder = remainder >> 8 ^ crc_table[(remainder ^ bytes[i]) & 0xff];
    return ~remainder;
}

static void sift_down(uint32_t *heap, uint32_t root, uint32_t size)
{
    for (uint32_t child = 2 * root + 1; child < size; child = 2 * root + 1) {
        uint32_t carried = heap[root];

        if (child + 1 < size && heap[child + 1] > heap[child])
            child++;
        if (carried >= heap[child])
            return;
        heap[root] = heap[child];
        heap[child] = carried;
        root = child;
    }
}

static void sort(uint32_t *values, uint32_t count)
{
    for (uint32_t root = count / 2; root-- > 0;)
        sift_down(values, root, count);
    for (uint32_t last = count - 1; last > 0; last--) {
        uint32_t largest = values[0];

        values[0] = values[last];
        values[last] = largest;
        sift_down(values, 0, last);
    }
}

static void fill_matrix(float (*matrix)[ORDER], uint32_t *seed)
{
    for (int row = 0; row < ORDER; row++) {
        for (int column = 0; column < ORDER; column++)
            matrix[row][column] = (float)(next_random(seed) & 0xffff) * (1.0f / 65536.0f);
    }
}

static uint32_t multiply(void)
{
    float trace = 0.0f;

    for (int row = 0; row < ORDER; row++) {
        for (int column = 0; column < ORDER; column++) {
            float sum = 0.0f;

            for (int i = 0; i < ORDER; i++)
                sum += left[row][i] * right[i][column];
            product[row][column] = sum;
        }
        trace += product[row][row];
    }
    return (uint32_t)(trace * 1024.0f);
}

static void prepare(uint32_t *seed)
{
    make_crc_table();
    fill(source, BYTES / 4, seed);
    fill_matrix(left, seed);
    fill_matrix(right, seed);
}

uint32_t compute(uint32_t rounds, uint32_t parts)
{
    uint32_t seed = 0x2020717;
    uint32_t result = 0;

    prepare(&seed);
    for (uint32_t round = 0; round < rounds; round++) {
        source[round % (BYTES / 4)] = result;
        left[round % ORDER][0] += (float)(result & 0xff);
        if (parts & COMPUTE_COPY)
            result += copy_often(round);
        if (parts & COMPUTE_CRC)
            result = crc(source, BYTES / 4, result);
        if (parts & COMPUTE_SORT) {
            fill(numbers, NUMBERS, &seed);
            sort(numbers, NUMBERS);
            result += numbers[round % NUMBERS];
        }
        if (parts & COMPUTE_FP)
            result += multiply();
    }
    return result;
}
