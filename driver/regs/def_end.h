/* SPDX-License-Identifier: Apache-2.0 */
/* Last line of every register list: a list never leaks macros. No include guard on purpose. */
#undef REG_ARRAY
#undef REG
#undef FIELD
