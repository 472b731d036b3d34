/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/bare.h"

#include "sim/base/bits.h"
#include "tests/bench/measure.h"

#include <stdio.h>
#include <unicorn/unicorn.h>

enum {
    CODE_SIZE = 0x10000,
    RAM_START = 0x20000000,
    RAM_BYTES = 0x10000,
    SYSTEM_SIZE = 0x1000,
    FINISH = 0x100, /* tests/bench/guest/bench.ld */
};

static const uint32_t system_start = 0xe000e000;

static bool load(uc_engine *engine, const char *path)
{
    static uint8_t image[CODE_SIZE];
    FILE *file = fopen(path, "rb");
    size_t size;
    uint32_t stack;

    if (!file)
        return false;
    size = fread(image, 1, sizeof image, file);
    (void)fclose(file);
    stack = load_le32(image);
    return !uc_mem_write(engine, 0, image, size) && !uc_reg_write(engine, UC_ARM_REG_SP, &stack);
}

static bool prepare(uc_engine *engine, const char *path)
{
    return !uc_ctl_set_cpu_model(engine, UC_CPU_ARM_CORTEX_M4) &&
           !uc_mem_map(engine, 0, CODE_SIZE, UC_PROT_ALL) &&
           !uc_mem_map(engine, RAM_START, RAM_BYTES, UC_PROT_ALL) &&
           !uc_mem_map(engine, system_start, SYSTEM_SIZE, UC_PROT_ALL) && load(engine, path);
}

bool bare_run(const char *path, uint32_t *result, double *cpu_seconds)
{
    uc_engine *engine;
    uint8_t reset[4];
    double begin;
    bool good;

    if (uc_open(UC_ARCH_ARM, UC_MODE_THUMB, &engine))
        return false;
    good = prepare(engine, path) && !uc_mem_read(engine, 4, reset, sizeof reset);
    begin = cpu_clock();
    good = good && !uc_emu_start(engine, load_le32(reset), FINISH, 0, 0);
    *cpu_seconds = cpu_clock() - begin;
    good = good && !uc_reg_read(engine, UC_ARM_REG_R4, result);
    (void)uc_close(engine);
    return good;
}
