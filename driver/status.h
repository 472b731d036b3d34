/* SPDX-License-Identifier: Apache-2.0 */
/* Results of the driver. A call that is refused has changed nothing. */
#ifndef DRIVER_STATUS_H
#define DRIVER_STATUS_H

enum usbd_status {
#define USBD_STATUS(name, sentence) USBD_##name,
#include "driver/status.def"
#undef USBD_STATUS
    USBD_STATUS_COUNT,
};

#define USBD_MUST_CHECK __attribute__((warn_unused_result))

/* The sentence for `status`, in flash. Never NULL. */
const char *usbd_status_sentence(enum usbd_status status);

#endif
