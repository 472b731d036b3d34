/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Workarounds for the USBD anomalies of the nRF52840 (errata sheet), each on the revisions that
 * have it, by what the chip says it is.
 *
 *   104  Engineering A: starts, EP0RCVOUT and EPDATA are lost sometimes
 *   154  Engineering A: the status stage is acknowledged without EP0STATUS
 *   166  isochronous double buffering misbehaves
 *   171  USBD may stay asleep when it is enabled
 *   187  USBD cannot be enabled
 *   199  tasks are not taken in while EasyDMA is running
 *   200  Engineering A: SIZE.EPOUT cannot be written
 *   211  USBD stays suspended too long
 *
 * The registers are not in the product specification. On other chips nothing is written.
 */
#ifndef DRIVER_ERRATA_H
#define DRIVER_ERRATA_H

#include <stdbool.h>
#include <stdint.h>

enum anomaly {
    ANOMALY_104,
    ANOMALY_154,
    ANOMALY_166,
    ANOMALY_171,
    ANOMALY_187,
    ANOMALY_199,
    ANOMALY_200,
    ANOMALY_211,
};

/* Whether `anomaly` concerns the chip this runs on, by the revision that FICR holds. */
bool errata_apply(enum anomaly anomaly);

/* 187, 171: immediately before USBD.ENABLE is set. */
void errata_before_enable(void);

/* 211: as soon as USBD.ENABLE was cleared. */
void errata_after_disable(void);

/* 171: immediately before LOWPOWER is left, and as soon as USBD is awake. */
void errata_before_wake_up(void);
void errata_after_wake_up(void);

/* 171, 187, 211, 166: as soon as EVENTCAUSE.READY was seen. */
void errata_after_ready(void);

/* 199: immediately before any TASKS_START*, and as soon as the end of that transfer was seen. */
void errata_before_dma(void);
void errata_after_dma(void);

/* 104: immediately behind the store to a start task, whose address is `task`: triggers it again
 * until EasyDMA has started. STARTED has to be clear before. */
void errata_after_start(uint32_t task);

/* 104: triggers EP0RCVOUT, the task at address `task`, as often as it takes. */
void errata_accept_out(uint32_t task);

/* 104: bits of EPDATASTATUS, those of `bits`, that were set without USBD saying so; clears them. To
 * be asked at every frame. */
uint32_t errata_lost_packets(uint32_t bits);

/* 200: lets OUT endpoint `endpoint`, 1..7, accept a packet. */
void errata_accept_packet(unsigned endpoint);

#endif
