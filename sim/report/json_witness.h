/* SPDX-License-Identifier: Apache-2.0 */
/* Witnesses in the reports that are JSON. Inside sim/report. */
#ifndef SIM_REPORT_JSON_WITNESS_H
#define SIM_REPORT_JSON_WITNESS_H

#include "sim/base/json.h"
#include "sim/report/report.h"

/* The witness of `finding`, or NULL. */
const struct report_witness *witness_of(const struct report_options *options,
                                        const struct finding *finding);

/* "witness": the two packets; an empty list when `witness` is NULL. */
void json_witness(struct json *json, const struct report_witness *witness);

#endif
