/* SPDX-License-Identifier: Apache-2.0 */
/* Where the bytes of a packet came from, and what is changed by hand. */
#include "tests/cmocka.h"
#include "tests/debug/debuggee.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *function_at(struct target *target, guest_addr pc)
{
    struct symbol symbol;

    assert_true(image_symbol_at(target_report(target)->image, pc, &symbol));
    return symbol.name;
}

static struct target_packet last_of(struct target *target, enum usb_sender sender)
{
    return *target_last_packet(target, sender);
}

/* ---- Packets --------------------------------------------------------------------------------- */

static void each_byte_of_a_packet_has_its_store_and_its_word(void **state)
{
    struct target *target = debug_firmware("usb-3");
    struct byte_origin origins[18];
    struct target_packet packet;
    uint64_t hash;

    (void)state;
    assert_int_equal(run_until_halt(target), HALT_EXIT);
    packet = last_of(target, USB_FROM_DEVICE);
    hash = hash_of(target);
    assert_int_equal(packet.size, 18);
    assert_int_equal(packet.bytes[1], 1); /* bDescriptorType */
    target_packet_origins(target, &packet, origins);

    for (unsigned i = 0; i < packet.size; i++) {
        assert_true(origins[i].carried);
        assert_int_equal(origins[i].address, address_of(target, "ep0in_buffer") + i);
        assert_int_equal(origins[i].writer.kind, WRITER_CPU);
        assert_string_equal(function_at(target, origins[i].writer.site.pc), "memcpy");
        assert_true(origins[i].writer.when < origins[i].carried_at);
        assert_true(origins[i].carried_at < packet.when);
        assert_true(!i || origins[i].writer.when > origins[i - 1].writer.when);
    }
    assert_true(hash_of(target) == hash); /* and nothing moved */
    target_destroy(target);
}

/* The engine is faster than the copy: what it sends is what start-up code left in .bss. */
static void a_race_shows_in_who_wrote_the_byte_that_was_sent(void **state)
{
    struct target *target =
        debug_image(path_of("usb-3-memcpy-after-start"),
                    &(struct machine_options){.host = HOST_LINUX, .dma = CHOICE_EAGER});
    struct byte_origin origins[18];
    struct target_packet packet;

    (void)state;
    target_stop_on(target, STOP_FINDING, false, STOP_ANY);
    assert_int_equal(run_until_halt(target), HALT_REASON); /* the host gives up */
    packet = last_of(target, USB_FROM_DEVICE);
    target_packet_origins(target, &packet, origins);

    assert_int_equal(packet.size, 18);
    assert_int_equal(packet.bytes[1], 0);
    assert_int_equal(origins[1].writer.kind, WRITER_CPU);
    assert_string_equal(function_at(target, origins[1].writer.site.pc), "reset_handler");
    target_destroy(target);
}

static void what_the_host_sent_is_followed_into_ram(void **state)
{
    struct target *target = debug_image(
        path_of("bulk-refilled-while-read-repaired"),
        &(struct machine_options){.host = HOST_SCRIPT,
                                  .host_script = "firmware/bugs/bulk-refilled-while-read.usb"});
    guest_addr received = address_of(target, "received");
    struct byte_origin origins[64];
    struct target_packet packet;
    uint8_t bytes[64];

    (void)state;
    target_stop_on(target, STOP_DONE, true, STOP_ANY);
    assert_int_equal(run_until_halt(target), HALT_REASON);
    assert_int_equal(run_for(target, MOTION_CONTINUE, 20), HALT_INTERRUPT); /* it is fetched */
    packet = last_of(target, USB_FROM_HOST);
    assert_int_equal(packet.endpoint, 1);
    assert_int_equal(packet.size, 64);
    target_packet_origins(target, &packet, origins);
    assert_int_equal(target_read(target, received, bytes, sizeof bytes), sizeof bytes);

    assert_memory_equal(bytes, packet.bytes, sizeof bytes);
    for (unsigned i = 0; i < packet.size; i++) {
        assert_true(origins[i].carried);
        assert_int_equal(origins[i].address, received + i);
        assert_true(origins[i].carried_at > packet.when);
    }
    target_destroy(target);
}

static void nothing_was_sent_before_the_first_packet(void **state)
{
    struct target *target = debug_firmware("usb-3");

    (void)state;
    assert_int_equal(last_of(target, USB_FROM_DEVICE).size, 0);
    target_destroy(target);
}

/* ---- Last writers ---------------------------------------------------------------------------- */

static void what_the_debugger_wrote_was_written_by_hand(void **state)
{
    static const uint8_t ours[] = {0xaa};
    struct target *target = debug_firmware("usb-3");
    guest_addr buffer = address_of(target, "ep0in_buffer");
    struct writer writers[3];

    (void)state;
    target_add_breakpoint(target, BREAKPOINT_HARDWARE, address_of(target, "usbd_handler"));
    assert_int_equal(run_until_halt(target), HALT_BREAKPOINT);
    assert_true(target_write(target, buffer + 1, ours, sizeof ours));
    assert_int_equal(run_until_halt(target), HALT_BREAKPOINT);
    target_last_writers(target, (struct byte_range){buffer, 3}, writers);

    assert_int_equal(writers[0].kind, WRITER_CPU);
    assert_int_equal(writers[1].kind, WRITER_HAND);
    assert_int_equal(writers[2].kind, WRITER_CPU);
    target_destroy(target);
}

