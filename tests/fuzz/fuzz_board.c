/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as the text of something to plug in: either refused with a sentence that names it, or
 * taken and used, without a crash. The first byte says what it is the text of.
 */
#include "sim/board/board.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static char path[64];

static bool write_file(const uint8_t *bytes, size_t size)
{
    FILE *file;

    (void)snprintf(path, sizeof path, "/tmp/fencepost-fuzz-%ld", (long)getpid());
    file = fopen(path, "wb");
    if (!file)
        return false;
    if (fwrite(bytes, 1, size, file) != size)
        abort();
    return fclose(file) == 0;
}

/* Names the file, if it is not the word itself that is refused. */
static void judge(enum status status, const struct failure *failure)
{
    if (status != STATUS_OK && !strstr(failure->message, path))
        abort();
}

static void try_answers(const uint8_t *bytes, size_t size)
{
    struct dialogue dialogue = {.count = 0};
    struct answers answers;
    struct failure failure = {0};

    if (answers_parse(&answers, "text", (const char *)bytes, size, &failure) != STATUS_OK &&
        strncmp(failure.message, "text:", 5) != 0)
        abort();
    for (unsigned i = 0; i < 32; i++) {
        (void)answers_alongside(&answers, &dialogue);
        (void)answers_next(&answers, &dialogue);
        (void)answers_refuse(&answers, &dialogue, (uint8_t)i);
        dialogue_hear(&dialogue, i < size ? bytes[i] : 0);
    }
    answers_free(&answers);
}

static void try_board_file(void)
{
    struct board_options options = {.port = {0}};
    struct board_file file = {0};
    struct failure failure = {0};

    judge(board_file_read(&file, &options, path, &failure), &failure);
    board_file_free(&file);
}

static void try_volts(void)
{
    struct analog analog = {.state = {.used = {0}}};
    struct failure failure = {0};
    char word[80];

    (void)snprintf(word, sizeof word, "0:%s", path);
    judge(analog_plug(&analog, word, &failure), &failure);
    for (unsigned i = 0; i < 4; i++)
        (void)analog_sample(&analog, 0);
    analog_finish(&analog);
}

static void try_master(void)
{
    struct spi_master master = {0};
    struct failure failure = {0};

    judge(spi_master_read(&master, path, &failure), &failure);
    spi_master_free(&master);
}

static void try_twi_master(void)
{
    struct twi_master master = {0};
    struct failure failure = {0};

    judge(twi_master_read(&master, path, &failure), &failure);
    twi_master_free(&master);
}

static void try_sound(void)
{
    struct sound sound = {.name = "pdm"};
    struct failure failure = {0};
    int16_t frame[SOUND_CHANNELS];

    judge(sound_plug(&sound, path, &failure), &failure);
    for (unsigned i = 0; i < 4; i++)
        sound_hear(&sound, 16000000, frame);
    sound_finish(&sound);
}

static void try_reader(void)
{
    struct nfc_reader reader = {.count = 0};
    struct failure failure = {0};

    judge(nfc_reader_read(&reader, path, &failure), &failure);
    nfc_reader_finish(&reader);
}

static void try_stimuli(void)
{
    struct stimuli stimuli = {.count = 0};
    struct failure failure = {0};

    judge(stimuli_plug(&stimuli, path, &failure), &failure);
    for (unsigned i = 1; i < stimuli.count; i++) {
        if (stimuli.list[i].when < stimuli.list[i - 1].when)
            abort();
    }
    stimuli_finish(&stimuli);
}

/* What was read is printed, and can be read again. */
static void try_air(void)
{
    struct air air = {.count = 0};
    struct air again = {.count = 0};
    struct text text = {0};
    struct text capture = {0};
    struct failure failure = {0};

    judge(air_read(&air, path, &failure), &failure);
    for (size_t i = 0; i < air.count; i++) {
        air_print(&text, &air.packet[i]);
        air_capture(&capture, &air.packet[i]);
        (void)air_loudest(&air, air.packet[i].megahertz, 0, air_packet_end(&air.packet[i]), false);
    }
    if (air_parse(&again, "again", text_string(&text), text.length, &failure) != STATUS_OK ||
        again.count != air.count)
        abort();
    text_free(&text);
    text_free(&capture);
    air_finish(&air);
    air_finish(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size < 2 || !write_file(bytes + 1, size - 1))
        return 0;
    switch (bytes[0] % 9) {
    case 0:
        try_answers(bytes + 1, size - 1);
        break;
    case 1:
        try_board_file();
        break;
    case 2:
        try_volts();
        break;
    case 3:
        try_twi_master();
        break;
    case 4:
        try_sound();
        break;
    case 5:
        try_stimuli();
        break;
    case 6:
        try_air();
        break;
    case 7:
        try_reader();
        break;
    default:
        try_master();
        break;
    }
    (void)unlink(path);
    return 0;
}
