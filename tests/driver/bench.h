/* SPDX-License-Identifier: Apache-2.0 */
/* A machine with one of our programs, its race detector, and a record of what it said. */
#ifndef TESTS_DRIVER_BENCH_H
#define TESTS_DRIVER_BENCH_H

#include "sim/check/checker.h"
#include "sim/soc/machine.h"

enum { BUILD_NAME_MAX = 32, CONSOLE_MAX = 4096, COMPLAINT_MAX = 160 };

struct bench {
    struct machine *machine;
    struct checker *checker;
    const char *build;
    const char *program;
    char console[CONSOLE_MAX]; /* what the firmware printed, NUL-terminated */
    size_t console_size;
    char complaint[COMPLAINT_MAX]; /* first misuse or unmodelled access; "" if none */
};

/* Copies the name of build number `index` to `name`; false when there are no more. */
bool bench_build(unsigned index, char name[BUILD_NAME_MAX]);

/* Builds the machine, loads PROGRAM.elf of `build`, and switches it on. Fails the test if it
 * cannot. The strings must outlive the bench. */
void bench_open(struct bench *bench, const char *build, const char *program, enum host_profile host,
                enum choice_policy dma);

/* The same with any options. */
void bench_open_with(struct bench *bench, const char *build, const char *program,
                     const struct machine_options *options);
void bench_close(struct bench *bench);

/* As bench_open with a manual host, which then waits for the device and resets the bus. */
void bench_open_reset(struct bench *bench, const char *build, const char *program,
                      enum choice_policy dma);

/* From now on the host leaves a ms between one token of a control transfer and the next. */
void bench_slow_host(struct bench *bench);

/* A bus reset by the manual host, until the device may be spoken to. */
void bench_reset(struct bench *bench);

/* One vendor request to the device. `data` holds or receives `length` bytes. */
enum control_result bench_read(struct bench *bench, uint8_t request, uint16_t value,
                               uint16_t length, uint8_t *data, size_t *size);
enum control_result bench_write(struct bench *bench, uint8_t request, uint16_t length,
                                uint8_t *data);

/* Starts a vendor request and leaves it on its way. A write of at most 256 bytes, all 0xcc. */
void bench_begin_read(struct bench *bench, uint8_t request, uint16_t value, uint16_t length);
void bench_begin_write(struct bench *bench, uint8_t request, uint16_t length);

/* What a register holds, looked at without reading it. */
uint32_t bench_register(const struct bench *bench, guest_addr address);

/* Fails the test, with the name of build and program, unless `condition` holds. */
void bench_expect(const struct bench *bench, bool condition, const char *what);

/* Fails the test if the detector found anything. */
void bench_expect_no_finding(const struct bench *bench);

/* The same, and if the firmware broke a rule of the manual or touched what is not modelled. */
void bench_expect_clean(const struct bench *bench);

/* The text occurs in what the firmware printed. */
void bench_expect_printed(const struct bench *bench, const char *text);

#endif
