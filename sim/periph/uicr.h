/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UICR: settings of the user that outlive everything but an erase (PS v1.7, 4.5). Cells: the CPU
 * reads them as memory and writes them through NVMC (sim/periph/nvmc.h).
 */
#ifndef SIM_PERIPH_UICR_H
#define SIM_PERIPH_UICR_H

#include "sim/mem/memory.h"
#include "sim/periph/regfile.h"

extern const struct block_spec uicr_spec;

/* Fills memory->uicr as on a board that start-up code has been run on before: reset pin P0.18, NFC
 * pins as GPIO, debug port open, 3.3 V. Called when the machine is built, before an image that has
 * UICR content of its own is loaded; never by a reset. */
void uicr_init(struct memory *memory);

#endif
