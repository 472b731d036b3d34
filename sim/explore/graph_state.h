/* SPDX-License-Identifier: Apache-2.0 */
/* Growing lists of the graph, for graph.c and classes.c. */
#ifndef SIM_EXPLORE_GRAPH_STATE_H
#define SIM_EXPLORE_GRAPH_STATE_H

#include "sim/base/heap.h"
#include "sim/explore/graph.h"
#include "sim/explore/strategy.h"

/* Room for one more item. */
#define GROW(list)                                                                                 \
    do {                                                                                           \
        if ((list).count == (list).room) {                                                         \
            (list).room = (list).room ? 2 * (list).room : 64;                                      \
            (list).item = heap_resize((list).item, (list).room * sizeof *(list).item);             \
        }                                                                                          \
    } while (0)

#endif
