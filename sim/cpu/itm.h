/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Instrumentation trace macrocell and trace port (Armv7-M, C1.7 and C1.10): what firmware prints
 * over SWO.
 *
 * Deviations:
 *   1. What is written to stimulus port 0 appears on the console at once, whatever the speed of
 *      SWO; the FIFO is never full. Other ports, timestamps and packets of the DWT go nowhere.
 *   2. The trace port is stored only.
 */
#ifndef SIM_CPU_ITM_H
#define SIM_CPU_ITM_H

#include "sim/mem/bus.h"

enum { TPIU_WORDS = 4 };

/* Plain state. */
struct itm {
    uint32_t enabled_ports; /* TER */
    uint32_t privilege;     /* TPR */
    uint32_t control;       /* TCR */
    uint32_t port[TPIU_WORDS];
};

void itm_reset(struct itm *itm);

/* Registers of the ITM, by offset. `running`: DEMCR.TRCENA is set. False when there is no such one.
 */
bool itm_read(const struct itm *itm, uint32_t offset, uint32_t *value);
bool itm_write(struct itm *itm, struct trace *trace, bool running, uint32_t offset, unsigned size,
               uint32_t value);

/* Those of the trace port. */
bool tpiu_read(const struct itm *itm, uint32_t offset, uint32_t *value);
bool tpiu_write(struct itm *itm, uint32_t offset, uint32_t value);

#endif
