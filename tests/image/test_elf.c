/* SPDX-License-Identifier: Apache-2.0 */
/* ELF: what is accepted, what is refused and with which sentence, symbols and sections. */
#include "tests/image/images.h"

#include "sim/base/bits.h"
#include "sim/base/heap.h"
#include "tests/cmocka.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEADER(field) offsetof(Elf32_Ehdr, field)
#define PROGRAM(n, field)                                                                          \
    (sizeof(Elf32_Ehdr) + (n) * sizeof(Elf32_Phdr) + offsetof(Elf32_Phdr, field))

/* A valid ELF to damage. */
struct victim {
    uint8_t *bytes;
    size_t size;
};

static int take_victim(void **state)
{
    struct victim *victim = heap_allocate(1, sizeof *victim);

    victim->bytes = read_built("gcc-O2.elf", &victim->size);
    *state = victim;
    return 0;
}

static int release_victim(void **state)
{
    struct victim *victim = *state;

    heap_release(victim->bytes);
    heap_release(victim);
    return 0;
}

static void refused(const uint8_t *bytes, size_t size, enum status status, const char *message)
{
    struct failure failure;
    struct image *image = NULL;

    assert_int_equal(image_load_bytes(&image, "fw.elf", bytes, size, &nrf52840_limits, &failure),
                     status);
    assert_null(image);
    assert_int_equal(failure.status, status);
    assert_string_equal(failure.message, message);
}

static void file_refused(const char *path, enum status status, const char *message)
{
    struct failure failure;
    struct image *image = NULL;
    char expected[400];

    (void)snprintf(expected, sizeof expected, "%s: %s", path, message);
    assert_int_equal(image_load(&image, path, &nrf52840_limits, &failure), status);
    assert_null(image);
    assert_string_equal(failure.message, expected);
}

static void files_that_cannot_be_read_are_refused(void **state)
{
    char folder[] = "/tmp/fencepost-test-XXXXXX";
    char path[64];
    FILE *file;

    (void)state;
    assert_non_null(mkdtemp(folder));
    file_refused(folder, STATUS_FILE_UNREADABLE, "cannot be read: Is a directory");
    (void)snprintf(path, sizeof path, "%s/fw.bin", folder);
    file_refused(path, STATUS_FILE_MISSING, "no such file");
    file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
    file_refused(path, STATUS_FILE_EMPTY, "file is empty");
    assert_int_equal(chmod(path, 0), 0);
    if (geteuid() != 0) /* root may read everything */
        file_refused(path, STATUS_FILE_UNREADABLE, "cannot be read: Permission denied");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    file_refused("/dev/zero", STATUS_FILE_UNREADABLE, "cannot be read: neither file nor pipe");
}

static void a_text_is_not_a_firmware_image(void **state)
{
    (void)state;
    refused((const uint8_t *)"hello", 5, STATUS_IMAGE_UNKNOWN,
            "fw.elf: not a firmware image (neither ELF, Intel HEX, UF2 nor raw binary)");
}

static void objects_and_programs_of_other_machines_are_refused(void **state)
{
    const struct victim *victim = *state;
    uint8_t *bytes = victim->bytes;

    file_refused(IMAGE_DIR "/object.o", STATUS_ELF_NOT_EXECUTABLE,
                 "ELF file is not a linked executable: it is a relocatable object");
    file_refused(IMAGE_DIR "/big-endian.o", STATUS_ELF_BIG_ENDIAN, "ELF file is big-endian");
    file_refused("/proc/self/exe", STATUS_ELF_NOT_32BIT,
                 "ELF file is 64-bit, not 32-bit: for "
#ifdef __x86_64__
                 "x86-64"
#else
                 "AArch64"
#endif
    );
    store_le16(bytes + HEADER(e_machine), EM_386);
    refused(bytes, victim->size, STATUS_ELF_NOT_ARM,
            "fw.elf: ELF file is not for ARM: for x86 (3)");
    store_le16(bytes + HEADER(e_machine), EM_RISCV);
    refused(bytes, victim->size, STATUS_ELF_NOT_ARM,
            "fw.elf: ELF file is not for ARM: for RISC-V (243)");
    store_le16(bytes + HEADER(e_machine), EM_ARM);
    store_le16(bytes + HEADER(e_type), ET_DYN);
    refused(bytes, victim->size, STATUS_ELF_NOT_EXECUTABLE,
            "fw.elf: ELF file is not a linked executable: it is a shared object");
}

