/* SPDX-License-Identifier: Apache-2.0 */
/* What is where in the nRF52840 (PS v1.7, 4.2 Memory). */
#ifndef SIM_MEM_MAP_H
#define SIM_MEM_MAP_H

#define FLASH_BASE 0x00000000u
#define FLASH_SIZE 0x00100000u
#define FLASH_PAGE 0x00001000u

/* The same cells as Data RAM, seen through the code bus. EasyDMA cannot reach this alias. */
#define RAM_CODE_BASE 0x00800000u
#define RAM_BASE 0x20000000u
#define RAM_SIZE 0x00040000u

#define FICR_BASE 0x10000000u
#define UICR_BASE 0x10001000u
#define INFO_SIZE 0x00001000u

/* The flash behind QSPI, as the CPU reads it (execute in place). */
#define XIP_BASE 0x12000000u
#define XIP_SIZE 0x08000000u

#define APB_BASE 0x40000000u
#define AHB_BASE 0x50000000u
#define PPB_BASE 0xe0000000u
#define PPB_SIZE 0x00100000u
#define ROM_TABLE_BASE 0xf0000000u

#endif
