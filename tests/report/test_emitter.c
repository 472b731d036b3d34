/* SPDX-License-Identifier: Apache-2.0 */
/* Reports for programs: they are valid, and they say what the report for people says. */
#include "tests/report/scene.h"

#include "sim/report/emitter.h"
#include "sim/report/suppressions.h"
#include "tests/report/fake_image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct run_setting settings[] = {{"dma", "lazy"}, {NULL, NULL}};

static struct report_run regular_run(struct scene *scene)
{
    return (struct report_run){.checker = scene->checker,
                               .end = {.name = "host-done", .when = CYCLES_PER_MS + 1},
                               .version = "1.2.3",
                               .engine = "Engine \"4\"",
                               .settings = settings};
}

static struct report_run failed_run(struct scene *scene)
{
    struct report_run run = regular_run(scene);

    run.end = (struct run_end){.name = "host-failed",
                               .reason = "the host gave up: <no> answer, at \x1b[1mall\xff",
                               .failed = true,
                               .when = 1,
                               .details = "it was & is\nasleep\n"};
    return run;
}

static const char *emitted(struct scene *scene, const char *name, const struct report_run *run)
{
    const struct emitter *emitter = emitter_named(name);

    assert_non_null(emitter);
    text_clear(&scene->text);
    emit_report(&scene->text, emitter, run, &scene->options);
    return text_string(&scene->text);
}

/* Suppresses the first finding, and has a line that is not used. Released by the caller. */
static struct suppressions *suppress(struct scene *scene, struct report_run *run)
{
    static const char file[] = "DMA001 symbol:buffer -- known & wanted\nDMA* file:x -- gone";
    static const struct suppression *suppressed[4];
    struct suppressions *suppressions;

    assert_int_equal(suppressions_parse(&suppressions, "s.txt", file, strlen(file), NULL),
                     STATUS_OK);
    for (unsigned i = 0; i < checker_finding_count(scene->checker); i++)
        suppressed[i] =
            suppressions_match(suppressions, checker_finding(scene->checker, i), &scene->options);
    run->suppressions = suppressions;
    run->suppressed = suppressed;
    return suppressions;
}

static void assert_says(const char *report, const char *words)
{
    if (!strstr(report, words))
        fail_msg("%s\n--- does not say\n%s", report, words);
}

/* ---- Validity ---------------------------------------------------------------------------------
 */

enum { KEPT = 8 };

/* Reports of one format, in files, to be looked at together. */
struct kept {
    char path[KEPT][40];
    unsigned count;
};

static void keep(struct kept *kept, const char *report)
{
    char *path = kept->path[kept->count++];
    int file;

    assert_in_range(kept->count, 1, KEPT);
    (void)strcpy(path, "/tmp/fencepost-report-XXXXXX");
    file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, report, strlen(report)), strlen(report));
    assert_int_equal(close(file), 0);
}

/* Runs "COMMAND FILE..." on all of them. Without what it needs, it says so and exits with 77: the
 * test is skipped. */
static void assert_accepted(const char *command, const struct kept *kept)
{
    struct text line = {0};
    int result;

    text_printf(&line, "%s", command);
    for (unsigned i = 0; i < kept->count; i++)
        text_printf(&line, " %s", kept->path[i]);
    result = system(text_string(&line));
    for (unsigned i = 0; i < kept->count; i++)
        (void)unlink(kept->path[i]);
    text_free(&line);
    if (WIFEXITED(result) && WEXITSTATUS(result) == 77)
        skip();
    if (result)
        fail_msg("a report was not accepted by: %s", command);
}

/* A wrong use of a register is about no transfer: there is one side and there are no bytes. */
static void misuse_a_register(struct scene *scene)
{
    struct obs_misuse misuse = {.misuse = MISUSE_WRITE_READ_ONLY,
                                .address = 0x40027000,
                                .pc = FAKE_ANSWER_STORE,
                                .value = 1};

    scene_cpu(scene, FAKE_ANSWER_STORE, 0, NULL);
    scene_emit(scene, (struct observation){.kind = OBS_MISUSE, .misuse = misuse});
}

