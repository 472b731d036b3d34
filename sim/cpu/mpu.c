/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/cpu/mpu.h"

#include "sim/base/bits.h"

enum {
    MPU_TYPE = 0xd90,
    MPU_CTRL = 0xd94,
    MPU_RNR = 0xd98,
    MPU_RBAR = 0xd9c,
    CTRL_ENABLE = 1,
    CTRL_HFNMIENA = 2,
    CTRL_PRIVDEFENA = 4,
    RBAR_VALID = 0x10,
    RASR_ENABLE = 1,
    RASR_WRITABLE = 0x173f0000 | 0xff3f,
};

uint32_t mpu_read(const struct mpu *mpu, uint32_t offset)
{
    switch (offset) {
    case MPU_TYPE:
        return MPU_REGIONS << 8;
    case MPU_CTRL:
        return mpu->control;
    case MPU_RNR:
        return mpu->number;
    default: /* RBAR, RASR and their three aliases */
        return (offset - MPU_RBAR) & 4 ? mpu->attributes[mpu->number]
                                       : mpu->base[mpu->number] | mpu->number;
    }
}

static void write_base(struct mpu *mpu, uint32_t value)
{
    if (value & RBAR_VALID)
        mpu->number = value % MPU_REGIONS;
    mpu->base[mpu->number] = value & ~0x1fu;
}

void mpu_write(struct mpu *mpu, uint32_t offset, uint32_t value)
{
    switch (offset) {
    case MPU_TYPE:
        break;
    case MPU_CTRL:
        mpu->control = value & (CTRL_ENABLE | CTRL_HFNMIENA | CTRL_PRIVDEFENA);
        break;
    case MPU_RNR:
        mpu->number = value % MPU_REGIONS;
        break;
    default:
        if ((offset - MPU_RBAR) & 4)
            mpu->attributes[mpu->number] = value & RASR_WRITABLE;
        else
            write_base(mpu, value);
        break;
    }
}

/* Does region `n` hold `address`, and not in a disabled subregion? */
static bool covers(const struct mpu *mpu, unsigned n, guest_addr address)
{
    uint32_t attributes = mpu->attributes[n];
    unsigned bits = extract32(attributes, 1, 5) + 1; /* the region has 2^bits bytes */
    uint32_t mask = mask32(bits);

    if (!(attributes & RASR_ENABLE) || bits < 5 || (address & ~mask) != (mpu->base[n] & ~mask))
        return false;
    return bits < 8 || !(extract32(attributes, 8, 8) >> ((address & mask) >> (bits - 3)) & 1);
}

/* B3.5.3, table of access permissions: AP[2:0]. */
static bool permits(uint32_t attributes, const struct mpu_question *question)
{
    if (question->fetch && extract32(attributes, 28, 1))
        return false;
    switch (extract32(attributes, 24, 3)) {
    case 1:
        return question->privileged;
    case 2:
        return question->privileged || !question->store;
    case 3:
        return true;
    case 5:
        return question->privileged && !question->store;
    case 6:
    case 7:
        return !question->store;
    default:
        return false;
    }
}

/* The default memory map allows fetches from code, SRAM and external RAM (B3.1). */
static bool default_map_allows(const struct mpu_question *question)
{
    guest_addr address = question->address;

    return !question->fetch || address < 0x40000000u ||
           (address >= 0x60000000u && address < 0xa0000000u);
}

bool mpu_allows(const struct mpu *mpu, const struct mpu_question *question)
{
    bool system_space = question->address >= 0xe0000000u && !question->fetch;

    if (system_space)
        return true;
    if (!(mpu->control & CTRL_ENABLE) ||
        (question->negative_priority && !(mpu->control & CTRL_HFNMIENA)))
        return default_map_allows(question);
    for (unsigned n = MPU_REGIONS; n-- > 0;) { /* the highest number wins */
        if (covers(mpu, n, question->address))
            return permits(mpu->attributes[n], question) && default_map_allows(question);
    }
    return (mpu->control & CTRL_PRIVDEFENA) && question->privileged && default_map_allows(question);
}
