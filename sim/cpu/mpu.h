/* SPDX-License-Identifier: Apache-2.0 */
/* Memory protection unit, eight regions (Armv7-M B3.5). Plain state and pure questions. */
#ifndef SIM_CPU_MPU_H
#define SIM_CPU_MPU_H

#include "sim/base/range.h"

enum { MPU_REGIONS = 8 };

struct mpu {
    uint32_t control; /* ENABLE, HFNMIENA, PRIVDEFENA */
    uint32_t number;  /* RNR */
    uint32_t base[MPU_REGIONS];
    uint32_t attributes[MPU_REGIONS];
};

/* Registers by their offset in the system control space, 0xd90..0xdb8. `write` takes whole words.
 */
uint32_t mpu_read(const struct mpu *mpu, uint32_t offset);
void mpu_write(struct mpu *mpu, uint32_t offset, uint32_t value);

static inline bool mpu_enabled(const struct mpu *mpu)
{
    return mpu->control & 1;
}

struct mpu_question {
    guest_addr address;
    bool privileged;
    bool store;
    bool fetch;
    bool negative_priority; /* in HardFault, NMI, or under FAULTMASK */
};

/* May the access be made? The address's own region decides; system space is never checked. */
bool mpu_allows(const struct mpu *mpu, const struct mpu_question *question);

#endif
