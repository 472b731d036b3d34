/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/image/debug_info.h"
#include "sim/image/formats.h"
#include "sim/image/segments.h"
#include "sim/image/symbols.h"

#include "sim/base/bits.h"

#include <gelf.h>
#include <stdio.h>
#include <string.h>

/* The machines one is likely to have compiled for by mistake. */
static const char *machine_name(unsigned machine)
{
    switch (machine) {
    case EM_386:
        return "x86";
    case EM_X86_64:
        return "x86-64";
    case EM_AARCH64:
        return "AArch64";
    case EM_RISCV:
        return "RISC-V";
    case EM_XTENSA:
        return "Xtensa";
    case EM_AVR:
        return "AVR";
    case EM_ARM:
        return "ARM";
    default:
        return "another machine";
    }
}

static enum status check_identity(const struct image *image, struct failure *failure)
{
    const uint8_t *header = image->file;
    unsigned machine;

    if (image->file_size < sizeof(Elf32_Ehdr))
        return failure_set(failure, STATUS_ELF_TRUNCATED, image->path, "%zu bytes",
                           image->file_size);
    machine = load_le16(header + offsetof(Elf32_Ehdr, e_machine));
    if (header[EI_DATA] == ELFDATA2MSB)
        return failure_set(failure, STATUS_ELF_BIG_ENDIAN, image->path, NULL);
    if (header[EI_CLASS] == ELFCLASS64)
        return failure_set(failure, STATUS_ELF_NOT_32BIT, image->path, "for %s",
                           machine_name(machine));
    if (header[EI_CLASS] != ELFCLASS32 || header[EI_DATA] != ELFDATA2LSB ||
        header[EI_VERSION] != EV_CURRENT)
        return failure_set(failure, STATUS_ELF_DAMAGED, image->path, "unknown kind of ELF");
    if (machine != EM_ARM)
        return failure_set(failure, STATUS_ELF_NOT_ARM, image->path, "for %s (%u)",
                           machine_name(machine), machine);
    return STATUS_OK;
}

static const char *type_name(unsigned type)
{
    if (type == ET_REL)
        return "a relocatable object";
    if (type == ET_DYN)
        return "a shared object";
    return type == ET_CORE ? "a core dump" : "of unknown type";
}

static bool is_in_file(const struct image *image, uint64_t offset, uint64_t size)
{
    return offset <= image->file_size && size <= image->file_size - offset;
}

static enum status truncated(const struct image *image, uint64_t offset, uint64_t size,
                             const char *what, struct failure *failure)
{
    return failure_set(failure, STATUS_ELF_TRUNCATED, image->path, "%s ends at byte %llu of %zu",
                       what, (unsigned long long)(offset + size), image->file_size);
}

/* libelf trusts the tables to be where the header says. */
static enum status check_tables(const struct image *image, struct failure *failure)
{
    const uint8_t *header = image->file;
    uint32_t programs = load_le32(header + offsetof(Elf32_Ehdr, e_phoff));
    uint32_t sections = load_le32(header + offsetof(Elf32_Ehdr, e_shoff));
    uint32_t program_count = load_le16(header + offsetof(Elf32_Ehdr, e_phnum));
    uint32_t section_count = load_le16(header + offsetof(Elf32_Ehdr, e_shnum));
    unsigned type = load_le16(header + offsetof(Elf32_Ehdr, e_type));

    if (type != ET_EXEC)
        return failure_set(failure, STATUS_ELF_NOT_EXECUTABLE, image->path, "it is %s",
                           type_name(type));
    if (!program_count)
        return failure_set(failure, STATUS_ELF_NOT_EXECUTABLE, image->path,
                           "it has no program headers");
    if (load_le16(header + offsetof(Elf32_Ehdr, e_phentsize)) != sizeof(Elf32_Phdr))
        return failure_set(failure, STATUS_ELF_DAMAGED, image->path, "program header size");
    if (!is_in_file(image, programs, program_count * sizeof(Elf32_Phdr)))
        return truncated(image, programs, program_count * sizeof(Elf32_Phdr),
                         "the program header table", failure);
    if (!sections)
        return STATUS_OK;
    if (load_le16(header + offsetof(Elf32_Ehdr, e_shentsize)) != sizeof(Elf32_Shdr))
        return failure_set(failure, STATUS_ELF_DAMAGED, image->path, "section header size");
    /* From 65280 sections on the count is elsewhere; no firmware has so many. */
    if (!section_count)
        return failure_set(failure, STATUS_ELF_DAMAGED, image->path, "number of sections");
    if (!is_in_file(image, sections, section_count * sizeof(Elf32_Shdr)))
        return truncated(image, sections, section_count * sizeof(Elf32_Shdr),
                         "the section header table", failure);
    return STATUS_OK;
}

static enum status check_sections(const struct image *image, struct failure *failure)
{
    Elf_Scn *section = NULL;