/* The host could receive either of two packets of the last finding's endpoint. */
static void show_witness(struct scene *scene)
{
    static const uint8_t bytes[2][3] = {{1, 2, 3}, {1, 9, 3}};
    static struct report_witness witness;

    witness = (struct report_witness){
        .finding = checker_finding(scene->checker, checker_finding_count(scene->checker) - 1),
        .packet = {
            {.timing = "eager", .replay = "fencepost replay A", .size = 3, .bytes = bytes[0]},
            {.timing = "lazy", .endpoint = 1, .size = 2, .bytes = bytes[1]}}};
    scene->options.witnesses = &witness;
    scene->options.witness_count = 1;
}

/* The same format for runs of all kinds: with and without findings, symbols, sides, failures. */
static void keep_all_kinds(struct scene *scene, const char *format, struct kept *kept)
{
    struct report_run good = regular_run(scene);
    struct report_run bad = failed_run(scene);

    checker_reset(scene->checker);
    scene->options.image = NULL;
    keep(kept, emitted(scene, format, &good));
    misuse_a_register(scene);
    keep(kept, emitted(scene, format, &bad));
    scene_memcpy_after_start(scene);
    keep(kept, emitted(scene, format, &bad));
    scene->options.image = fake_image();
    scene->options.replay = "fencepost run \"a b\".elf";
    keep(kept, emitted(scene, format, &good));
    show_witness(scene);
    keep(kept, emitted(scene, format, &good));
}

static void json_is_what_its_schema_asks_for(void **state)
{
    struct kept kept = {.count = 0};
    struct scene *scene = *state;
    struct report_run run = regular_run(scene);
    struct suppressions *suppressions;

    keep_all_kinds(scene, "json", &kept);
    suppressions = suppress(scene, &run);
    keep(&kept, emitted(scene, "json", &run));
    suppressions_free(suppressions);

    assert_accepted("scripts/validate-report docs/report.schema.json", &kept);
}

static void sarif_is_what_its_schema_asks_for(void **state)
{
    struct kept kept = {.count = 0};
    struct scene *scene = *state;
    struct report_run run = regular_run(scene);
    struct suppressions *suppressions;

    keep_all_kinds(scene, "sarif", &kept);
    suppressions = suppress(scene, &run);
    keep(&kept, emitted(scene, "sarif", &run));
    suppressions_free(suppressions);

    assert_accepted("scripts/validate-sarif " SCHEMA_DIR, &kept);
}

static void junit_is_well_formed(void **state)
{
    struct kept kept = {.count = 0};

    keep_all_kinds(*state, "junit", &kept);

    assert_accepted(
        "python3 -c 'import sys, xml.dom.minidom as x; [x.parse(p) for p in sys.argv[1:]]'", &kept);
}

/* ---- What they say ----------------------------------------------------------------------------
 */

static void json_tells_both_sides_and_the_bytes(void **state)
{
    struct scene *scene = *state;
    struct report_run run = regular_run(scene);
    const char *report;

    scene->options.image = fake_image();
    scene_memcpy_after_start(scene);
    report = emitted(scene, "json", &run);

    assert_says(report, "\"engine\": \"Engine \\\"4\\\"\"");
    assert_says(report, "\"dma\": \"lazy\"");
    assert_says(report, "\"buildId\": \"0123abcd\"");
    assert_says(report, "\"cycles\": 64001,\n      \"nanoseconds\": 1000015");
    assert_says(report, "\"blamed\": {\n"
                        "            \"function\": \"answer\",\n"
                        "            \"file\": \"tests/report/source/usb-3.c\",\n"
                        "            \"line\": 10,");
    assert_says(report, "\"what\": \"the transfer was started\"");
    assert_says(report, "\"symbol\": \"buffer\"");
    assert_says(report, "\"atStart\": \"000000000000000000000000000000000000\"");
    assert_says(report, "\"moved\": \"000000000000000018191a1b1c1d1e1f0001\"");
    assert_says(report, "\"movedMask\": \"ffffffffffffffffffffffffffffffffffff\"");
    assert_says(report, "\"final\": \"101112131415161718191a1b1c1d1e1f0001\"");
    assert_says(report, "\"touchedMask\": \"ffffffffffffffffffffffffffffffffffff\"");
    assert_says(report, "\"errors\": 1,");
}

