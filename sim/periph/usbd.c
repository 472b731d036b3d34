/* SPDX-License-Identifier: Apache-2.0 */
/*
 * USBD: register map, shortcuts and access rules (PS v1.7, 6.35 USBD: Registers, USB register
 * access limitations).
 *
 * Deviations:
 *   1. A register that is not accessible reads as 0 and ignores writes; so it was measured on
 *      silicon for USBPULLUP, EPINEN and EPOUTEN, and is assumed for the others.
 *   2. Of the registers that must not be used during EasyDMA no list is published. Known, and
 *      reported, are SIZE.EPOUT and SIZE.ISOOUT, EP0STATUS and EP0RCVOUT.
 *   3. A start without the latch of erratum 199 is reported and works, as it does on boards as long
 *      as nothing else happens meanwhile; silicon with the erratum makes it bite.
 *   4. ENABLE = 0 resets every register of the core. Kept are events, SHORTS, INTEN, EVENTCAUSE,
 *      the EasyDMA descriptors and the latch of erratum 199: no document says.
 */
#include "sim/periph/usbd.h"

#include "sim/base/compiler.h"
#include "sim/periph/usbd_parts.h"

#include <string.h>

enum { IRQ_USBD = 39 };

_Static_assert(sizeof(struct usbd_in) == USB_PACKET_MAX + 2 * 4 + 8, "state has no padding");
_Static_assert(sizeof(struct usbd_out) == USB_PACKET_MAX + 4 + 8, "state has no padding");
_Static_assert(sizeof(struct usbd_iso) == 2 * (USBD_ISO_BANK_BYTES + 12) + 4,
               "state has no padding");
_Static_assert(sizeof(struct usbd_state) ==
                   USBD_ENDPOINTS * (sizeof(struct usbd_in) + sizeof(struct usbd_out)) +
                       USBD_ENDPOINTS * sizeof(struct usbd_notice) + sizeof(sim_time) +
                       sizeof(struct usbd_control) + sizeof(struct usbd_power) +
                       sizeof(struct usbd_quirks) + 4 * (USBD_CHANNELS + 1) + USBD_CORE_BYTES +
                       sizeof(struct usbd_iso),
               "state has no padding");

static const struct reg_desc registers[] = {
#define REG_ARRAY REGFILE_DESC
#include "driver/regs/usbd.def"
};

static const struct field_desc fields[] = {
#define FIELD REGFILE_FIELD
#include "driver/regs/usbd.def"
};

static const struct reg_hook hooks[] = {
    {.offset = USBD_TASKS_STARTEPIN, .written = usbd_start_epin},
    {.offset = USBD_TASKS_STARTISOIN, .written = usbd_start_isoin},
    {.offset = USBD_TASKS_STARTEPOUT, .written = usbd_start_epout},
    {.offset = USBD_TASKS_STARTISOOUT, .written = usbd_start_isoout},
    {.offset = USBD_TASKS_EP0RCVOUT, .written = usbd_ep0rcvout},
    {.offset = USBD_TASKS_EP0STATUS, .written = usbd_ep0status},
    {.offset = USBD_TASKS_EP0STALL, .written = usbd_ep0stall},
    {.offset = USBD_TASKS_DPDMDRIVE, .written = usbd_dpdmdrive},
    {.offset = USBD_TASKS_DPDMNODRIVE, .written = usbd_dpdmnodrive},
    {.offset = USBD_EVENTS_USBRESET, .read = usbd_usbreset_read},
    {.offset = USBD_EVENTS_EP0DATADONE,
     .written = usbd_ep0datadone_written,
     .read = usbd_ep0datadone_read},
    {.offset = USBD_EVENTS_ENDEPOUT, .read = usbd_endepout_read},
    {.offset = USBD_EVENTS_EP0SETUP, .written = usbd_ep0setup_written},
    {.offset = USBD_EVENTS_EPDATA, .read = usbd_epdata_read},
    {.offset = USBD_EPSTATUS, .read = usbd_epstatus_read},
    {.offset = USBD_EPDATASTATUS,
     .written = usbd_epdatastatus_written,
     .read = usbd_epdatastatus_read},
    {.offset = USBD_SIZE_EPOUT, .written = usbd_size_written, .read = usbd_size_read},
    {.offset = USBD_SIZE_ISOOUT, .read = usbd_isosize_read},
    {.offset = USBD_ENABLE, .written = usbd_enable_written},
    {.offset = USBD_USBPULLUP, .written = usbd_pullup_written},
    {.offset = USBD_DTOGGLE, .written = usbd_dtoggle_written, .read = usbd_dtoggle_read},
    {.offset = USBD_EPINEN, .written = usbd_epinen_written},
    {.offset = USBD_EPOUTEN, .written = usbd_epouten_written},
    {.offset = USBD_EPSTALL, .written = usbd_epstall_written},
    {.offset = USBD_LOWPOWER, .written = usbd_lowpower_written},
    {.offset = USBD_UNDOC_MACDATA, .written = usbd_macdata_written, .read = usbd_macdata_read},
    {0},
};

