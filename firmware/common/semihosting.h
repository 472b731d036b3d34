/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests to the debugger or simulator that runs the program (Semihosting for AArch32, 5 and 6).
 * Without one the BKPT instruction ends in HardFault.
 */
#ifndef FIRMWARE_COMMON_SEMIHOSTING_H
#define FIRMWARE_COMMON_SEMIHOSTING_H

/* Writes a NUL-terminated text to the console. */
void console_write(const char *text);

/* Ends the run. `code` 0 is success; all others are told as 1, SYS_EXIT knows no more. */
_Noreturn void program_exit(int code);

#endif
