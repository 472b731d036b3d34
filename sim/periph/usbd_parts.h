/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the USBD model share. Nobody else includes this. */
#ifndef SIM_PERIPH_USBD_PARTS_H
#define SIM_PERIPH_USBD_PARTS_H

#include "sim/base/bits.h"
#include "sim/periph/usbd.h"

/* Offsets and fields, e.g. USBD_EPIN_PTR and USBD_DTOGGLE_VALUE_LSB. */
enum usbd_register {
#define REG_ARRAY(name, offset, count, stride, kind, reset, brief) USBD_##name = (offset),
#define FIELD(reg, name, lsb, width, brief)                                                        \
    USBD_##reg##_##name##_LSB = (lsb), USBD_##reg##_##name##_WIDTH = (width),
#include "driver/regs/usbd.def"
};

enum {
    ENDPOINT_DIRECTION = 0x80, /* of an endpoint address: set for IN */
    ENDPOINT_ISOCHRONOUS = 8,
    CHANNEL_ISOIN = 8,
    CHANNEL_EPOUT = 9,
    CHANNEL_ISOOUT = 17,
};

/* ---- usbd.c ---------------------------------------------------------------------------------- */

/* Reports a misuse of the register at `offset` that concerns an EasyDMA transfer. */
void usbd_misuse(struct usbd *usbd, enum misuse misuse, uint32_t offset, uint32_t value,
                 uint32_t transfer);

/* The instruction under way is what a later `misuse` of the register at `offset` comes from. */
void usbd_cause(struct usbd *usbd, enum misuse misuse, uint32_t offset);

/* ENABLE = 0: the core to its reset state, disabled; see deviation 4 for what it leaves alone. */
void usbd_core_reset(struct usbd *usbd);

/* Sets a bit of EVENTCAUSE or EPDATASTATUS; their events fire when it goes from 0 to 1. */
void usbd_add_cause(struct usbd *usbd, unsigned bit);
void usbd_add_data_status(struct usbd *usbd, unsigned bit);

/* ---- usbd_errata.c --------------------------------------------------------------------------- */

bool usbd_has(const struct usbd *usbd, enum erratum erratum);
unsigned usbd_answer(const struct usbd *usbd, enum undocumented question);

/*
 * Erratum 199: does a task triggered now reach the core? Start tasks need the latch at 0xC1C
 * always, others while EasyDMA runs; what is missing is reported.
 */
bool usbd_task_arrives(struct usbd *usbd, uint32_t offset, bool is_start);

/* The same for a token of the host. */
bool usbd_token_arrives(const struct usbd *usbd);

/* Erratum 104 takes the start task, EP0RCVOUT, or the bit of EPDATASTATUS that is due now. */
bool usbd_start_is_lost(struct usbd *usbd);
bool usbd_rcvout_is_lost(struct usbd *usbd);
bool usbd_data_is_lost(struct usbd *usbd, unsigned bit);

/* The byte at `index` of the window into the core. Written: whether an erratum's workaround took
 * the value, so that it is not stored. */
uint8_t usbd_core_read(const struct usbd *usbd, uint32_t index);
bool usbd_core_written(struct usbd *usbd, uint32_t index, uint8_t value);

/* EasyDMA has moved `bytes`. Were it disabled now, would the next first transfer be spoilt? */
void usbd_count_bytes(struct usbd *usbd, uint32_t bytes);
bool usbd_next_is_spoilt(const struct usbd *usbd);

/* ---- usbd_power.c ---------------------------------------------------------------------------- */

void usbd_power_init(struct usbd *usbd);
void usbd_power_reset(struct usbd *usbd);
bool usbd_attached(const struct usbd *usbd);
bool usbd_low_power(const struct usbd *usbd);

/* The host stops all traffic; resets the bus; drives K, or starts traffic again. */
void usbd_bus_idle(struct usbd *usbd);
void usbd_bus_reset(struct usbd *usbd);
void usbd_bus_resumed(struct usbd *usbd);

/* The device drives K itself, so that it hears nothing. */
bool usbd_drives(const struct usbd *usbd);

