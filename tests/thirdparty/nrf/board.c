/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TinyUSB's board interface on a bare nRF52840: a millisecond tick, power events as the chip raises
 * them, one button from P0.11 to ground. What prints goes to nowhere; the LED is P0.13.
 */
#include "bsp/board_api.h"

#include "nrf.h"
#include "nrf_clock.h"

/* The driver's port to the power events: 0 detected, 1 removed, 2 ready. */
void tusb_hal_nrf_power_event(uint32_t event);

enum { POWER_DETECTED = 1 << 7, POWER_REMOVED = 1 << 8, POWER_READY = 1 << 9 };

static volatile uint32_t milliseconds;

static volatile uint32_t *reg(uint32_t address)
{
    return (volatile uint32_t *)address;
}

#define POWER_EVENT(bit) reg(0x4000011c + 4 * (bit)) /* USBDETECTED, USBREMOVED, USBPWRRDY */
#define POWER_INTENSET reg(0x40000304)
#define POWER_USBREGSTATUS reg(0x40000438)
#define P0_OUTSET reg(0x50000508)
#define P0_OUTCLR reg(0x5000050c)
#define P0_IN reg(0x50000510)
#define P0_DIRSET reg(0x50000518)
#define P0_PIN_CNF(pin) reg(0x50000700 + 4 * (pin))
#define LED (1u << 13)

enum { BUTTON = 11, PULL_UP = 3 << 2 };

void systick_handler(void);
void power_clock_handler(void);
void usbd_handler(void);

void systick_handler(void)
{
    milliseconds = milliseconds + 1;
}

void power_clock_handler(void)
{
    for (uint32_t event = 0; event < 3; event++) {
        if (*POWER_EVENT(event)) {
            *POWER_EVENT(event) = 0;
            tusb_hal_nrf_power_event(event);
        }
    }
}

void usbd_handler(void)
{
    tud_int_handler(0);
}

/* What happened before the events were enabled has to be asked for. */
static void watch_power(void)
{
    uint32_t status = *POWER_USBREGSTATUS;

    *POWER_INTENSET = POWER_DETECTED | POWER_REMOVED | POWER_READY;
    NVIC_EnableIRQ(POWER_CLOCK_IRQn);
    if (status & 1)
        tusb_hal_nrf_power_event(0);
    if (status & 2)
        tusb_hal_nrf_power_event(2);
}

void board_init(void)
{
    *P0_DIRSET = LED;
    *P0_PIN_CNF(BUTTON) = PULL_UP;
    *reg(0xe000e014) = 64000 - 1; /* SysTick: 1 ms of 64 MHz */
    *reg(0xe000e010) = 7;
    watch_power();
}

void board_led_write(bool state)
{
    *(state ? P0_OUTCLR : P0_OUTSET) = LED;
}

uint32_t board_button_read(void)
{
    return !(*P0_IN >> BUTTON & 1);
}

size_t board_get_unique_id(uint8_t id[], size_t max_len)
{
    for (size_t i = 0; i < 8 && i < max_len; i++)
        id[i] = ((volatile uint8_t *)0x10000060)[i];
    return max_len < 8 ? max_len : 8;
}

int board_uart_read(uint8_t *buf, int len)
{
    (void)buf, (void)len;
    return 0;
}

int board_uart_write(void const *buf, int len)
{
    (void)buf;
    return len;
}

uint32_t board_millis(void)
{
    return milliseconds;
}
