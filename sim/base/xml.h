/* SPDX-License-Identifier: Apache-2.0 */
/* Text inside of XML documents. */
#ifndef SIM_BASE_XML_H
#define SIM_BASE_XML_H

#include "sim/base/text.h"

/*
 * Append `words` so that they can stand in an element, or in an attribute in double quotes. What
 * XML 1.0 has no way to write (control characters) becomes \xNN, what is not UTF-8 U+FFFD.
 */
void xml_element_text(struct text *text, const char *words);
void xml_attribute_text(struct text *text, const char *words);

#endif