void usbd_enable_written(void *owner, unsigned index, uint32_t value);
void usbd_pullup_written(void *owner, unsigned index, uint32_t value);
void usbd_lowpower_written(void *owner, unsigned index, uint32_t value);
void usbd_dpdmdrive(void *owner, unsigned index, uint32_t value);
void usbd_dpdmnodrive(void *owner, unsigned index, uint32_t value);

/* ---- usbd_dma.c ------------------------------------------------------------------------------ */

void usbd_dma_init(struct usbd *usbd);
void usbd_dma_abort(struct usbd *usbd);

/* The channel at work, or -1. */
int usbd_dma_running(const struct usbd *usbd);

/* Number of the running transfer, or 0. */
uint32_t usbd_dma_transfer(const struct usbd *usbd);

/* Open transfer of a channel (0..17) whose end was not observed yet, or 0. */
uint32_t usbd_dma_ended(const struct usbd *usbd, unsigned channel);

/* The CPU read, at `offset`, that the end of `transfer` is implied; has no effect if it is not the
 * channel's any more. */
void usbd_dma_implied(struct usbd *usbd, unsigned channel, uint32_t transfer, uint32_t offset);

/* Bus reset: remembers which transfers are open. Nobody waits for their ends once the CPU has read
 * USBRESET. */
void usbd_dma_abandon(struct usbd *usbd);

uint32_t usbd_usbreset_read(void *owner, unsigned index);
uint32_t usbd_epstatus_read(void *owner, unsigned index);
void usbd_start_epin(void *owner, unsigned index, uint32_t value);
void usbd_start_isoin(void *owner, unsigned index, uint32_t value);
void usbd_start_epout(void *owner, unsigned index, uint32_t value);
void usbd_start_isoout(void *owner, unsigned index, uint32_t value);

/* ---- usbd_endpoint.c ------------------------------------------------------------------------- */

/* Bus reset: packets dropped, toggles DATA0, halts ended, only endpoint 0 enabled. */
void usbd_endpoints_reset(struct usbd *usbd);

/* Voids the packet of an IN endpoint, also one that EasyDMA is just fetching. */
void usbd_in_drop(struct usbd *usbd, unsigned endpoint);

void usbd_in_packet(struct usbd *usbd, unsigned endpoint, struct usb_data *data);
/* Lets endpoint 1..7 take the next OUT packet; one that it holds is thrown away. */
void usbd_out_accept(struct usbd *usbd, unsigned endpoint);

/* EPINEN or EPOUTEN has the endpoint's bit set. */
bool usbd_endpoint_enabled(const struct usbd *usbd, uint32_t offset, unsigned endpoint);

void usbd_out_store(struct usbd *usbd, unsigned endpoint, const uint8_t *bytes, size_t size);

enum usb_answer usbd_endpoint_in(struct usbd *usbd, unsigned endpoint, struct usb_data *data);
enum usb_answer usbd_endpoint_out(struct usbd *usbd, unsigned endpoint, enum usb_pid pid,
                                  const uint8_t *bytes, size_t size);
void usbd_endpoint_in_acknowledged(struct usbd *usbd, unsigned endpoint);

uint32_t usbd_epdatastatus_read(void *owner, unsigned index);
uint32_t usbd_size_read(void *owner, unsigned index);
uint32_t usbd_isosize_read(void *owner, unsigned index);
void usbd_size_written(void *owner, unsigned index, uint32_t value);
uint32_t usbd_dtoggle_read(void *owner, unsigned index);
void usbd_dtoggle_written(void *owner, unsigned index, uint32_t value);
void usbd_epinen_written(void *owner, unsigned index, uint32_t value);
void usbd_epouten_written(void *owner, unsigned index, uint32_t value);
void usbd_epstall_written(void *owner, unsigned index, uint32_t value);
uint32_t usbd_macdata_read(void *owner, unsigned index);
void usbd_macdata_written(void *owner, unsigned index, uint32_t value);

/* ---- usbd_isochronous.c ---------------------------------------------------------------------- */

