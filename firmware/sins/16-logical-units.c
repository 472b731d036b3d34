/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET_MAX_LUN says 16, one more than a command can name (BOT 1.0, 3.2).
 *
 * red: msc-max-lun
 */
#include "firmware/class/msc.h"

enum { GET_MAX_LUN = 0xfe };

static const uint8_t too_many = 16;

static struct answer request(const struct usbd_setup *setup)
{
    struct answer answer = msc_function.request(setup);

    if (setup->request == GET_MAX_LUN && answer.kind == ANSWER_SEND)
        answer.bytes = &too_many;
    return answer;
}

static void opened(void)
{
    msc_function.opened();
}

static const struct function changed_function = {
    .first = 0, .count = 1, .request = request, .opened = opened};

#define msc_function changed_function
#include "firmware/mass-storage.c"
