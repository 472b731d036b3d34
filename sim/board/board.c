/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/board/board.h"

#include <string.h>

void board_finish(struct board *board)
{
    for (unsigned i = 0; i < BOARD_UARTS; i++)
        uart_line_finish(&board->uart[i]);
    for (unsigned i = 0; i < BOARD_SPIS; i++) {
        answers_free(&board->spi[i].answers);
        spi_master_free(&board->spi[i].master);
    }
    for (unsigned i = 0; i < BOARD_TWIS; i++)
        twi_bus_finish(&board->twi[i]);
    analog_finish(&board->analog);
    sound_finish(&board->microphone);
    sound_finish(&board->codec.sound);
    nfc_reader_finish(&board->reader);
    stimuli_finish(&board->stimuli);
    air_finish(&board->air);
}

void board_power_on(struct board *board)
{
    for (unsigned i = 0; i < BOARD_UARTS; i++)
        board->uart[i].state = (struct uart_line_state){0};
    for (unsigned i = 0; i < BOARD_SPIS; i++)
        board->spi[i].state = (struct dialogue){.count = 0};
    for (unsigned i = 0; i < BOARD_TWIS; i++)
        twi_bus_reset(&board->twi[i]);
    board->analog.state = (struct analog_state){.used = {0}};
    board->microphone.state = (struct sound_state){.position = 0};
    board->codec.sound.state = (struct sound_state){.position = 0};
    board->stimuli.state = (struct stimuli_state){.next = 0};
}

static sim_time later(sim_time a, sim_time b)
{
    return a > b ? a : b;
}

sim_time board_last_time(const struct board *board)
{
    sim_time last = 0;

    for (unsigned i = 0; i < BOARD_SPIS; i++) {
        const struct spi_master *master = &board->spi[i].master;

        last = later(last, master->count ? master->line[master->count - 1].when : 0);
    }
    for (unsigned i = 0; i < BOARD_TWIS; i++) {
        const struct twi_master *master = &board->twi[i].master;

        last = later(last, master->count ? master->part[master->count - 1].when : 0);
    }
    return later(last,
                 board->stimuli.count ? board->stimuli.list[board->stimuli.count - 1].when : 0);
}

static struct uart_line *uart_named(struct board *board, const char *name)
{
    for (unsigned i = 0; i < BOARD_UARTS; i++) {
        if (!strcmp(board->uart[i].name, name))
            return &board->uart[i];
    }
    return NULL;
}

/* What one word says of the line that is being plugged in. */
struct uart_plug {
    struct board *board;
    enum board_port port;
    struct uart_line *line;
};

static enum status plug_uart_word(void *owner, const char *word, struct failure *failure)
{
    struct uart_plug *plug = owner;
    struct uart_line *other = uart_named(plug->board, word);

    if (!strcmp(word, "console"))
        plug->line->console = true;
    else if (!strcmp(word, "loopback"))
        plug->line->other = plug->line;
    else if (other)
        plug->line->other = other;
    else if (!strncmp(word, "in:", 3))
        return uart_line_read_input(plug->line, word + 3, failure);
    else if (!strncmp(word, "gap:", 4))
        return uart_line_set_gap(plug->line, word + 4, failure);
    else if (strcmp(word, "off") != 0 && strncmp(word, "out:", 4) != 0)
        return failure_set(failure, STATUS_BOARD, word, "%s is one of %s", plug->line->name,
                           board_port_words(plug->port));
    return STATUS_OK;
}

static enum status plug_uarts(struct board *board, const struct board_options *options,
                              struct failure *failure)
{
    enum status status = STATUS_OK;

    for (unsigned i = 0; i < BOARD_UARTS && status == STATUS_OK; i++) {
        struct uart_plug plug = {.board = board, .port = PORT_UART0 + i, .line = &board->uart[i]};
        const char *list = options->port[plug.port];

        status = board_each_word(list ? list : "console", plug_uart_word, &plug, failure);
    }
    return status;
}

static enum status plug_spi(struct spi_device *device, const char *what, struct failure *failure)
{
    if (!what || !strcmp(what, "off"))
        return STATUS_OK;
    if (!strncmp(what, "master:", 7))
        return spi_master_read(&device->master, what + 7, failure);
    device->loopback = !strcmp(what, "loopback");
    device->scripted = !device->loopback;
    return device->loopback ? STATUS_OK : answers_read(&device->answers, what, failure);
}

static enum status plug_spis(struct board *board, const struct board_options *options,
                             struct wires *wires, struct failure *failure)
{
    enum status status = STATUS_OK;

