/* SPDX-License-Identifier: Apache-2.0 */
/* The encodings come from an assembler, the expectations from the instruction's text. */
#include "sim/base/compiler.h"
#include "sim/cpu/decode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { NO = INSN_NO_REGISTER, PC = 15, SP = 13 };

static const struct {
    const char *text;
    uint16_t first;
    uint16_t second;
    struct insn_access access; /* base, index, shift, size, count, store, aligned, T, offset */
} accesses[] = {
    {"ldr r1, [pc, #16]", 0x4904, 0, {PC, NO, 0, 4, 1, false, false, false, 16}},
    {"ldr r1, [r2, r3]", 0x58d1, 0, {2, 3, 0, 4, 1, false, false, false, 0}},
    {"strh r1, [r2, r3]", 0x52d1, 0, {2, 3, 0, 2, 1, true, false, false, 0}},
    {"strb r1, [r2, r3]", 0x54d1, 0, {2, 3, 0, 1, 1, true, false, false, 0}},
    {"ldrsb r1, [r2, r3]", 0x56d1, 0, {2, 3, 0, 1, 1, false, false, false, 0}},
    {"ldrsh r1, [r2, r3]", 0x5ed1, 0, {2, 3, 0, 2, 1, false, false, false, 0}},
    {"str r1, [r2, #124]", 0x67d1, 0, {2, NO, 0, 4, 1, true, false, false, 124}},
    {"ldr r1, [r2, #4]", 0x6851, 0, {2, NO, 0, 4, 1, false, false, false, 4}},
    {"strb r1, [r2, #31]", 0x77d1, 0, {2, NO, 0, 1, 1, true, false, false, 31}},
    {"ldrb r1, [r2, #1]", 0x7851, 0, {2, NO, 0, 1, 1, false, false, false, 1}},
    {"strh r1, [r2, #62]", 0x87d1, 0, {2, NO, 0, 2, 1, true, false, false, 62}},
    {"ldrh r1, [r2, #2]", 0x8851, 0, {2, NO, 0, 2, 1, false, false, false, 2}},
    {"str r1, [sp, #1020]", 0x91ff, 0, {SP, NO, 0, 4, 1, true, false, false, 1020}},
    {"ldr r1, [sp, #8]", 0x9902, 0, {SP, NO, 0, 4, 1, false, false, false, 8}},
    {"push {r0, r4, lr}", 0xb511, 0, {SP, NO, 0, 4, 3, true, true, false, -12}},
    {"pop {r4, pc}", 0xbd10, 0, {SP, NO, 0, 4, 2, false, true, false, 0}},
    {"stmia r3!, {r0-r2}", 0xc307, 0, {3, NO, 0, 4, 3, true, true, false, 0}},
    {"ldmia r3, {r0, r1}", 0xcb03, 0, {3, NO, 0, 4, 2, false, true, false, 0}},
    {"ldmia.w r3, {r0, r1, r8}", 0xe893, 0x0103, {3, NO, 0, 4, 3, false, true, false, 0}},
    {"stmdb r3!, {r4-r8}", 0xe923, 0x01f0, {3, NO, 0, 4, 5, true, true, false, -20}},
    {"ldmdb r3, {r4, r5}", 0xe913, 0x0030, {3, NO, 0, 4, 2, false, true, false, -8}},
    {"stmdb sp!, {r4-r11, lr}", 0xe92d, 0x4ff0, {SP, NO, 0, 4, 9, true, true, false, -36}},
    {"ldrd r1, r2, [r3, #-8]", 0xe953, 0x1202, {3, NO, 0, 4, 2, false, true, false, -8}},
    {"strd r1, r2, [r3, #16]!", 0xe9e3, 0x1204, {3, NO, 0, 4, 2, true, true, false, 16}},
    {"ldrd r1, r2, [r3], #32", 0xe8f3, 0x1208, {3, NO, 0, 4, 2, false, true, false, 0}},
    {"ldrex r1, [r2, #64]", 0xe852, 0x1f10, {2, NO, 0, 4, 1, false, true, false, 64}},
    {"strex r0, r1, [r2]", 0xe842, 0x1000, {2, NO, 0, 4, 1, true, true, false, 0}},
    {"ldrexb r1, [r2]", 0xe8d2, 0x1f4f, {2, NO, 0, 1, 1, false, true, false, 0}},
    {"ldrexh r1, [r2]", 0xe8d2, 0x1f5f, {2, NO, 0, 2, 1, false, true, false, 0}},
    {"strexb r0, r1, [r2]", 0xe8c2, 0x1f40, {2, NO, 0, 1, 1, true, true, false, 0}},
    {"strexh r0, r1, [r2]", 0xe8c2, 0x1f50, {2, NO, 0, 2, 1, true, true, false, 0}},
    {"tbb [r1, r2]", 0xe8d1, 0xf002, {1, 2, 0, 1, 1, false, false, false, 0}},
    {"tbh [r1, r2, lsl #1]", 0xe8d1, 0xf012, {1, 2, 1, 2, 1, false, false, false, 0}},
    {"ldr.w r1, [r2, #4095]", 0xf8d2, 0x1fff, {2, NO, 0, 4, 1, false, false, false, 4095}},
    {"ldr r1, [r2, #-255]", 0xf852, 0x1cff, {2, NO, 0, 4, 1, false, false, false, -255}},
    {"str r1, [r2, #-4]!", 0xf842, 0x1d04, {2, NO, 0, 4, 1, true, false, false, -4}},
    {"ldr r1, [r2], #8", 0xf852, 0x1b08, {2, NO, 0, 4, 1, false, false, false, 0}},
    {"ldrh r1, [r2, r3, lsl #2]", 0xf832, 0x1023, {2, 3, 2, 2, 1, false, false, false, 0}},
    {"ldrsb r1, [r2, #100]", 0xf992, 0x1064, {2, NO, 0, 1, 1, false, false, false, 100}},
    {"ldrt r1, [r2, #12]", 0xf852, 0x1e0c, {2, NO, 0, 4, 1, false, false, true, 12}},
    {"ldr r1, [pc, #-100]", 0xf85f, 0x1064, {PC, NO, 0, 4, 1, false, false, false, -100}},
    {"ldrb r1, [pc, #20]", 0xf89f, 0x1014, {PC, NO, 0, 1, 1, false, false, false, 20}},
    {"ldr pc, [r2, #8]", 0xf8d2, 0xf008, {2, NO, 0, 4, 1, false, false, false, 8}},
    {"vldr s0, [r1, #8]", 0xed91, 0x0a02, {1, NO, 0, 4, 1, false, true, false, 8}},
    {"vstr d1, [r1, #-16]", 0xed01, 0x1b04, {1, NO, 0, 4, 2, true, true, false, -16}},
    {"vldmia r1!, {s0-s3}", 0xecb1, 0x0a04, {1, NO, 0, 4, 4, false, true, false, 0}},
    {"vstmdb r1!, {d0-d2}", 0xed21, 0x0b06, {1, NO, 0, 4, 6, true, true, false, -24}},
    {"vpush {s16-s19}", 0xed2d, 0x8a04, {SP, NO, 0, 4, 4, true, true, false, -16}},
};