static void a_witness_is_told_to_programs_too(void **state)
{
    struct scene *scene = *state;
    struct report_run run = regular_run(scene);
    const char *report;

    scene_memcpy_after_start(scene);
    assert_says(emitted(scene, "json", &run), "\"witness\": [],");
    show_witness(scene);
    report = emitted(scene, "json", &run);

    assert_says(report, "\"timing\": \"eager\",\n          \"endpoint\": 0,\n"
                        "          \"channel\": null,\n          \"bytes\": \"010203\",\n"
                        "          \"replay\": \"fencepost replay A\"");
    assert_says(report, "\"bytes\": \"0109\",\n          \"replay\": null");
    report = emitted(scene, "sarif", &run);
    assert_says(report, "\"properties\": {\n            \"witness\": [");
    assert_says(report, "\"bytes\": \"0109\"");
}

static void what_a_finding_is_not_about_is_null(void **state)
{
    struct scene *scene = *state;
    struct report_run run = regular_run(scene);
    const char *report;

    misuse_a_register(scene);
    report = emitted(scene, "json", &run);

    assert_says(report, "\"image\": null");
    assert_says(report, "\"transfer\": null");
    assert_says(report, "\"bytes\": null");
    assert_says(report, "\"misuse\": \"a read-only register was written\"");
}

static void sarif_has_one_code_flow_for_each_side(void **state)
{
    struct scene *scene = *state;
    struct report_run run = failed_run(scene);
    const char *report;

    scene->options.image = fake_image();
    scene_memcpy_after_start(scene);
    report = emitted(scene, "sarif", &run);

    assert_says(report, "\"uri\": \"tests/report/source/usb-3.c\",\n"
                        "                  \"uriBaseId\": \"SRCROOT\"");
    assert_says(report, "\"startLine\": 10");
    assert_says(report, "\"id\": \"CPU\"");
    assert_says(report, "\"id\": \"EasyDMA\"");
    assert_says(report,
                "\"text\": \"the host gave up: <no> answer, at \\u001b[1mall\xef\xbf\xbd\"");
    assert_says(report, "\"suppressions\": []");
}

static void the_fingerprint_is_that_of_the_bug_and_not_of_the_run(void **state)
{
    struct scene *scene = *state;
    struct report_run run = regular_run(scene);
    char fingerprint[64];
    const char *at;

    scene->options.image = fake_image();
    scene_memcpy_after_start(scene);
    at = strstr(emitted(scene, "sarif", &run), "\"fencepostFinding/v1\": \"");
    assert_non_null(at);
    (void)snprintf(fingerprint, sizeof fingerprint, "%.46s", at);

    checker_reset(scene->checker);
    scene->now += 12345;
    scene_memcpy_after_start(scene);
    assert_says(emitted(scene, "sarif", &run), fingerprint);
}

