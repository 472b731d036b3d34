/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A firmware image: what goes where in memory, and what the debug information says about it.
 *
 * Formats: ELF (with symbols and DWARF), Intel HEX, UF2 and raw binary (without).
 */
#ifndef SIM_IMAGE_IMAGE_H
#define SIM_IMAGE_IMAGE_H

#include "sim/base/range.h"
#include "sim/base/status.h"

#include <stddef.h>
#include <stdint.h>

struct image;

enum image_format { IMAGE_ELF, IMAGE_HEX, IMAGE_UF2, IMAGE_BIN };

/* One piece of memory content. `bytes` is owned by the image; where it goes is its physical
 * (load) address. */
struct image_segment {
    guest_addr address;
    uint32_t size;
    const uint8_t *bytes;
};

/* Where segments may go. Owned by the caller, copied. */
struct image_limits {
    const struct byte_range *places;
    unsigned count;
    guest_addr binary_base; /* where a raw binary is loaded */
    bool as_binary;         /* a raw binary whatever the content looks like */
};

/*
 * Reads and checks `path`. The format is told by the content; a raw binary by the end of its name,
 * ".bin", or by `as_binary`. Of "app.bin@0x26000" the file is app.bin, and it goes there. On
 * failure nothing is allocated. Released with image_free (NULL is fine).
 */
MUST_CHECK enum status image_load(struct image **image, const char *path,
                                  const struct image_limits *limits, struct failure *failure);
void image_free(struct image *image);

const char *image_path(const struct image *image);
enum image_format image_format(const struct image *image);

/* What a user should know although the image was accepted, without a full stop; "" if nothing. */
const char *image_note(const struct image *image);

/* By address; no two touch or overlap. What is not loaded has no segment (.bss, NOLOAD). */
unsigned image_segment_count(const struct image *image);
struct image_segment image_segment(const struct image *image, unsigned index);

/* The word that is loaded at `address`; false unless all of it is. */
bool image_word(const struct image *image, guest_addr address, uint32_t *word);

/* True when some byte is in both images with different values; `address` gets the first. */
bool image_differs(const struct image *a, const struct image *b, guest_addr *address);

/* Where the vector table is: 0, or behind a boot loader the lowest address in flash. */
guest_addr image_vector_table(const struct image *image);

/* Lower-case hexadecimal GNU build id, or "" if the image has none. */
const char *image_build_id(const struct image *image);
bool image_has_debug_info(const struct image *image);

/* Names of functions and objects are known. */
bool image_has_symbols(const struct image *image);

/* An ELF symbol: a function, an object, or a label of an assembly file or of the linker script
 * (a label in code counts as a function). Strings are owned by the image. */
struct symbol {
    const char *name;
    const char *section; /* "" if unknown */
    guest_addr address;  /* functions: without the Thumb bit */
    uint32_t size;
    bool is_function;
    bool is_local;
};

/*
 * The smallest symbol that contains `address`; false if none does. A function without a size is
 * taken to go on to the next symbol, 4 KiB at most. Where several have the same place, a global
 * name comes before a weak one, that before a local one.
 */
bool image_symbol_at(const struct image *image, guest_addr address, struct symbol *symbol);
bool image_symbol_named(const struct image *image, const char *name, struct symbol *symbol);

/* A place in the source. Strings are owned by the image; "" and 0 where unknown. */
struct source_place {
    const char *function;
    const char *file;
    unsigned line;
    unsigned column;
    bool inlined; /* this function's code was inlined into the next place of the list */
};

/*
 * The places of `pc`: innermost first, each inlined function before the one it was inlined into.
 * Returns how many were written (at most `room`); 0 if nothing is known.
 */
unsigned image_places(const struct image *image, guest_addr pc, struct source_place *places,
                      unsigned room);

/* Registers to unwind from, and how to read the memory of that moment. */
struct unwind_start {
    uint32_t r[16]; /* r15 is the instruction concerned */
    uint32_t msp;
    uint32_t psp;
    /* Reads one word; false if it is not known any more. */
    bool (*read)(void *owner, guest_addr address, uint32_t *word);
    void *owner;
};

/* What was kept of the memory of a moment; what the image loads is taken for unchanged. */
struct kept_memory {
    const struct image *image;
    struct image_segment piece[2]; /* size 0: none */
};

/* Reads one word of a struct kept_memory: the `read` of an unwind_start. */
bool kept_memory_read(void *kept, guest_addr address, uint32_t *word);

struct frame {
    guest_addr pc;     /* innermost: the instruction; callers: the call instruction */
    bool is_exception; /* this frame was interrupted by the exception handler before it */
    guest_addr stack;  /* stack pointer at `pc`: the frame lies from here up to its caller's */
};

/*
 * Walks the call frames with the image's call-frame information, through exception frames too
 * (EXC_RETURN in LR). Returns the number of frames, at least 1 if room allows; frame 0 is the
 * start itself. Stops where the information ends.
 */
unsigned image_unwind(const struct image *image, const struct unwind_start *start,
                      struct frame *frames, unsigned room);

/* A variable, or a member of one, as the debug information tells of it. */
struct variable {
    char name[96];        /* "response", "device.endpoint[1].buffer" */
    const char *function; /* of a local variable: whose it is; else "". Owned by the image */
    struct byte_range range;
    uint64_t entry; /* of the variable in the debug information */
};

/* The variable of constant address that contains `address`. */
bool image_static_at(const struct image *image, guest_addr address, struct variable *variable);

/* The local variable that contained `address` at `moment`, in the call frame that holds it. */
bool image_local_at(const struct image *image, const struct unwind_start *moment,
                    guest_addr address, struct variable *variable);

/*
 * Whether `window`, which lies in `variable`, begins with an array that is a member of a structure,
 * leaves it, and ends in the middle of a number or a pointer; then `member` is that array. Of a
 * window that ends between two members, or within an array behind, nobody can tell whether it is
 * meant: a header and as much of its payload as there is. So with the first member of a structure,
 * which starts where the whole does.
 */
bool image_member_cut(const struct image *image, const struct variable *variable,
                      struct byte_range window, struct variable *member);

/* The content of section `name` (e.g. ".fencepost.fences"), owned by the image; false if absent. */
bool image_section(const struct image *image, const char *name, const uint8_t **bytes,
                   size_t *size);

#endif
