/* SPDX-License-Identifier: Apache-2.0 */
/* Races as clang compiles them. */
#include "tests/explore/races.h"

int main(void)
{
    return races_test("clang-Oz");
}
