/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/debug/description.h"

#include "sim/base/bits.h"

#include <string.h>

/* ---- Registers ------------------------------------------------------------------------------- */

enum { FIRST_DOUBLE = 17, DOUBLES = 16, FIRST_SYSTEM = FIRST_DOUBLE + DOUBLES };

/* Numbers 16..24 are gdb's for an FPU of long ago; xPSR is 25 for every ARM. */
enum { NUMBER_XPSR = 25, NUMBER_D0 = 26 };

enum { CYCLES = CPU_REGISTER_COUNT };

static const unsigned system_registers[] = {CPU_FPSCR,   CPU_MSP,       CPU_PSP,     CPU_PRIMASK,
                                            CPU_BASEPRI, CPU_FAULTMASK, CPU_CONTROL, CYCLES};

_Static_assert(FIRST_SYSTEM + ARRAY_LENGTH(system_registers) == DESCRIBED_REGISTERS, "the order");

static bool is_double(unsigned index)
{
    return index >= FIRST_DOUBLE && index < FIRST_SYSTEM;
}

static bool is_cycles(unsigned index)
{
    return index == DESCRIBED_REGISTERS - 1;
}

static enum cpu_register cpu_register_of(unsigned index)
{
    return (enum cpu_register)(index < FIRST_DOUBLE ? index
                                                    : system_registers[index - FIRST_SYSTEM]);
}

unsigned description_number(unsigned index)
{
    return index < CPU_XPSR ? index : NUMBER_XPSR + index - CPU_XPSR;
}

unsigned description_index(uint64_t number)
{
    if (number < CPU_XPSR)
        return (unsigned)number;
    if (number >= NUMBER_XPSR && number - NUMBER_XPSR + CPU_XPSR < DESCRIBED_REGISTERS)
        return (unsigned)(number - NUMBER_XPSR + CPU_XPSR);
    return DESCRIBED_REGISTERS;
}

unsigned description_size(unsigned index)
{
    return is_double(index) || is_cycles(index) ? 8 : 4;
}

static uint64_t value_of(struct target *target, unsigned index)
{
    enum cpu_register s0 = (enum cpu_register)(CPU_S0 + 2 * (index - FIRST_DOUBLE));

    if (is_cycles(index))
        return machine_now(target_machine(target));
    if (is_double(index))
        return target_register(target, s0) |
               (uint64_t)target_register(target, (enum cpu_register)(s0 + 1)) << 32;
    return target_register(target, cpu_register_of(index));
}

unsigned description_read(struct target *target, unsigned index, uint8_t *bytes)
{
    store_le(bytes, description_size(index), value_of(target, index));
    return description_size(index);
}

unsigned description_read_site(const struct site *site, unsigned index, uint8_t *bytes)
{
    uint64_t value = 0;

    if (index < CPU_XPSR)
        value = site->r[index];
    else if (index == CPU_XPSR)
        value = site->xpsr;
    else if (is_cycles(index))
        value = site->when;
    else if (!is_double(index) && cpu_register_of(index) == CPU_MSP)
        value = site->msp;
    else if (!is_double(index) && cpu_register_of(index) == CPU_PSP)
        value = site->psp;
    store_le(bytes, description_size(index), value);
    return description_size(index);
}

bool description_write(struct target *target, unsigned index, const uint8_t *bytes)
{
    enum cpu_register s0 = (enum cpu_register)(CPU_S0 + 2 * (index - FIRST_DOUBLE));

    if (is_cycles(index))
        return false;
    if (is_double(index)) {
        target_set_register(target, s0, load_le32(bytes));
        target_set_register(target, (enum cpu_register)(s0 + 1), load_le32(bytes + 4));
        return true;
    }
    target_set_register(target, cpu_register_of(index), load_le32(bytes));
    return true;
}

/* ---- Documents ------------------------------------------------------------------------------- */

static const char *const core_names[] = {"r0", "r1", "r2",  "r3",  "r4",  "r5", "r6", "r7",
                                         "r8", "r9", "r10", "r11", "r12", "sp", "lr", "pc"};
