/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a conversation: either refused with a sentence, or followed with a device that
 * answers anything, without a crash.
 */
#include "tests/usb/random_device.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct conversation *conversation;
    struct failure failure = {0};

    if (conversation_parse(&conversation, "fuzz.usb", (const char *)bytes, size, &failure) ==
        STATUS_OK)
        (void)random_device_run(conversation, size, 2000);
    else if (strncmp(failure.message, "fuzz.usb:", 9) != 0 || !strchr(failure.message, '^'))
        abort();
    conversation_free(conversation);
    return 0;
}