    for (unsigned i = 0; i < BOARD_SPIS && status == STATUS_OK; i++) {
        status = plug_spi(&board->spi[i], options->port[PORT_SPI0 + i], failure);
        spi_device_connect(&board->spi[i], wires);
    }
    return status;
}

static enum status plug_twi_word(void *owner, const char *word, struct failure *failure)
{
    return twi_bus_plug(owner, word, failure);
}

static enum status plug_twis(struct board *board, const struct board_options *options,
                             struct failure *failure)
{
    enum status status = STATUS_OK;

    for (unsigned i = 0; i < BOARD_TWIS && status == STATUS_OK; i++)
        status =
            board_each_word(options->port[PORT_TWI0 + i], plug_twi_word, &board->twi[i], failure);
    return status;
}

static enum status plug_analog_word(void *owner, const char *word, struct failure *failure)
{
    return analog_plug(owner, word, failure);
}

static enum status plug_codec_word(void *owner, const char *word, struct failure *failure)
{
    return codec_plug(owner, word, failure);
}

static enum status plug_stimulus(void *owner, const char *word, struct failure *failure)
{
    return stimuli_plug(owner, word, failure);
}

static enum status plug_sounds(struct board *board, const struct board_options *options,
                               struct failure *failure)
{
    enum status status = STATUS_OK;

    if (options->port[PORT_PDM])
        status = sound_plug(&board->microphone, options->port[PORT_PDM], failure);
    if (status == STATUS_OK)
        status = board_each_word(options->port[PORT_I2S], plug_codec_word, &board->codec, failure);
    return status;
}

static void name_sound(struct sound *sound, enum board_port port, struct state *state)
{
    *sound = (struct sound){.name = board_port_name(port)};
    state_register(state, sound->name, &sound->state, sizeof sound->state);
}

static enum status plug_air_word(void *owner, const char *word, struct failure *failure)
{
    return strncmp(word, "record:", 7) != 0 ? air_read(owner, word, failure) : STATUS_OK;
}

/* What there is on every board, with nothing plugged in. */
static void name_ports(struct board *board, struct trace *trace, struct state *state)
{
    for (unsigned i = 0; i < BOARD_UARTS; i++) {
        struct uart_line *line = &board->uart[i];

        *line = (struct uart_line){.name = board_port_name(PORT_UART0 + i), .trace = trace};
        state_register(state, line->name, &line->state, sizeof line->state);
    }
    for (unsigned i = 0; i < BOARD_SPIS; i++) {
        struct spi_device *device = &board->spi[i];

        *device = (struct spi_device){.name = board_port_name(PORT_SPI0 + i), .trace = trace};
        state_register(state, device->name, &device->state, sizeof device->state);
    }
    for (unsigned i = 0; i < BOARD_TWIS; i++) {
        struct twi_bus *bus = &board->twi[i];

        *bus = (struct twi_bus){.name = board_port_name(PORT_TWI0 + i), .trace = trace};
        twi_bus_reset(bus);
        state_register(state, bus->name, &bus->state, sizeof bus->state);
    }
    board->air.trace = trace;
    state_register(state, board_port_name(PORT_ADC), &board->analog.state,
                   sizeof board->analog.state);
    name_sound(&board->microphone, PORT_PDM, state);
    name_sound(&board->codec.sound, PORT_I2S, state);
    board->codec.trace = trace;
    board->reader.name = board_port_name(PORT_NFC);
    board->reader.trace = trace;
    state_register(state, board_port_name(PORT_PINS), &board->stimuli.state,
                   sizeof board->stimuli.state);
}

enum status board_init(struct board *board, const struct board_options *options,
                       struct wires *wires, struct trace *trace, struct state *state,
                       struct failure *failure)
{
    enum status status;

    *board = (struct board){0};
    name_ports(board, trace, state);
    status = plug_uarts(board, options, failure);
    if (status == STATUS_OK)
        status = plug_spis(board, options, wires, failure);
    if (status == STATUS_OK)
        status = plug_twis(board, options, failure);
    if (status == STATUS_OK)
        status =
            board_each_word(options->port[PORT_ADC], plug_analog_word, &board->analog, failure);
    if (status == STATUS_OK)
        status = plug_sounds(board, options, failure);
    if (status == STATUS_OK && options->port[PORT_NFC])
        status = nfc_reader_read(&board->reader, options->port[PORT_NFC], failure);
    if (status == STATUS_OK)
        status = board_each_word(options->port[PORT_PINS], plug_stimulus, &board->stimuli, failure);
    if (status == STATUS_OK)
        status = board_each_word(options->port[PORT_RADIO], plug_air_word, &board->air, failure);
    return status;
}
