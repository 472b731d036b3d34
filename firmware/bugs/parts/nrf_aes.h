/* SPDX-License-Identifier: Apache-2.0 */
/* ECB's and CCM's registers laid over the memory map, and drivers without mistakes (PS v1.7, 6.7
 * and 6.4). */
#ifndef FIRMWARE_BUGS_PARTS_NRF_AES_H
#define FIRMWARE_BUGS_PARTS_NRF_AES_H

#include "driver/fence.h"
#include "driver/memory.h"
#include "firmware/bugs/parts/nrf_serial.h"
#include "firmware/common/semihosting.h"
#include "firmware/common/startup.h"

struct nrf_ecb {
    volatile uint32_t TASKS_STARTECB; /* 0x000 */
    volatile uint32_t TASKS_STOPECB;
    uint32_t reserved0[62];
    volatile uint32_t EVENTS_ENDECB; /* 0x100 */
    volatile uint32_t EVENTS_ERRORECB;
    uint32_t reserved1[255];
    volatile uint32_t ECBDATAPTR; /* 0x504 */
};

struct nrf_ccm {
    volatile uint32_t TASKS_KSGEN; /* 0x000 */
    volatile uint32_t TASKS_CRYPT;
    uint32_t reserved0[62];
    volatile uint32_t EVENTS_ENDKSGEN; /* 0x100 */
    volatile uint32_t EVENTS_ENDCRYPT;
    volatile uint32_t EVENTS_ERROR;
    uint32_t reserved1[61];
    volatile uint32_t SHORTS; /* 0x200 */
    uint32_t reserved2[127];
    volatile uint32_t MICSTATUS; /* 0x400 */
    uint32_t reserved3[63];
    volatile uint32_t ENABLE; /* 0x500 */
    volatile uint32_t MODE;
    volatile uint32_t CNFPTR;
    volatile uint32_t INPTR;
    volatile uint32_t OUTPTR;
    volatile uint32_t SCRATCHPTR;
};

#define NRF_ECB ((struct nrf_ecb *)0x4000e000)
#define NRF_CCM ((struct nrf_ccm *)0x4000f000)

_Static_assert(offsetof(struct nrf_ecb, ECBDATAPTR) == 0x504, "as in the manual");
_Static_assert(offsetof(struct nrf_ccm, MICSTATUS) == 0x400, "as in the manual");
_Static_assert(offsetof(struct nrf_ccm, SCRATCHPTR) == 0x514, "as in the manual");

/* What ECBDATAPTR leads to. */
struct ecb_data {
    uint8_t key[16];
    uint8_t clear[16];
    uint8_t cipher[16];
};

static inline void ecb_start(struct ecb_data *data)
{
    NRF_ECB->EVENTS_ENDECB = 0;
    NRF_ECB->ECBDATAPTR = DMA_POINTER(data);
    dma_start();
    NRF_ECB->TASKS_STARTECB = 1;
}

static inline void ecb_wait(void)
{
    while (!NRF_ECB->EVENTS_ENDECB)
        ;
    dma_end();
}

enum { CCM_SCRATCH = 43, CCM_ENABLED = 2, CCM_PACKET = 3 + 27 + 4, CCM_ENDKSGEN_CRYPT = 1 };

/* What CNFPTR leads to. */
struct ccm_config {
    uint8_t key[16];
    uint8_t counter[8];
    uint8_t direction;
    uint8_t iv[8];
};

/* Encrypts from `in` to `out` with the next ccm_start. */
static inline void ccm_open(struct ccm_config *config, uint8_t *in, uint8_t *out, uint8_t *scratch)
{
    NRF_CCM->ENABLE = CCM_ENABLED;
    NRF_CCM->MODE = 0;
    NRF_CCM->SHORTS = CCM_ENDKSGEN_CRYPT;
    NRF_CCM->CNFPTR = DMA_POINTER(config);
    NRF_CCM->INPTR = DMA_POINTER(in);
    NRF_CCM->OUTPTR = DMA_POINTER(out);
    NRF_CCM->SCRATCHPTR = DMA_POINTER(scratch);
}

static inline void ccm_start(void)
{
    NRF_CCM->EVENTS_ENDKSGEN = 0;
    NRF_CCM->EVENTS_ENDCRYPT = 0;
    dma_start();
    NRF_CCM->TASKS_KSGEN = 1;
}

static inline void ccm_wait(void)
{
    while (!NRF_CCM->EVENTS_ENDCRYPT)
        ;
    dma_end();
}

#endif
