/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Workarounds for the USBD anomalies of the nRF52840 (errata sheet; revisions after Engineering A).
 *
 *   166  isochronous double buffering misbehaves
 *   171  USBD may stay asleep when it is enabled
 *   187  USBD cannot be enabled
 *   199  tasks are not taken in while EasyDMA is running
 *   211  USBD stays suspended too long
 *
 * The registers are not in the product specification. On other chips nothing is written.
 */
#ifndef DRIVER_ERRATA_H
#define DRIVER_ERRATA_H

#include <stdbool.h>

enum anomaly { ANOMALY_166, ANOMALY_171, ANOMALY_187, ANOMALY_199, ANOMALY_211 };

/* Whether `anomaly` concerns the chip this runs on, by the revision that FICR holds. */
bool errata_apply(enum anomaly anomaly);

/* 187, 171: immediately before USBD.ENABLE is set. */
void errata_before_enable(void);

/* 171, 187, 211, 166: as soon as EVENTCAUSE.READY was seen. */
void errata_after_ready(void);

/* 199: immediately before any TASKS_START*, and as soon as the end of that transfer was seen. */
void errata_before_dma(void);
void errata_after_dma(void);

#endif
