/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every seeded bug that clang has compiled is reported on its line, and its repaired twin is not
 * reported, in a few builds (`make matrix` has them all). One test a bug.
 */
#include "tests/bugs/corpus_test.h"

int main(void)
{
    return corpus_test("clang");
}