static const struct reg_short shortcuts[] = {
    {.bit = USBD_SHORTS_EP0DATADONE_STARTEPIN0_LSB,
     .event = USBD_EVENTS_EP0DATADONE,
     .task = USBD_TASKS_STARTEPIN},
    {.bit = USBD_SHORTS_EP0DATADONE_STARTEPOUT0_LSB,
     .event = USBD_EVENTS_EP0DATADONE,
     .task = USBD_TASKS_STARTEPOUT},
    {.bit = USBD_SHORTS_EP0DATADONE_EP0STATUS_LSB,
     .event = USBD_EVENTS_EP0DATADONE,
     .task = USBD_TASKS_EP0STATUS},
    {.bit = USBD_SHORTS_ENDEPOUT0_EP0STATUS_LSB,
     .event = USBD_EVENTS_ENDEPOUT,
     .task = USBD_TASKS_EP0STATUS},
    {.bit = USBD_SHORTS_ENDEPOUT0_EP0RCVOUT_LSB,
     .event = USBD_EVENTS_ENDEPOUT,
     .task = USBD_TASKS_EP0RCVOUT},
};

/* ---- Access rules ---------------------------------------------------------------------------- */

/* Registers that live in the core and are there only while it is powered. */
static bool is_in_core(uint32_t offset)
{
    static const struct byte_range core[] = {
        {USBD_TASKS_STARTEPIN, USBD_TASKS_DPDMNODRIVE + 4 - USBD_TASKS_STARTEPIN},
        {USBD_HALTED_EPIN, USBD_EPSTATUS - USBD_HALTED_EPIN},
        {USBD_USBADDR, USBD_SIZE_ISOOUT + 4 - USBD_USBADDR},
        {USBD_USBPULLUP, 4},
        {USBD_DTOGGLE, USBD_FRAMECNTR + 4 - USBD_DTOGGLE},
    };

    for (unsigned i = 0; i < ARRAY_LENGTH(core); i++) {
        if (range_contains(core[i], offset))
            return true;
    }
    return false;
}

static bool accessible(void *owner, uint32_t offset, bool write)
{
    struct usbd *usbd = owner;
    const struct usbd_power *power = &usbd->state.power;

    if (!is_in_core(offset) || (power->ready && !usbd_low_power(usbd)))
        return true;
    if (!write)
        regfile_misuse(&usbd->regs, MISUSE_READ_NOT_READY, offset, 0);
    else
        regfile_misuse(&usbd->regs, power->enabled ? MISUSE_NOT_READY : MISUSE_DISABLED, offset, 0);
    return false;
}

/* ---- What the other files share -------------------------------------------------------------- */