static void junit_fails_the_rule_and_the_firmware(void **state)
{
    struct scene *scene = *state;
    struct report_run run = failed_run(scene);
    const char *report;
    char head[96];

    scene_memcpy_after_start(scene);
    report = emitted(scene, "junit", &run);

    (void)snprintf(head, sizeof head, "tests=\"%d\" failures=\"2\" errors=\"0\" skipped=\"0\"",
                   RULE_COUNT + 1);
    assert_says(report, head);
    assert_says(report, "message=\"the host gave up: &lt;no&gt; answer, at \\x1b[1mall"
                        "\xef\xbf\xbd\">it was &amp; is\nasleep\n</failure>");
    assert_says(report, "<failure type=\"DMA001\" message=\"CPU wrote a buffer EasyDMA was reading"
                        "\">DMA001 error: ");
    assert_says(report, "name=\"DMA002: CPU read a buffer EasyDMA was writing\"/>");
}

static void github_annotates_the_guilty_line(void **state)
{
    struct scene *scene = *state;
    struct report_run run = failed_run(scene);
    const char *report;

    scene->options.image = fake_image();
    scene_memcpy_after_start(scene);
    report = emitted(scene, "github", &run);

    assert_ptr_equal(
        strstr(report, "::error file=tests/report/source/usb-3.c,line=10,col=5,title=DMA001%3A CPU "
                       "wrote a buffer EasyDMA was reading::CPU wrote a buffer EasyDMA was "
                       "reading: memcpy, called by answer at tests/report/source/usb-3.c:10; the "
                       "transfer was started by "),
        report);
    assert_says(report, "%0AWrite every byte of the buffer before the start task");
    assert_says(report, "\n::error title=Fencepost%3A the run failed::the host gave up: <no> "
                        "answer, at %1B[1mall");
}

/* ---- Suppressed findings ----------------------------------------------------------------------
 */

static void a_suppressed_finding_is_told_apart_everywhere(void **state)
{
    struct suppressions *suppressions;
    struct scene *scene = *state;
    struct report_run run = regular_run(scene);

    scene->options.image = fake_image();
    scene_memcpy_after_start(scene);
    suppressions = suppress(scene, &run);

    assert_says(emitted(scene, "text", &run), "suppressed: DMA001 CPU wrote a buffer");
    assert_says(emitted(scene, "text", &run), "\nclean, 1 suppressed: 1 transfer");
    assert_says(emitted(scene, "text", &run),
                "\nnote: s.txt:2: nothing was suppressed by this line (DMA*)\n");
    assert_says(emitted(scene, "json", &run), "\"suppressed\": 1,");
    assert_says(emitted(scene, "json", &run), "\"reason\": \"known & wanted\"");
    assert_says(emitted(scene, "sarif", &run), "\"justification\": \"known & wanted\"");
    assert_says(emitted(scene, "junit", &run), "failures=\"0\"");
    assert_says(emitted(scene, "junit", &run),
                "<system-out>suppressed (s.txt:1: known &amp; wanted):\nDMA001 error");
    assert_string_equal(emitted(scene, "github", &run),
                        "::notice file=s.txt,line=2,title=Fencepost%3A unused suppression::Nothing "
                        "was suppressed by this line.\n");
    suppressions_free(suppressions);
}

#define IN_A_SCENE(test) cmocka_unit_test_setup_teardown(test, scene_setup, scene_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_SCENE(json_is_what_its_schema_asks_for),
        IN_A_SCENE(sarif_is_what_its_schema_asks_for),
        IN_A_SCENE(junit_is_well_formed),
        IN_A_SCENE(what_a_finding_is_not_about_is_null),
        IN_A_SCENE(json_tells_both_sides_and_the_bytes),
        IN_A_SCENE(a_witness_is_told_to_programs_too),
        IN_A_SCENE(sarif_has_one_code_flow_for_each_side),
        IN_A_SCENE(the_fingerprint_is_that_of_the_bug_and_not_of_the_run),
        IN_A_SCENE(junit_fails_the_rule_and_the_firmware),
        IN_A_SCENE(github_annotates_the_guilty_line),
        IN_A_SCENE(a_suppressed_finding_is_told_apart_everywhere),
    };

    return cmocka_run_group_tests_name("emitter", tests, NULL, NULL);
}
