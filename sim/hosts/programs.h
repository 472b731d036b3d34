/* SPDX-License-Identifier: Apache-2.0 */
/* The programs, for each other. Inside sim/hosts. */
#ifndef SIM_HOSTS_PROGRAMS_H
#define SIM_HOSTS_PROGRAMS_H

#include "sim/hosts/hosts.h"

extern const struct host_program auto_program;
extern const struct host_program cdc_program;
extern const struct host_program hid_program;
extern const struct host_program msc_program;
extern const struct host_program loopback_program;
extern const struct host_program hostile_program;

/* Does the device have what the program speaks to? */
bool cdc_fits(const struct host *host);
bool hid_fits(const struct host *host);
bool msc_fits(const struct host *host);

#endif
