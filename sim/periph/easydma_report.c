/* SPDX-License-Identifier: Apache-2.0 */
/* EasyDMA: what the trace stream is told. */
#include "sim/periph/easydma_parts.h"

#include <string.h>

void easydma_report_window(struct easydma *dma, const struct easydma_transfer *transfer,
                           enum observation_kind kind)
{
    bool in_ram = transfer->window.size && memory_is_data_ram(transfer->window);

    trace_emit(dma->fabric->trace,
               (struct observation){
                   .kind = kind,
                   .dma_open = {.transfer = transfer->number,
                                .channel = dma->wiring[transfer->channel].trace_channel,
                                .direction = dma->wiring[transfer->channel].channel.direction,
                                .trigger = transfer->trigger,
                                .pc = transfer->pc,
                                .window = transfer->window,
                                .chained = dma->wiring[transfer->channel].channel.chained,
                                .ptr_kept = dma->state.ptr_used[transfer->channel],
                                .bytes = in_ram ? memory_at(dma->fabric->memory, transfer->window)
                                                : NULL}});
}

void easydma_report_word(struct easydma *dma, const struct easydma_transfer *transfer,
                         struct byte_range word, const uint8_t *bytes)
{
    struct observation observation = {
        .kind = OBS_DMA_WORD,
        .dma_word = {.transfer = transfer->number,
                     .channel = dma->wiring[transfer->channel].trace_channel,
                     .direction = dma->wiring[transfer->channel].channel.direction,
                     .address = word.start,
                     .size = word.size}};

    memcpy(observation.dma_word.bytes, bytes, word.size);
    trace_emit(dma->fabric->trace, observation);
}

void easydma_report_closed(struct easydma *dma, const struct easydma_transfer *transfer,
                           enum dma_end how)
{
    trace_emit(
        dma->fabric->trace,
        (struct observation){.kind = OBS_DMA_CLOSE,
                             .dma_close = {.transfer = transfer->number,
                                           .channel = dma->wiring[transfer->channel].trace_channel,
                                           .how = how,
                                           .amount = transfer->moved}});
}

void easydma_report_observed(struct easydma *dma, const struct easydma_transfer *transfer,
                             guest_addr pc, guest_addr event)
{
    trace_emit(
        dma->fabric->trace,
        (struct observation){.kind = OBS_DMA_OBSERVED,
                             .dma_close = {.transfer = transfer->number,
                                           .channel = dma->wiring[transfer->channel].trace_channel,
                                           .how = DMA_OBSERVED,
                                           .amount = transfer->moved,
                                           .pc = pc,
                                           .event = event}});
}

void easydma_report_known(struct easydma *dma, const struct easydma_transfer *transfer,
                          uint32_t bytes)
{
    trace_emit(
        dma->fabric->trace,
        (struct observation){.kind = OBS_DMA_KNOWN,
                             .dma_close = {.transfer = transfer->number,
                                           .channel = dma->wiring[transfer->channel].trace_channel,
                                           .amount = bytes,
                                           .pc = dma->fabric->trace->state.pc}});
}

void easydma_report_misuse(struct easydma *dma, unsigned channel, enum misuse misuse,
                           uint32_t offset, uint32_t value)
{
    struct trace *trace = dma->fabric->trace;

    trace_emit(trace, (struct observation){
                          .kind = OBS_MISUSE,
                          .misuse = {.misuse = misuse,
                                     .pc = trace->state.pc,
                                     .address = dma->wiring[channel].regs->spec->base + offset,
                                     .value = value,
                                     .transfer = dma->state.transfer[channel].number,
                                     .trigger = dma->fabric->trigger}});
}