static void a_register_of_a_peripheral_has_a_last_writer_too(void **state)
{
    struct target *target = debug_firmware("usb-3");
    struct writer writer;

    (void)state;
    target_stop_on(target, STOP_TRANSFER, true, STOP_ANY);
    assert_int_equal(run_until_halt(target), HALT_REASON);
    target_last_writers(target, (struct byte_range){0x40027000 + 0x604, 1}, &writer);

    assert_int_equal(writer.kind, WRITER_CPU);       /* EPIN[0].MAXCNT */
    assert_true(now_of(target) - writer.when < 200); /* just before the start */
    target_destroy(target);
}

/* ---- EasyDMA by hand ------------------------------------------------------------------------- */

static void easydma_moves_alone_and_the_rest_stands_still(void **state)
{
    struct target *target = debug_firmware("usb-3");
    guest_addr pc;
    sim_time now;

    (void)state;
    target_stop_on(target, STOP_TRANSFER, true, STOP_ANY);
    assert_int_equal(run_until_halt(target), HALT_REASON);
    target_stop_on(target, STOP_TRANSFER, false, STOP_ANY);
    pc = target_register(target, CPU_PC);
    now = now_of(target);

    assert_int_equal(target_step_dma(target, 1), 1);
    assert_int_equal(target_step_dma(target, 2), 2);
    assert_int_equal(target_step_dma(target, 100), 2); /* 18 bytes are 5 words */
    assert_int_equal(target_step_dma(target, 1), 0);
    assert_int_equal(target_register(target, CPU_PC), pc);
    assert_true(now_of(target) == now);
    assert_int_equal(run_until_halt(target), HALT_EXIT); /* the driver does not mind */
    target_destroy(target);
}

static void going_back_brings_the_old_pace_of_easydma_too(void **state)
{
    struct target *target = debug_firmware("usb-5");
    sim_time first;
    sim_time end;

    (void)state;
    target_stop_on(target, STOP_TRANSFER, true, STOP_ANY);
    assert_int_equal(run_until_halt(target), HALT_REASON);
    first = now_of(target);
    assert_int_equal(run_until_halt(target), HALT_REASON);
    end = now_of(target);
    assert_true(target_go_to(target, first));
    target_set_policy(target, CHOICE_LAZY);
    assert_int_equal(run_until_halt(target), HALT_REASON);
    assert_true(now_of(target) > end);
    assert_true(target_go_to(target, first - 10));
    assert_int_equal(run_until_halt(target), HALT_REASON);
    assert_int_equal(run_until_halt(target), HALT_REASON);
    assert_true(now_of(target) == end);
    target_destroy(target);
}

/* ---- The host by hand ------------------------------------------------------------------------ */

static struct target *stop_in_the_middle(void)
{
    struct target *target = debug_firmware("usb-5");

    target_stop_on(target, STOP_TRANSFER, true, STOP_ANY);
    assert_int_equal(run_until_halt(target), HALT_REASON);
    target_stop_on(target, STOP_TRANSFER, false, STOP_ANY);
    return target;
}

static void assert_console_has(struct target *target, const char *part)
{
    struct text text = {0};

    target_take_console(target, &text);
    if (!strstr(text_string(&text), part))
        fail_msg("\"%s\" is not in: %s", part, text_string(&text));
    text_free(&text);
}

static void the_host_resets_the_bus_in_the_middle_of_its_enumeration(void **state)
{
    struct target *target = stop_in_the_middle();

    (void)state;
    host_bus_reset(target_take_host(target));
    assert_int_equal(run_for(target, MOTION_CONTINUE, 400), HALT_INTERRUPT);
    assert_int_equal(host_outcome(machine_host(target_machine(target))), HOST_IDLE);
    assert_console_has(target, "a new future begins here");
    target_destroy(target);
}

static void the_host_asks_what_it_is_told_to_ask(void **state)
{
    static const uint8_t setup[8] = {0x80, 6, 0, 1, 0, 0, 18, 0};
    struct target *target = debug_firmware("usb-5");

    (void)state;
    target_stop_on(target, STOP_DONE, true, STOP_ANY);
    assert_int_equal(run_until_halt(target), HALT_REASON);
    host_control(target_take_host(target), setup, NULL);
    assert_int_equal(run_for(target, MOTION_CONTINUE, 20), HALT_INTERRUPT);
    assert_console_has(target, "host: GET_DESCRIPTOR(Device), 18 bytes wanted -> 18 bytes: 12 01");
    target_destroy(target);
}

