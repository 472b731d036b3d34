/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conversations as text: what the host says and what it expects, step by step. The language is
 * described in docs/host-language.md.
 *
 * A conversation is constant once it is parsed; where a host is in it is state of the host.
 */
#ifndef SIM_USB_CONVERSATION_H
#define SIM_USB_CONVERSATION_H

#include "sim/base/status.h"

#include <stddef.h>

struct conversation;

/*
 * Parses `size` bytes of text. `name` stands in messages, as the name of a file; it is copied. On
 * success the caller owns the conversation (conversation_free). Otherwise `failure` tells line,
 * column and mistake, and shows the place.
 */
MUST_CHECK enum status conversation_parse(struct conversation **conversation, const char *name,
                                          const char *text, size_t size, struct failure *failure);

/* NULL is allowed. */
void conversation_free(struct conversation *conversation);

#endif