static const struct {
    const char *text;
    uint16_t first;
    uint16_t second;
    unsigned kind; /* enum insn_kind, INSN_FP */
} kinds[] = {
    {"adds r0, #1", 0x3001, 0, INSN_PLAIN},
    {"bl", 0xf7ff, 0xfffe, INSN_PLAIN},
    {"nop", 0xbf00, 0, INSN_PLAIN},
    {"pld [r1]", 0xf891, 0xf000, INSN_PLAIN},
    {"pld [r1, r2]", 0xf811, 0xf002, INSN_PLAIN},
    {"push {r0, r4, lr}", 0xb511, 0, INSN_PLAIN},
    {"ldr r1, [r2, #4]", 0x6851, 0, INSN_PLAIN},
    {"mrs r0, primask", 0xf3ef, 0x8010, INSN_PLAIN},
    {"dmb sy", 0xf3bf, 0x8f5f, INSN_DMB},
    {"dsb sy", 0xf3bf, 0x8f4f, INSN_DSB},
    {"isb sy", 0xf3bf, 0x8f6f, INSN_ISB},
    {"clrex", 0xf3bf, 0x8f2f, INSN_CLREX},
    {"itte eq", 0xbf06, 0, INSN_IT},
    {"cpsid i", 0xb672, 0, INSN_SPECIAL},
    {"cpsie f", 0xb661, 0, INSN_SPECIAL},
    {"msr control, r0", 0xf380, 0x8814, INSN_SPECIAL},
    {"mrs r0, control", 0xf3ef, 0x8014, INSN_SPECIAL},
    {"wfi", 0xbf30, 0, INSN_WFI},
    {"wfe", 0xbf20, 0, INSN_WFE},
    {"yield", 0xbf10, 0, INSN_YIELD},
    {"sev", 0xbf40, 0, INSN_SEV},
    {"wfi.w", 0xf3af, 0x8003, INSN_WFI},
    {"ldrex r1, [r2, #64]", 0xe852, 0x1f10, INSN_LDREX},
    {"ldrexb r1, [r2]", 0xe8d2, 0x1f4f, INSN_LDREX},
    {"strex r0, r1, [r2]", 0xe842, 0x1000, INSN_STREX},
    {"strexh r0, r1, [r2]", 0xe8c2, 0x1f50, INSN_STREX},
    {"udiv r1, r2, r3", 0xfbb2, 0xf1f3, INSN_DIVIDE},
    {"sdiv r1, r2, r3", 0xfb92, 0xf1f3, INSN_DIVIDE},
    {"umull r0, r1, r2, r3", 0xfba2, 0x0103, INSN_PLAIN},
    {"vadd.f32 s0, s1, s2", 0xee30, 0x0a81, INSN_FP},
    {"vmov s0, r1", 0xee00, 0x1a10, INSN_FP},
    {"vmov s0, s1, r2, r3", 0xec43, 0x2a10, INSN_FP},
    {"vldr s0, [r1, #8]", 0xed91, 0x0a02, INSN_FP | INSN_ALIGNED},
    {"vldr s0, [sp, #8]", 0xed9d, 0x0a02, INSN_FP},
    {"vldr s0, [pc, #8]", 0xed9f, 0x0a02, INSN_FP},
    {"vldmia r1!, {s0-s3}", 0xecb1, 0x0a04, INSN_FP | INSN_ALIGNED},
    {"vpush {s16-s19}", 0xed2d, 0x8a04, INSN_FP},
    {"stmia r3!, {r0-r2}", 0xc307, 0, INSN_ALIGNED},
    {"ldrd r1, r2, [r3, #-8]", 0xe953, 0x1202, INSN_ALIGNED},
    {"ldrd r1, r2, [sp, #8]", 0xe9dd, 0x1202, INSN_PLAIN},
    {"ldrd r1, r2, [pc, #8]", 0xe9df, 0x1202, INSN_PLAIN},
    {"tbb [r1, r2]", 0xe8d1, 0xf002, INSN_PLAIN},
};