static void truncated_elf_files_are_refused(void **state)
{
    const struct victim *victim = *state;
    char message[200];
    size_t size = victim->size;

    refused(victim->bytes, 20, STATUS_ELF_TRUNCATED, "fw.elf: ELF file is truncated: 20 bytes");
    refused(victim->bytes, 53, STATUS_ELF_TRUNCATED,
            "fw.elf: ELF file is truncated: the program header table ends at byte 148 of 53");
    (void)snprintf(
        message, sizeof message,
        "fw.elf: ELF file is truncated: the section header table ends at byte %zu of %zu", size,
        size - 1);
    refused(victim->bytes, size - 1, STATUS_ELF_TRUNCATED, message);
    store_le32(victim->bytes + HEADER(e_shoff), 0); /* stripped of its sections */
    store_le16(victim->bytes + HEADER(e_shnum), 0);
    store_le32(victim->bytes + PROGRAM(0, p_offset), 0x7fffffff);
    (void)snprintf(message, sizeof message,
                   "fw.elf: ELF file is truncated: a segment ends at byte %llu of %zu",
                   0x7fffffffull + load_le32(victim->bytes + PROGRAM(0, p_filesz)), size);
    refused(victim->bytes, size, STATUS_ELF_TRUNCATED, message);
}

static void damaged_elf_headers_are_refused(void **state)
{
    const struct victim *victim = *state;
    uint8_t *bytes = victim->bytes;

    bytes[EI_CLASS] = 9;
    refused(bytes, victim->size, STATUS_ELF_DAMAGED,
            "fw.elf: ELF file is damaged: unknown kind of ELF");
    bytes[EI_CLASS] = ELFCLASS32;
    store_le16(bytes + HEADER(e_phentsize), 31);
    refused(bytes, victim->size, STATUS_ELF_DAMAGED,
            "fw.elf: ELF file is damaged: program header size");
    store_le16(bytes + HEADER(e_phentsize), sizeof(Elf32_Phdr));
    store_le16(bytes + HEADER(e_shentsize), 41);
    refused(bytes, victim->size, STATUS_ELF_DAMAGED,
            "fw.elf: ELF file is damaged: section header size");
    store_le16(bytes + HEADER(e_phnum), 0);
    refused(bytes, victim->size, STATUS_ELF_NOT_EXECUTABLE,
            "fw.elf: ELF file is not a linked executable: it has no program headers");
}

static void segments_outside_flash_and_ram_are_refused(void **state)
{
    const struct victim *victim = *state;
    uint8_t *bytes = victim->bytes;

    assert_int_equal(load_le32(bytes + PROGRAM(0, p_type)), PT_LOAD);
    store_le32(bytes + PROGRAM(0, p_filesz), 0x20);
    store_le32(bytes + PROGRAM(0, p_paddr), 0x30000000);
    refused(bytes, victim->size, STATUS_SEGMENT_OUTSIDE_MEMORY,
            "fw.elf: segment lies outside flash and RAM: 0x30000000 to 0x3000001f");
    store_le32(bytes + PROGRAM(0, p_paddr), FLASH_SIZE - 0x10);
    refused(bytes, victim->size, STATUS_SEGMENT_OUTSIDE_MEMORY,
            "fw.elf: segment lies outside flash and RAM: 0x000ffff0 to 0x0010000f");
    store_le32(bytes + PROGRAM(0, p_paddr), 0xfffffff0);
    refused(bytes, victim->size, STATUS_SEGMENT_OUTSIDE_MEMORY,
            "fw.elf: segment lies outside flash and RAM: 0xfffffff0 to 0x0000000f");
}

static void segments_that_overlap_are_refused(void **state)
{
    const struct victim *victim = *state;
    uint8_t *bytes = victim->bytes;

    assert_int_equal(load_le32(bytes + PROGRAM(1, p_type)), PT_LOAD);
    store_le32(bytes + PROGRAM(1, p_paddr), 0x40);
    store_le32(bytes + PROGRAM(1, p_filesz), 4);
    refused(bytes, victim->size, STATUS_ELF_DAMAGED,
            "fw.elf: ELF file is damaged: 0x00000040 is loaded twice");
}

static void a_huge_memory_size_costs_nothing(void **state)
{
    const struct victim *victim = *state;
    struct image *image;

    store_le32(victim->bytes + PROGRAM(0, p_memsz), 0xffffffff);
    assert_int_equal(
        image_load_bytes(&image, "fw.elf", victim->bytes, victim->size, &nrf52840_limits, NULL),
        STATUS_OK);
    image_free(image);
}

static void images_without_vector_table_are_refused(void **state)
{
    const struct victim *victim = *state;
    uint8_t *table = victim->bytes + load_le32(victim->bytes + PROGRAM(0, p_offset));

    store_le32(table, 0x20040004);
    refused(victim->bytes, victim->size, STATUS_NO_VECTOR_TABLE,
            "fw.elf: no vector table: the word at 0x00000000, 0x20040004, is no stack pointer in "
            "RAM");
    store_le32(table, 0x20001002);
    refused(victim->bytes, victim->size, STATUS_NO_VECTOR_TABLE,
            "fw.elf: no vector table: the word at 0x00000000, 0x20001002, is no stack pointer in "
            "RAM");
    store_le32(table, 0x20001000);
    store_le32(table + 4, 0x100);
    refused(victim->bytes, victim->size, STATUS_NO_VECTOR_TABLE,
            "fw.elf: no vector table: the word at 0x00000004, 0x00000100, is no Thumb address of "
            "loaded code");
    store_le32(table + 4, 0x80001);
    refused(victim->bytes, victim->size, STATUS_NO_VECTOR_TABLE,
            "fw.elf: no vector table: the word at 0x00000004, 0x00080001, is no Thumb address of "
            "loaded code");
    store_le32(victim->bytes + PROGRAM(0, p_filesz), 4);
    store_le32(victim->bytes + PROGRAM(1, p_filesz), 0);
    refused(victim->bytes, victim->size, STATUS_NO_VECTOR_TABLE,
            "fw.elf: no vector table: only 4 bytes are loaded at 0x00000000");
}

