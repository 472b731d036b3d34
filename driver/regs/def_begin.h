/* SPDX-License-Identifier: Apache-2.0 */
/*
 * First line of every register list: gives each list macro the includer left out an empty meaning.
 * No include guard on purpose, it is included once per reading of a list.
 */
#ifndef REG_ARRAY
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief)
#endif
#ifndef REG
#define REG(name, offset, kind, reset, brief) REG_ARRAY(name, offset, 1, 0, kind, reset, brief)
#endif
#ifndef FIELD
#define FIELD(reg, name, lsb, width, brief)
#endif