static void every_load_and_store_says_where_it_goes(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ARRAY_LENGTH(accesses); i++) {
        const struct insn_access *expected = &accesses[i].access;
        struct insn_access access;

        if (!insn_access(accesses[i].first, accesses[i].second, &access))
            fail_msg("%s accesses nothing", accesses[i].text);
        if (access.base != expected->base || access.index != expected->index ||
            access.shift != expected->shift || access.size != expected->size ||
            access.count != expected->count || access.store != expected->store ||
            access.aligned != expected->aligned || access.unprivileged != expected->unprivileged ||
            access.offset != expected->offset)
            fail_msg("%s: base %u index %u shift %u size %u count %u offset %d", accesses[i].text,
                     access.base, access.index, access.shift, access.size, access.count,
                     access.offset);
    }
}

static void every_instruction_is_of_its_kind(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ARRAY_LENGTH(kinds); i++) {
        unsigned class = insn_classify(kinds[i].first, kinds[i].second);

        if ((class & (INSN_KIND_MASK | INSN_FP)) != kinds[i].kind)
            fail_msg("%s is of kind %u, not %u", kinds[i].text, class & INSN_KIND_MASK,
                     (unsigned)kinds[i].kind);
        assert_false(class & INSN_UNKNOWN);
    }
}

static void hints_and_arithmetic_access_no_memory(void **state)
{
    struct insn_access access;

    (void)state;
    assert_false(insn_access(0xf891, 0xf000, &access)); /* pld [r1] */
    assert_false(insn_access(0xec43, 0x2a10, &access)); /* vmov s0, s1, r2, r3 */
    assert_false(insn_access(0x3001, 0, &access));      /* adds r0, #1 */
    assert_false(insn_access(0xb662, 0, &access));      /* cpsie i */
    assert_false(insn_access(0xf3bf, 0x8f5f, &access)); /* dmb */
}

static void an_it_block_counts_its_instructions(void **state)
{
    uint32_t it = 0x06; /* ITTE EQ: three instructions */

    (void)state;
    it = insn_it_advance(it);
    assert_int_equal(0x0c, it);
    it = insn_it_advance(it);
    assert_int_equal(0x18, it);
    assert_int_equal(0, insn_it_advance(it));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_load_and_store_says_where_it_goes),
        cmocka_unit_test(every_instruction_is_of_its_kind),
        cmocka_unit_test(hints_and_arithmetic_access_no_memory),
        cmocka_unit_test(an_it_block_counts_its_instructions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
