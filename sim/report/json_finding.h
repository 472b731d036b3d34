/* SPDX-License-Identifier: Apache-2.0 */
/* One finding of the JSON report. Inside sim/report. */
#ifndef SIM_REPORT_JSON_FINDING_H
#define SIM_REPORT_JSON_FINDING_H

#include "sim/report/emitter.h"

void json_finding(struct emission *emission, unsigned index);

/* {"cycles": ..., "nanoseconds": ...}; null for SIM_TIME_NEVER. */
void json_time(struct json *json, const char *key, sim_time when);

/* "0x20000100" */
void json_address(struct json *json, const char *key, guest_addr address);

/* "buffer", "about", "transfer", "rival" and "bytes" of `finding`; null what it has not. */
void json_transfer(struct emission *emission, const struct finding *finding);

#endif
