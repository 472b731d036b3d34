/* SPDX-License-Identifier: Apache-2.0 */
#include "driver/status.h"

const char *usbd_status_sentence(enum usbd_status status)
{
    switch (status) {
#define USBD_STATUS(name, sentence)                                                                \
    case USBD_##name:                                                                              \
        return sentence;
#include "driver/status.def"
#undef USBD_STATUS
    case USBD_STATUS_COUNT:
        break;
    }
    return "not a status";
}