    while ((section = elf_nextscn(image->elf, section))) {
        GElf_Shdr header;

        if (!gelf_getshdr(section, &header))
            return failure_set(failure, STATUS_ELF_DAMAGED, image->path, "section header %zu",
                               elf_ndxscn(section));
        if (header.sh_type != SHT_NOBITS && header.sh_type != SHT_NULL &&
            !is_in_file(image, header.sh_offset, header.sh_size))
            return truncated(image, header.sh_offset, header.sh_size, "a section", failure);
    }
    return STATUS_OK;
}

static enum status collect_segments(struct image *image, struct pieces *pieces,
                                    struct failure *failure)
{
    size_t count;

    if (elf_getphdrnum(image->elf, &count) != 0)
        return failure_set(failure, STATUS_ELF_DAMAGED, image->path, "program headers");
    for (size_t i = 0; i < count; i++) {
        GElf_Phdr header;

        if (!gelf_getphdr(image->elf, (int)i, &header))
            return failure_set(failure, STATUS_ELF_DAMAGED, image->path, "program header %zu", i);
        if (header.p_type != PT_LOAD || !header.p_filesz)
            continue;
        if (!is_in_file(image, header.p_offset, header.p_filesz))
            return truncated(image, header.p_offset, header.p_filesz, "a segment", failure);
        pieces_add(pieces, (struct piece){.address = (guest_addr)header.p_paddr,
                                          .size = (uint32_t)header.p_filesz,
                                          .bytes = image->file + header.p_offset});
    }
    return STATUS_OK;
}

static enum status read_segments(struct image *image, const struct image_limits *limits,
                                 struct failure *failure)
{
    struct pieces pieces = {0};
    enum status status = collect_segments(image, &pieces, failure);

    if (status == STATUS_OK)
        status = segments_build(image, &pieces, limits, STATUS_ELF_DAMAGED, failure);
    pieces_free(&pieces);
    return status;
}

static void copy_build_id(struct image *image, const uint8_t *bytes, size_t size)
{
    if (2 * size >= sizeof image->build_id)
        return;
    for (size_t i = 0; i < size; i++)
        (void)snprintf(image->build_id + 2 * i, 3, "%02x", bytes[i]);
}

static void find_build_id(struct image *image, Elf_Data *notes)
{
    size_t at = 0;
    size_t name;
    size_t content;
    GElf_Nhdr header;

    while ((at = gelf_getnote(notes, at, &header, &name, &content)) > 0) {
        const uint8_t *bytes = notes->d_buf;

        if (header.n_type == NT_GNU_BUILD_ID && header.n_namesz == 4 &&
            memcmp(bytes + name, "GNU", 4) == 0)
            copy_build_id(image, bytes + content, header.n_descsz);
    }
}

static void read_build_id(struct image *image)
{
    Elf_Scn *section = NULL;

    while ((section = elf_nextscn(image->elf, section))) {
        GElf_Shdr header;
        Elf_Data *data;

        if (!gelf_getshdr(section, &header) || header.sh_type != SHT_NOTE)
            continue;
        data = elf_getdata(section, NULL);
        if (data && data->d_buf)
            find_build_id(image, data);
    }
}

enum status elf_read(struct image *image, const struct image_limits *limits,
                     struct failure *failure)
{
    enum status status = check_identity(image, failure);

    if (status == STATUS_OK)
        status = check_tables(image, failure);
    if (status != STATUS_OK)
        return status;

    (void)elf_version(EV_CURRENT);
    image->elf = elf_memory((char *)image->file, image->file_size);
    if (!image->elf || elf_kind(image->elf) != ELF_K_ELF)
        return failure_set(failure, STATUS_ELF_DAMAGED, image->path, NULL);
    status = read_segments(image, limits, failure);
    if (status == STATUS_OK)
        status = check_sections(image, failure);
    if (status == STATUS_OK) {
        image->symbols = symbols_read(image->elf);
        image->debug = debug_info_new();
        read_build_id(image);
    }
    return status;
}

static bool section_content(Elf_Scn *section, const uint8_t **bytes, size_t *size)
{
    Elf_Data *data = elf_rawdata(section, NULL);

    if (!data || !data->d_buf)
        return false;
    *bytes = data->d_buf;
    *size = data->d_size;
    return true;
}

bool image_section(const struct image *image, const char *name, const uint8_t **bytes, size_t *size)
{
    Elf_Scn *section = NULL;
    size_t names;

    if (!image->elf || elf_getshdrstrndx(image->elf, &names) != 0)
        return false;
    while ((section = elf_nextscn(image->elf, section))) {
        GElf_Shdr header;
        const char *found;

        if (!gelf_getshdr(section, &header) || header.sh_type == SHT_NOBITS)
            continue;
        found = elf_strptr(image->elf, names, header.sh_name);
        if (found && strcmp(found, name) == 0)
            return section_content(section, bytes, size);
    }
    return false;
}