static const char *const system_names[] = {"fpscr",   "msp",       "psp",     "primask",
                                           "basepri", "faultmask", "control", "cycles"};

static void print_register(struct text *text, unsigned index, const char *name, const char *type)
{
    text_printf(text, "<reg name=\"%s\" bitsize=\"%u\" regnum=\"%u\" type=\"%s\"/>\n", name,
                8 * description_size(index), description_number(index), type);
}

static void print_core(struct text *text)
{
    text_printf(text, "<feature name=\"org.gnu.gdb.arm.m-profile\">\n");
    for (unsigned i = 0; i < ARRAY_LENGTH(core_names); i++) {
        const char *type = i == CPU_SP ? "data_ptr" : i == CPU_PC ? "code_ptr" : "int";

        print_register(text, i, core_names[i], type);
    }
    print_register(text, CPU_XPSR, "xpsr", "int");
    text_printf(text, "</feature>\n<feature name=\"org.gnu.gdb.arm.vfp\">\n");
    for (unsigned i = 0; i < DOUBLES; i++) {
        char name[8] = {'d', (char)('0' + i), '\0'};

        if (i >= 10) {
            name[1] = '1';
            name[2] = (char)('0' + i - 10);
        }
        print_register(text, FIRST_DOUBLE + i, name, "ieee_double");
    }
    print_register(text, FIRST_SYSTEM, system_names[0], "int");
    text_printf(text, "</feature>\n");
}

static void print_system(struct text *text)
{
    text_printf(text, "<feature name=\"org.gnu.gdb.arm.m-system\">\n");
    print_register(text, FIRST_SYSTEM + 1, system_names[1], "data_ptr");
    print_register(text, FIRST_SYSTEM + 2, system_names[2], "data_ptr");
    text_printf(text, "</feature>\n<feature name=\"org.fencepost.system\">\n");
    for (unsigned i = 3; i < ARRAY_LENGTH(system_names); i++)
        print_register(text, FIRST_SYSTEM + i, system_names[i],
                       is_cycles(FIRST_SYSTEM + i) ? "uint64" : "int");
    text_printf(text, "</feature>\n");
}

static void print_target(struct text *text)
{
    text_printf(text, "<?xml version=\"1.0\"?>\n<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n"
                      "<target version=\"1.0\">\n<architecture>arm</architecture>\n");
    print_core(text);
    print_system(text);
    text_printf(text, "</target>\n");
}

static void print_region(struct text *text, const char *type, guest_addr start, uint32_t size)
{
    text_printf(text, "<memory type=\"%s\" start=\"0x%x\" length=\"0x%x\"", type, start, size);
    if (strcmp(type, "flash") != 0)
        text_printf(text, "/>\n");
    else
        text_printf(text, "><property name=\"blocksize\">0x%x</property></memory>\n", FLASH_PAGE);
}

/* gdb touches nothing outside of the map, so registers are listed as if they were memory. */
static void print_memory(struct text *text)
{
    text_printf(text, "<?xml version=\"1.0\"?>\n<!DOCTYPE memory-map PUBLIC \"+//IDN "
                      "gnu.org//DTD GDB Memory Map V1.0//EN\" "
                      "\"http://sourceware.org/gdb/gdb-memory-map.dtd\">\n<memory-map>\n");
    print_region(text, "flash", FLASH_BASE, FLASH_SIZE);
    print_region(text, "ram", RAM_CODE_BASE, RAM_SIZE);
    print_region(text, "rom", FICR_BASE, INFO_SIZE);
    print_region(text, "ram", UICR_BASE, INFO_SIZE);
    print_region(text, "ram", RAM_BASE, RAM_SIZE);
    print_region(text, "ram", APB_BASE, 0x20000000);
    print_region(text, "ram", PPB_BASE, 0x100000);
    text_printf(text, "</memory-map>\n");
}

bool description_document(struct text *text, const char *object, const char *annex)
{
    if (!strcmp(object, "features") && !strcmp(annex, "target.xml"))
        print_target(text);
    else if (!strcmp(object, "memory-map") && !*annex)
        print_memory(text);
    else
        return false;
    return true;
}
