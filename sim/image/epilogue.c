/* SPDX-License-Identifier: Apache-2.0 */
/* Encodings: Armv7-M ARM, A7.7. */
#include "sim/image/epilogue.h"

#include "sim/base/bits.h"

static bool is_bx(uint16_t code)
{
    return (code & 0xff87) == 0x4700;
}

/* ADD SP, SP, #imm7*4 (T2). */
static bool is_add_sp(uint16_t code)
{
    return (code & 0xff80) == 0xb000;
}

/* The target of B at `pc` (T2 or T4); `pc` itself if it is another instruction. */
static guest_addr branch_target(const struct image *image, guest_addr pc, uint16_t code)
{
    const uint8_t *bytes = image_loaded(image, pc, 4);
    uint32_t second;
    uint32_t sign;
    uint32_t offset;

    if ((code & 0xf800) == 0xe000)
        return pc + 4 + (sign_extend32(extract32(code, 0, 11), 11) << 1);
    if (!bytes || (code & 0xf800) != 0xf000 || (load_le16(bytes + 2) & 0xd000) != 0x9000)
        return pc;
    second = load_le16(bytes + 2);
    sign = extract32(code, 10, 1);
    offset = extract32(second, 0, 11) | extract32(code, 0, 10) << 11 |
             (extract32(second, 11, 1) ^ sign ^ 1) << 21 |
             (extract32(second, 13, 1) ^ sign ^ 1) << 22 | sign << 23;
    return pc + 4 + (sign_extend32(offset, 24) << 1);
}

/* A branch to the start of another function is a call in tail position. */
static bool is_tail_call(const struct image *image, guest_addr pc, uint16_t code)
{
    guest_addr target = branch_target(image, pc, code);
    struct symbol here;
    struct symbol there;

    return target != pc && image_symbol_at(image, pc, &here) && here.size &&
           target - here.address >= here.size && image_symbol_at(image, target, &there) &&
           there.is_function && there.address == target;
}

bool epilogue_is_at(const struct image *image, guest_addr pc, uint32_t *left)
{
    const uint8_t *bytes = image_loaded(image, pc, 2);
    uint16_t code = bytes ? load_le16(bytes) : 0;

    *left = 0;
    if (is_add_sp(code)) {
        *left = 4 * extract32(code, 0, 7);
        pc += 2;
        bytes = image_loaded(image, pc, 2);
        code = bytes ? load_le16(bytes) : 0;
    }
    return is_bx(code) || is_tail_call(image, pc, code);
}