void usbd_misuse(struct usbd *usbd, enum misuse misuse, uint32_t offset, uint32_t value,
                 uint32_t transfer)
{
    struct trace *trace = usbd->fabric->trace;

    trace_emit(trace, (struct observation){.kind = OBS_MISUSE,
                                           .misuse = {.misuse = misuse,
                                                      .pc = trace->state.pc,
                                                      .address = usbd->regs.spec->base + offset,
                                                      .value = value,
                                                      .transfer = transfer,
                                                      .trigger = usbd->fabric->trigger}});
}

void usbd_cause(struct usbd *usbd, enum misuse misuse, uint32_t offset)
{
    struct trace *trace = usbd->fabric->trace;

    trace_emit(trace, (struct observation){.kind = OBS_MISUSE,
                                           .misuse = {.misuse = misuse,
                                                      .pc = trace->state.pc,
                                                      .address = usbd->regs.spec->base + offset,
                                                      .trigger = usbd->fabric->trigger,
                                                      .is_cause = true}});
}

static void add_bit(struct usbd *usbd, uint32_t status, unsigned bit, uint32_t event)
{
    uint32_t before = regfile_get(&usbd->regs, status);

    regfile_set(&usbd->regs, status, before | bit32(bit));
    if (!(before & bit32(bit)))
        regfile_raise(&usbd->regs, event);
}

void usbd_add_cause(struct usbd *usbd, unsigned bit)
{
    add_bit(usbd, USBD_EVENTCAUSE, bit, USBD_EVENTS_USBEVENT);
}

void usbd_add_data_status(struct usbd *usbd, unsigned bit)
{
    if (!usbd_data_is_lost(usbd, bit))
        add_bit(usbd, USBD_EPDATASTATUS, bit, USBD_EVENTS_EPDATA);
}

/* ---- The block ------------------------------------------------------------------------------- */

const struct block_spec usbd_spec = {
    .name = "USBD",
    .base = 0x40027000,
    .size = REGFILE_SIZE,
    .irq = IRQ_USBD,
    .regs = registers,
    .reg_count = ARRAY_LENGTH(registers),
    .fields = fields,
    .field_count = ARRAY_LENGTH(fields),
    .hooks = hooks,
    .shorts = shortcuts,
    .short_count = ARRAY_LENGTH(shortcuts),
    .accessible = accessible,
};

void usbd_init(struct usbd *usbd, struct fabric *fabric, const struct block_spec *spec)
{
    *usbd = (struct usbd){.fabric = fabric, .easydma = fabric->easydma};
    regfile_init(&usbd->regs, spec, fabric, usbd);
    state_register(fabric->state, "USBD core", &usbd->state, sizeof usbd->state);
    state_mark_clock(fabric->state, regfile_word(&usbd->regs, USBD_FRAMECNTR), sizeof(uint32_t));
    usbd_dma_init(usbd);
    usbd_power_init(usbd);
}

void usbd_reset(struct usbd *usbd, enum reset_kind reason)
{
    (void)reason;
    usbd_dma_abort(usbd);
    regfile_reset(&usbd->regs);
    memset(&usbd->state, 0, sizeof usbd->state);
    usbd_power_reset(usbd);
}

/* What ENABLE = 0 leaves alone (deviation 4). */
static bool outlives_core(uint32_t offset)
{
    return (offset >= USBD_EVENTS_USBRESET && offset <= USBD_EVENTCAUSE) || offset == USBD_ENABLE ||
           offset >= USBD_EPIN_PTR;
}

void usbd_core_reset(struct usbd *usbd)
{
    bool spoils = usbd_next_is_spoilt(usbd);

    usbd_dma_abort(usbd);
    memset(&usbd->state, 0, sizeof usbd->state);
    usbd->state.quirks.spoils_next = spoils;
    for (unsigned i = 0; i < ARRAY_LENGTH(registers); i++) {
        const struct reg_desc *desc = &registers[i];

        for (unsigned n = 0; n < desc->count && !outlives_core(desc->offset); n++)
            regfile_set(&usbd->regs, desc->offset + (uint32_t)n * desc->stride, desc->reset);
    }
}
