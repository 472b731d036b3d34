/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/soc/flash_file.h"

#include "sim/base/file.h"
#include "sim/base/heap.h"
#include "sim/base/save.h"
#include "sim/mem/map.h"

#include <string.h>

enum { FILE_SIZE = FLASH_SIZE + INFO_SIZE };

enum status flash_file_load(struct memory *memory, const char *path, struct failure *failure)
{
    uint8_t *bytes;
    size_t size;
    enum status status = file_read(path, &bytes, &size, failure);

    if (status == STATUS_FILE_MISSING)
        return STATUS_OK;
    if (status != STATUS_OK)
        return status;
    if (size == FILE_SIZE) {
        memcpy(memory->flash, bytes, FLASH_SIZE);
        memcpy(memory->uicr, bytes + FLASH_SIZE, INFO_SIZE);
        memory_set_baseline(memory);
    } else {
        status = failure_set(failure, STATUS_FLASH_FILE, path, "%zu bytes, not %d", size,
                             (int)FILE_SIZE);
    }
    heap_release(bytes);
    return status;
}

enum status flash_file_save(const struct memory *memory, const char *path, struct failure *failure)
{
    uint8_t *bytes = heap_allocate(FILE_SIZE, 1);
    enum status status;

    memcpy(bytes, memory->flash, FLASH_SIZE);
    memcpy(bytes + FLASH_SIZE, memory->uicr, INFO_SIZE);
    status = save_file(path, (const char *)bytes, FILE_SIZE, failure);
    heap_release(bytes);
    return status;
}