static void the_cable_is_pulled_out_and_put_in_again(void **state)
{
    struct target *target = stop_in_the_middle();
    struct host *host = machine_host(target_machine(target));

    (void)state;
    host_unplug(target_take_host(target));
    assert_int_equal(run_until_halt(target), HALT_OFF); /* asleep, and nobody to wake it */
    assert_false(host_can_speak(host));
    host_plug(target_take_host(target));
    target_stop_on(target, STOP_DONE, true, STOP_ANY);
    assert_int_equal(run_until_halt(target), HALT_REASON);
    assert_int_equal(host_configuration(host), 42);
    target_destroy(target);
}

static void a_script_is_dropped_when_the_host_is_taken(void **state)
{
    struct target *target = debug_image(
        path_of("bulk-refilled-while-read-repaired"),
        &(struct machine_options){.host = HOST_SCRIPT,
                                  .host_script = "firmware/bugs/bulk-refilled-while-read.usb"});
    struct host *host = machine_host(target_machine(target));
    static const uint8_t bytes[3] = {1, 2, 3};
    struct host_pipe pipe;

    (void)state;
    target_stop_on(target, STOP_TRANSFER, true, 1);
    assert_int_equal(run_until_halt(target), HALT_REASON);
    target_stop_on(target, STOP_TRANSFER, false, STOP_ANY);
    pipe = host_pipe(host, 1, false);
    host_pipe_write(target_take_host(target), &pipe, bytes, sizeof bytes);
    assert_int_equal(run_for(target, MOTION_CONTINUE, 50), HALT_INTERRUPT);

    assert_int_equal(host_transfer(host), TRANSFER_DONE);
    assert_int_equal(last_of(target, USB_FROM_HOST).size, 3);
    target_destroy(target);
}

/* ---- Other firmware -------------------------------------------------------------------------- */

/* As gdb's load does, from the image of another target. */
static void load_from(struct target *target, struct target *other)
{
    const uint8_t *flash = machine_memory(target_machine(other))->flash;

    assert_true(target_erase(target, (struct byte_range){0, 0x4000}));
    assert_true(target_program(target, 0, flash, 0x4000));
    target_programmed(target);
}

static void copy_file(const char *from, const char *to)
{
    char command[500];

    (void)snprintf(command, sizeof command, "cp %s %s", from, to);
    assert_int_equal(system(command), 0);
}

static void a_rebuilt_image_brings_its_names_with_it(void **state)
{
    char path[] = "/tmp/fencepost-image-XXXXXX";
    struct target *target;
    struct target *other;

    (void)state;
    assert_int_equal(close(mkstemp(path)), 0);
    copy_file(path_of("usb-3"), path);
    target = debug_image(path, &(struct machine_options){.host = HOST_LINUX});
    other = debug_firmware("usb-5");
    copy_file(path_of("usb-5"), path);
    load_from(target, other);
    target_restart(target);
    (void)unlink(path);

    assert_int_equal(address_of(target, "main"), address_of(other, "main"));
    assert_true(hash_of(target) == hash_of(other)); /* it is that machine in every respect */
    target_destroy(other);
    target_destroy(target);
}

static void another_image_has_no_names_until_it_is_named(void **state)
{
    struct target *target = debug_firmware("usb-3");
    struct target *other = debug_firmware("usb-5");
    struct failure failure;

    (void)state;
    load_from(target, other);
    assert_null(target_report(target)->image);
    target_restart(target);
    (void)step(target);
    assert_console_has(target, "reports have no names");
    assert_int_equal(target_name_image(target, path_of("usb-3"), &failure), STATUS_OTHER_FIRMWARE);
    assert_int_equal(target_name_image(target, path_of("usb-5"), &failure), STATUS_OK);
    assert_int_equal(address_of(target, "main"), address_of(other, "main"));
    target_restart(target);
    target_stop_on(target, STOP_DONE, true, STOP_ANY);
    assert_int_equal(run_until_halt(target), HALT_REASON);
    target_destroy(other);
    target_destroy(target);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_byte_of_a_packet_has_its_store_and_its_word),
        cmocka_unit_test(a_race_shows_in_who_wrote_the_byte_that_was_sent),
        cmocka_unit_test(what_the_host_sent_is_followed_into_ram),
        cmocka_unit_test(nothing_was_sent_before_the_first_packet),
        cmocka_unit_test(what_the_debugger_wrote_was_written_by_hand),
        cmocka_unit_test(a_register_of_a_peripheral_has_a_last_writer_too),
        cmocka_unit_test(easydma_moves_alone_and_the_rest_stands_still),
        cmocka_unit_test(going_back_brings_the_old_pace_of_easydma_too),
        cmocka_unit_test(the_host_resets_the_bus_in_the_middle_of_its_enumeration),
        cmocka_unit_test(the_host_asks_what_it_is_told_to_ask),
        cmocka_unit_test(the_cable_is_pulled_out_and_put_in_again),
        cmocka_unit_test(a_script_is_dropped_when_the_host_is_taken),
        cmocka_unit_test(a_rebuilt_image_brings_its_names_with_it),
        cmocka_unit_test(another_image_has_no_names_until_it_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
