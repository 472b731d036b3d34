/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FIRMWARE_COMMON_LOG_H
#define FIRMWARE_COMMON_LOG_H

/*
 * Writes one line to the console. `format` knows %u (unsigned int), %x (unsigned int, at least two
 * hexadecimal digits), %s and %%. Lines longer than 127 characters are cut.
 */
void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
