/* SPDX-License-Identifier: Apache-2.0 */
/* Words for what is in a list: names as the datasheet writes them, fields, kinds. */
#include "sim/periph/regfile.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* Length of the part before the datasheet's dot; 0 when the name has none. */
static size_t cluster_length(const char *name)
{
    size_t prefix = 0;
    const char *underscore;

    if (strcmp(name, "PIN_CNF") == 0) /* the datasheet's own underscore */
        return 0;
    if (strncmp(name, "TASKS_", 6) == 0)
        prefix = 6;
    else if (strncmp(name, "EVENTS_", 7) == 0)
        prefix = 7;
    underscore = strchr(name + prefix, '_');
    return underscore ? (size_t)(underscore - name) : 0;
}

void reg_full_name(const struct reg_desc *desc, unsigned index, char *name, size_t room)
{
    size_t cluster = cluster_length(desc->name);
    const char *rest = cluster ? desc->name + cluster + 1 : desc->name;
    bool array_of_clusters = cluster && desc->stride > 4;
    char number[16] = "";

    if (desc->count > 1)
        (void)snprintf(number, sizeof number, "[%u]", index);
    (void)snprintf(name, room, "%.*s%s%s%s%s", (int)cluster, desc->name,
                   array_of_clusters ? number : "", cluster ? "." : "", rest,
                   array_of_clusters ? "" : number);
}

const char *reg_kind_name(enum reg_kind kind)
{
    static const char *const names[] = {
        [REG_RO] = "RO",
        [REG_RW] = "RW",
        [REG_WO] = "WO",
        [REG_W1C] = "W1C",
        [REG_SET] = "SET",
        [REG_CLR] = "CLR",
        [REG_TASK] = "TASK",
        [REG_EVENT] = "EVENT",
        [REG_SHORTS] = "SHORTS",
        [REG_INTEN] = "INTEN",
        [REG_INTENSET] = "INTENSET",
        [REG_INTENCLR] = "INTENCLR",
        [REG_DMA_PTR] = "DMA_PTR",
        [REG_DMA_MAXCNT] = "DMA_MAXCNT",
        [REG_DMA_AMOUNT] = "DMA_AMOUNT",
    };

    return names[kind];
}

const struct field_desc *reg_fields(const struct block_spec *spec, const struct reg_desc *desc,
                                    unsigned *count)
{
    const struct field_desc *first = NULL;

    *count = 0;
    for (unsigned i = 0; i < spec->field_count; i++) {
        if (strcmp(spec->fields[i].reg, desc->name) != 0)
            continue;
        if (!first)
            first = &spec->fields[i];
        assert(first + *count == &spec->fields[i]);
        ++*count;
    }
    return first;
}