/* Where EasyDMA fetches packets to, or stores them from; `room` receives how many bytes it has. */
uint8_t *usbd_iso_buffer(struct usbd *usbd, bool in, uint32_t *room);

/* A transfer IN is started with MAXCNT in the register at `offset`: is there room for so much? */
void usbd_iso_check_length(struct usbd *usbd, uint32_t offset, uint32_t maxcnt);

/* An IN packet of `amount` bytes is complete: it goes out in the next frame. */
void usbd_iso_fetched(struct usbd *usbd, uint32_t amount);

/* SOF: the banks change sides. */
void usbd_iso_frame(struct usbd *usbd);

/* Voids all packets of a direction, also one that EasyDMA is just fetching. */
void usbd_iso_drop_in(struct usbd *usbd);
void usbd_iso_drop_out(struct usbd *usbd);

void usbd_iso_out(struct usbd *usbd, const uint8_t *bytes, size_t size, bool intact);
bool usbd_iso_in(struct usbd *usbd, struct usb_data *data);

/* The transfer whose packet the host has not acknowledged: fetched from RAM, or waiting in the
 * endpoint. 0: none. */
uint32_t usbd_in_under_way(const struct usbd *usbd, unsigned endpoint);

/* ---- usbd_notice.c --------------------------------------------------------------------------- */

/* A packet came to OUT endpoint 1..7; it was dropped; its transfer was started, and ended. */
void usbd_notice_packet(struct usbd *usbd, unsigned endpoint);
void usbd_notice_void(struct usbd *usbd, unsigned endpoint);
void usbd_notice_fetch(struct usbd *usbd, unsigned endpoint);
void usbd_notice_fetched(struct usbd *usbd, unsigned endpoint);

/* The packet of OUT endpoint 0..7 was fetched already, and no other came since. */
bool usbd_notice_was_fetched(const struct usbd *usbd, unsigned endpoint);

/* The CPU read `status` from EPDATASTATUS. */
void usbd_notice_read(struct usbd *usbd, uint32_t status);

/* Erratum 104: the firmware has looked for lost notices itself, and clears those of `endpoints`,
 * bit n for OUT endpoint n. */
void usbd_notice_found(struct usbd *usbd, uint32_t endpoints);

/* Endpoint 0 needs a decision of the firmware; it was made, or is not needed any more. */
void usbd_turn_begins(struct usbd *usbd);
void usbd_turn_ends(struct usbd *usbd);

uint32_t usbd_epdata_read(void *owner, unsigned index);
uint32_t usbd_endepout_read(void *owner, unsigned index);
void usbd_epdatastatus_written(void *owner, unsigned index, uint32_t value);
void usbd_ep0setup_written(void *owner, unsigned index, uint32_t value);
void usbd_ep0datadone_written(void *owner, unsigned index, uint32_t value);

/* ---- usbd_control.c -------------------------------------------------------------------------- */

void usbd_control_setup(struct usbd *usbd, const uint8_t packet[8]);
enum usb_answer usbd_control_in(struct usbd *usbd, struct usb_data *data);
enum usb_answer usbd_control_out(struct usbd *usbd, enum usb_pid pid, const uint8_t *bytes,
                                 size_t size);
void usbd_control_in_acknowledged(struct usbd *usbd);

/* A transfer of endpoint 0 is started; `bytes` is MAXCNT. Reports what the request has no room or
 * no packet for. */
void usbd_control_start_in(struct usbd *usbd, uint32_t bytes);
void usbd_control_start_out(struct usbd *usbd);

/* The task, as an offset, that moves the control transfer on; STALL would do as well. */
uint32_t usbd_control_next(const struct usbd *usbd);

/* EasyDMA is free: EP0STATUS and EP0RCVOUT that waited for it take effect. */
void usbd_control_dma_free(struct usbd *usbd);

uint32_t usbd_ep0datadone_read(void *owner, unsigned index);
void usbd_ep0rcvout(void *owner, unsigned index, uint32_t value);
void usbd_ep0status(void *owner, unsigned index, uint32_t value);
void usbd_ep0stall(void *owner, unsigned index, uint32_t value);

#endif
