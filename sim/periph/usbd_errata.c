/* SPDX-License-Identifier: Apache-2.0 */
/*
 * USBD: what real silicon does wrong (nRF52840 Errata; silicon.def). Here is what concerns tasks
 * and the window into the core; 154 is in usbd_control.c, 166 in usbd_isochronous.c, 171, 187 and
 * 211 are in usbd_power.c.
 *
 * Deviations:
 *   1. Errata that silicon has sometimes bite every second time (104) or always (171).
 *   2. 104: EPDATA that got lost is found as a set bit at 0x7A9 (IN) and 0x7AA (OUT) of the
 *      window, cleared by writing ones; 0x7AC and 0x7AD read as 0xFF. Deduced from old drivers.
 *   3. 199: its title says that tasks are lost; a driver says tokens. Which is a question
 *      (silicon.def, ERRATUM_199).
 *   4. 200: writing 0 at 0x7C5 + 2n of the window does what writing SIZE.EPOUT[n] should.
 *   5. An odd total of bytes that spoils the first transfer afterwards (silicon.def, ODD_BYTES)
 *      makes that transfer move zeros. The report is from a sister chip.
 */
#include "sim/periph/usbd_parts.h"

enum {
    LATCH_SET = 0x82,
    CORE_IN_DATA = 0x7a9,
    CORE_OUT_DATA = 0x7aa,
    CORE_IN_MASK = 0x7ac,
    CORE_OUT_MASK = 0x7ad,
    CORE_SIZE_FIRST = 0x7c5,
    CORE_SIZE_LAST = CORE_SIZE_FIRST + 2 * (USBD_ENDPOINTS - 1),
};

bool usbd_has(const struct usbd *usbd, enum erratum erratum)
{
    return silicon_has(&usbd->fabric->silicon, erratum);
}

unsigned usbd_answer(const struct usbd *usbd, enum undocumented question)
{
    return usbd->fabric->silicon.answer[question];
}

/* ---- 199: tasks or tokens during EasyDMA ------------------------------------------------------
 */

static bool is_latched(const struct usbd *usbd)
{
    return regfile_get(&usbd->regs, USBD_UNDOC_DMAPENDING) == LATCH_SET;
}

static bool loses(const struct usbd *usbd, unsigned but_not)
{
    return usbd_has(usbd, ERRATUM_199) && usbd_answer(usbd, UNDOCUMENTED_ERRATUM_199) != but_not &&
           usbd_dma_running(usbd) >= 0 && !is_latched(usbd);
}

bool usbd_task_arrives(struct usbd *usbd, uint32_t offset, bool is_start)
{
    bool lost = loses(usbd, ERRATUM_199_TOKENS);

    if (is_latched(usbd) || !(is_start || lost))
        return true;
    usbd_misuse(usbd, MISUSE_DMA_LATCH, offset, 1, usbd_dma_transfer(usbd));
    return !lost;
}

bool usbd_token_arrives(const struct usbd *usbd)
{
    return !loses(usbd, ERRATUM_199_TASKS);
}

/* ---- 104: every second one is lost ------------------------------------------------------------
 */

static bool every_second(const struct usbd *usbd, uint8_t *turn)
{
    if (!usbd_has(usbd, ERRATUM_104))
        return false;
    *turn ^= 1;
    return *turn;
}

bool usbd_start_is_lost(struct usbd *usbd)
{
    return every_second(usbd, &usbd->state.quirks.start_turn);
}

bool usbd_rcvout_is_lost(struct usbd *usbd)
{
    return every_second(usbd, &usbd->state.quirks.rcvout_turn);
}

bool usbd_data_is_lost(struct usbd *usbd, unsigned bit)
{
    unsigned at = bit < 16 ? CORE_IN_DATA : CORE_OUT_DATA;

    if (!every_second(usbd, &usbd->state.quirks.data_turn))
        return false;
    usbd->state.core[at] |= (uint8_t)bit32(bit % 16);
    return true;
}

/* ---- The window ------------------------------------------------------------------------------ */

uint8_t usbd_core_read(const struct usbd *usbd, uint32_t index)
{
    if (usbd_has(usbd, ERRATUM_104) && (index == CORE_IN_MASK || index == CORE_OUT_MASK))
        return 0xff;
    return usbd->state.core[index];
}

bool usbd_core_written(struct usbd *usbd, uint32_t index, uint8_t value)
{
    bool is_data = index == CORE_IN_DATA || index == CORE_OUT_DATA;
    bool is_size = index >= CORE_SIZE_FIRST && index <= CORE_SIZE_LAST && index % 2;

    if (usbd_has(usbd, ERRATUM_104) && is_data) {
        usbd->state.core[index] &= (uint8_t)~value;
        if (index == CORE_OUT_DATA)
            usbd_notice_found(usbd, value);
    } else if (usbd_has(usbd, ERRATUM_200) && is_size && !value)
        usbd_out_accept(usbd, (index - CORE_SIZE_FIRST) / 2);
    else
        return false;
    return true;
}

/* ---- An odd number of bytes -------------------------------------------------------------------
 */

void usbd_count_bytes(struct usbd *usbd, uint32_t bytes)
{
    usbd->state.quirks.odd ^= bytes & 1;
}

bool usbd_next_is_spoilt(const struct usbd *usbd)
{
    return usbd->state.quirks.odd && usbd_answer(usbd, UNDOCUMENTED_ODD_BYTES) == ODD_BYTES_SPOIL;
}