static void the_vector_table_of_an_application_is_behind_its_boot_loader(void **state)
{
    struct image *image = load_built("behind.elf");

    (void)state;
    assert_int_equal(image_vector_table(image), 0x26000);
    image_free(image);
}

static void symbols_have_their_address_size_and_section(void **state)
{
    struct image *image = load_built("gcc-O2.elf");
    struct symbol symbol;
    struct symbol inside;

    (void)state;
    assert_true(image_symbol_named(image, "leaf", &symbol));
    assert_true(symbol.is_function);
    assert_false(symbol.is_local);
    assert_int_equal(symbol.address & 1, 0);
    assert_string_equal(symbol.section, ".text");
    assert_true(image_symbol_at(image, symbol.address + symbol.size - 1, &inside));
    assert_string_equal(inside.name, "leaf");

    assert_true(image_symbol_named(image, "numbers", &symbol));
    assert_false(symbol.is_function);
    assert_int_equal(symbol.size, 32);
    assert_string_equal(symbol.section, ".data");
    assert_true(image_symbol_at(image, symbol.address + 31, &inside));
    assert_string_equal(inside.name, "numbers");
    assert_true(!image_symbol_at(image, symbol.address + 32, &inside) ||
                strcmp(inside.name, "numbers") != 0);

    assert_true(image_symbol_named(image, "source", &symbol));
    assert_true(symbol.is_local);
    assert_false(image_symbol_named(image, "$t", &symbol));
    assert_false(image_symbol_named(image, "discarded", &symbol));
    assert_false(image_symbol_at(image, 0x80000, &symbol));
    image_free(image);
}

static void the_smallest_of_nested_symbols_is_the_answer(void **state)
{
    struct image *image = load_built("gcc-O2.elf");
    guest_addr finish = address_of(image, "finish"); /* lies within reset */
    struct symbol symbol;

    (void)state;
    assert_true(image_symbol_at(image, finish, &symbol));
    assert_string_equal(symbol.name, "finish");
    assert_true(image_symbol_at(image, finish - 1, &symbol));
    assert_string_equal(symbol.name, "reset");
    image_free(image);
}

static void the_build_id_is_that_of_the_note(void **state)
{
    struct image *image = load_built("gcc-O2.elf");
    const char *id = image_build_id(image);
    const uint8_t *note;
    size_t size;
    char first[3];

    (void)state;
    assert_int_equal(strlen(id), 40);
    assert_int_equal(strspn(id, "0123456789abcdef"), 40);
    assert_true(image_section(image, ".note.gnu.build-id", &note, &size));
    assert_int_equal(size, 36);
    (void)snprintf(first, sizeof first, "%02x", note[16]);
    assert_memory_equal(id, first, 2);
    image_free(image);
}

static void a_section_is_found_by_name(void **state)
{
    struct image *image = load_built("gcc-O2.elf");
    const uint8_t *bytes;
    size_t size;

    (void)state;
    assert_true(image_section(image, ".text", &bytes, &size));
    assert_int_equal(load_le32(bytes), 0x20040000);
    assert_false(image_section(image, ".bss", &bytes, &size));
    assert_false(image_section(image, ".none", &bytes, &size));
    assert_true(image_has_debug_info(image));
    image_free(image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_that_cannot_be_read_are_refused),
        cmocka_unit_test(a_text_is_not_a_firmware_image),
        cmocka_unit_test_setup_teardown(objects_and_programs_of_other_machines_are_refused,
                                        take_victim, release_victim),
        cmocka_unit_test_setup_teardown(truncated_elf_files_are_refused, take_victim,
                                        release_victim),
        cmocka_unit_test_setup_teardown(damaged_elf_headers_are_refused, take_victim,
                                        release_victim),
        cmocka_unit_test_setup_teardown(segments_outside_flash_and_ram_are_refused, take_victim,
                                        release_victim),
        cmocka_unit_test_setup_teardown(segments_that_overlap_are_refused, take_victim,
                                        release_victim),
        cmocka_unit_test_setup_teardown(a_huge_memory_size_costs_nothing, take_victim,
                                        release_victim),
        cmocka_unit_test_setup_teardown(images_without_vector_table_are_refused, take_victim,
                                        release_victim),
        cmocka_unit_test(the_vector_table_of_an_application_is_behind_its_boot_loader),
        cmocka_unit_test(symbols_have_their_address_size_and_section),
        cmocka_unit_test(the_smallest_of_nested_symbols_is_the_answer),
        cmocka_unit_test(the_build_id_is_that_of_the_note),
        cmocka_unit_test(a_section_is_found_by_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
