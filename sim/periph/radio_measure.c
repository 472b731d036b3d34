/* SPDX-License-Identifier: Apache-2.0 */
/* RADIO: signal strength, energy detection, clear channel assessment (PS v1.7, 6.20.8 and
 * 6.20.12). */
#include "sim/periph/radio_parts.h"

enum { RSSI_TIME = 16, MEASUREMENT = 128 * 64, LEVEL_OFFSET = 92 };
enum { CCA_ENERGY, CCA_CARRIER, CCA_BOTH, CCA_EITHER, CCA_TEST };

static bool is_on(const struct radio *radio)
{
    return radio_is(radio) == RADIO_IS_RX || radio_is(radio) == RADIO_IS_RXIDLE;
}

uint8_t radio_level(int dbm)
{
    int level = dbm + LEVEL_OFFSET;

    return (uint8_t)(level > 0 ? level : 0);
}

static int loudest(const struct radio *radio, sim_time from, bool coherent)
{
    return air_loudest(radio->air, radio_megahertz(radio), from, radio_now(radio) + 1, coherent);
}

/* ---- RSSI ------------------------------------------------------------------------------------ */

void radio_rssi_start(void *owner, unsigned index, uint32_t value)
{
    struct radio *radio = owner;

    (void)index, (void)value;
    if (is_on(radio))
        radio_schedule(radio, EVENT_RADIO_RSSI, RSSI_TIME);
}

void radio_rssi_stop(void *owner, unsigned index, uint32_t value)
{
    (void)index, (void)value;
    radio_cancel(owner, EVENT_RADIO_RSSI);
}

void radio_rssi_is_ready(void *owner, const struct event *event)
{
    struct radio *radio = owner;
    int dbm = loudest(radio, radio_now(radio), false);

    (void)event;
    regfile_set(&radio->regs, RADIO_RSSISAMPLE, (uint32_t)(dbm < 0 ? -dbm : 0));
    regfile_raise(&radio->regs, RADIO_EVENTS_RSSIEND);
}

/* ---- Energy, and clear channels -------------------------------------------------------------- */

static void measure(struct radio *radio, bool cca, uint32_t times)
{
    radio->state.measured_from = radio_now(radio);
    radio->state.cca = cca;
    radio_schedule(radio, EVENT_RADIO_MEASURED, (sim_time)times * MEASUREMENT);
}

void radio_forget_measurements(struct radio *radio)
{
    radio_cancel(radio, EVENT_RADIO_RSSI);
    radio_cancel(radio, EVENT_RADIO_MEASURED);
    radio->state.measured_from = 0;
    radio->state.cca = 0;
}

static void give_up(struct radio *radio)
{
    radio_cancel(radio, EVENT_RADIO_MEASURED);
    radio->state.measured_from = 0;
}

void radio_ed_start(void *owner, unsigned index, uint32_t value)
{
    struct radio *radio = owner;

    (void)index, (void)value;
    if (is_on(radio))
        measure(radio, false, RADIO_FIELD(radio, EDCNT, EDCNT) + 1);
}

void radio_ed_stop(void *owner, unsigned index, uint32_t value)
{
    struct radio *radio = owner;

    (void)index, (void)value;
    if (!radio->state.cca)
        give_up(radio);
    regfile_raise(&radio->regs, RADIO_EVENTS_EDSTOPPED);
}

void radio_cca_start(void *owner, unsigned index, uint32_t value)
{
    struct radio *radio = owner;

    (void)index, (void)value;
    if (is_on(radio))
        measure(radio, true, 1);
}

void radio_cca_stop(void *owner, unsigned index, uint32_t value)
{
    struct radio *radio = owner;

    (void)index, (void)value;
    if (radio->state.cca)
        give_up(radio);
    regfile_raise(&radio->regs, RADIO_EVENTS_CCASTOPPED);
}

static bool is_busy(const struct radio *radio, sim_time from)
{
    bool carrier = loudest(radio, from, true) > AIR_SILENCE;
    bool energy =
        radio_level(loudest(radio, from, false)) > RADIO_FIELD(radio, CCACTRL, CCAEDTHRES);

    switch (RADIO_FIELD(radio, CCACTRL, CCAMODE)) {
    case CCA_CARRIER:
        return carrier;
    case CCA_BOTH:
        return carrier && energy;
    case CCA_EITHER:
        return carrier || energy;
    default:
        return energy;
    }
}

void radio_has_measured(void *owner, const struct event *event)
{
    struct radio *radio = owner;
    sim_time from = radio->state.measured_from;
    bool busy = is_busy(radio, from);

    (void)event;
    if (radio->state.cca && !busy && RADIO_FIELD(radio, CCACTRL, CCAMODE) == CCA_TEST) {
        measure(radio, true, 1);
        return;
    }
    radio->state.measured_from = 0;
    if (radio->state.cca) {
        regfile_raise(&radio->regs, busy ? RADIO_EVENTS_CCABUSY : RADIO_EVENTS_CCAIDLE);
        return;
    }
    regfile_set(&radio->regs, RADIO_EDSAMPLE, radio_level(loudest(radio, from, false)));
    regfile_raise(&radio->regs, RADIO_EVENTS_EDEND);
}
