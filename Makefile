# Fencepost: one file builds simulator, firmware and tests. `make help` lists what it can do.

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory

# ---- What to build ---------------------------------------------------------------------------

# Layers, lowest first: a layer links against those before it and never against one behind it.
LAYERS := base core mem image cpu usb hosts comply board periph soc check report explore debug cli

VARIANT := $(if $(SAN),san,$(if $(COV),cov,release))
BUILD ?= build
OUT := $(BUILD)/$(VARIANT)
PROGRAM := $(OUT)/fencepost

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-8s %s\n' '$(1)' '$(2)')

# ---- Host compiler ---------------------------------------------------------------------------

CC := $(if $(filter default undefined,$(origin CC)),gcc,$(CC))
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
            -Wmissing-prototypes -Wundef -Wswitch-enum -Wvla -Werror
PACKAGES := unicorn libelf libdw gmp capstone
CPPFLAGS_HOST := -I. -D_POSIX_C_SOURCE=200809L $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
# Hidden: libunicorn exports all its symbols, and an exported cpu_reset of ours would take their place.
CFLAGS_HOST := -std=c11 -g $(WARNINGS) -fno-common -fvisibility=hidden
# Capstone is loaded when it is needed (sim/report/disassembly.c).
LDLIBS_HOST = $(shell pkg-config --libs $(filter-out capstone,$(PACKAGES))) -lm -ldl
ifeq ($(VARIANT),release)
  CFLAGS_HOST += -O2
endif
ifeq ($(VARIANT),san)
  CFLAGS_HOST += -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
  LDFLAGS_HOST += -fsanitize=address,undefined
endif
ifeq ($(VARIANT),cov)
  CFLAGS_HOST += -O0 --coverage
  LDFLAGS_HOST += --coverage
endif

# ---- Simulator: one static library a layer ------------------------------------------------------

define layer
SOURCES_$(1) := $$(sort $$(wildcard sim/$(1)/*.c sim/$(1)/*/*.c))
OBJECTS_$(1) := $$(SOURCES_$(1):%.c=$(OUT)/%.o)
$(OUT)/lib$(1).a: $$(OBJECTS_$(1))
	$$(call say,AR,$$@)
	$(Q)rm -f $$@ && ar rcs $$@ $$^
endef
$(foreach l,$(LAYERS),$(eval $(call layer,$(l))))

# up_to(layer): libraries of the layer and of all below it, top first, as a linker wants them.
reverse = $(if $(1),$(call reverse,$(wordlist 2,$(words $(1)),$(1))) $(firstword $(1)))
down_from = $(if $(filter $(1),$(firstword $(2))),$(2),$(call down_from,$(1),$(wordlist 2,$(words $(2)),$(2))))
up_to = $(patsubst %,$(OUT)/lib%.a,$(call down_from,$(1),$(call reverse,$(LAYERS))))

# The flags an object was compiled with belong to what it was made from.
HOST_COMMAND := $(CC) $(CPPFLAGS_HOST) $(CFLAGS_HOST)
$(OUT)/flags: force
	@mkdir -p $(@D)
	@echo '$(HOST_COMMAND)' | cmp -s - $@ || echo '$(HOST_COMMAND)' >$@
.PHONY: force

$(OUT)/%.o: %.c $(OUT)/flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS_HOST) $(CFLAGS_HOST) -MMD -MP -c $< -o $@

# The deviations that model files list, as a table for `fencepost peripherals`.
GENERATED := $(BUILD)/generated
$(GENERATED)/deviations.inc: scripts/deviations $(SOURCES_periph)
	@mkdir -p $(@D)
	$(call say,GEN,$@)
	$(Q)scripts/deviations $(SOURCES_periph) >$@
$(OUT)/sim/soc/kinds.o: CPPFLAGS_HOST += -I$(GENERATED)
$(OUT)/sim/soc/kinds.o: $(GENERATED)/deviations.inc

# The program's main file stands apart from its layer so that tests can link the layer.
$(PROGRAM): $(OUT)/sim/main.o $(call up_to,cli)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS_HOST) $^ $(LDLIBS_HOST) -o $@

# ---- Tests: tests/LAYER/test_*.c, each a program --------------------------------------------------

# Tests of a layer see that layer and those below. tests/machine uses everything, as a user would.
define layer_tests
TESTS_$(1) := $$(patsubst %.c,$(OUT)/%,$$(sort $$(wildcard tests/$(1)/test_*.c)))
HELPERS_$(1) := $$(patsubst %.c,$(OUT)/%.o,$$(sort $$(filter-out tests/$(1)/test_%,$$(wildcard tests/$(1)/*.c))))
$$(TESTS_$(1)): $(OUT)/%: $(OUT)/%.o $$(HELPERS_$(1)) $(2)
	$$(call say,LINK,$$@)
	$(Q)$$(CC) $$(LDFLAGS_HOST) $$^ $$(LDLIBS_HOST) -lcmocka -o $$@
TESTS += $$(TESTS_$(1))
## Runs the tests of one layer, e.g. make test-core
test-$(1): $$(TESTS_$(1))
	$(Q)scripts/run-tests $$(TESTS_$(1))
.PHONY: test-$(1)
endef
$(foreach l,$(LAYERS),$(eval $(call layer_tests,$(l),$(call up_to,$(l)))))
$(eval $(call layer_tests,machine,$(call up_to,cli)))
$(eval $(call layer_tests,driver,$(call up_to,cli)))

# Firmware of others, fetched and built; without it its tests are skipped.
THIRD_PARTY := $(BUILD)/third-party
$(eval $(call layer_tests,thirdparty,$(call up_to,cli)))
$(OUT)/tests/thirdparty/%.o: CPPFLAGS_HOST += -DTHIRD_PARTY_DIR='"$(THIRD_PARTY)"'
test-thirdparty: third-party

## Fetches and builds firmware of others: TinyUSB's examples, a vendor's images
third-party:
	$(Q)scripts/third-party $(THIRD_PARTY)
.PHONY: third-party

# What validates reports but is not ours to distribute is fetched to this folder once.
$(OUT)/tests/report/%.o: CPPFLAGS_HOST += -DSCHEMA_DIR='"$(BUILD)/schema"'

# Tests of the program run it; like tests/machine they run it on real firmware.
$(OUT)/tests/cli/%.o: CPPFLAGS_HOST += -DPROGRAM='"$(PROGRAM)"' -DOUT_DIR='"$(OUT)"' \
    -DTEST_FLAGS='"$(LDFLAGS_HOST)"'
$(OUT)/tests/debug/%.o: CPPFLAGS_HOST += -DPROGRAM='"$(PROGRAM)"'
test-debug: $(PROGRAM) firmware
test-cli: $(PROGRAM) firmware
test-machine: firmware

# ---- Firmware --------------------------------------------------------------------------------

# Programs that run on the chip, each built 22 times: $(BUILD)/firmware/BUILD/PROGRAM.elf with BUILD
# as in gcc-O2 or clang-Oz-lto. A program is one C file, linked with what it uses of driver/ and
# firmware/common.
FIRMWARE_LEVELS := $(foreach o,O0 O1 O2 O3 Os,gcc-$(o)) $(foreach o,O0 O1 O2 O3 Os Oz,clang-$(o))
FIRMWARE_BUILDS := $(FIRMWARE_LEVELS) $(FIRMWARE_LEVELS:%=%-lto)
FIRMWARE_DEFAULT := gcc-O2
FIRMWARE_OUT := $(BUILD)/firmware
FIRMWARE_DEFAULT_DIR := $(FIRMWARE_OUT)/$(FIRMWARE_DEFAULT)
FIRMWARE_MAINS := $(sort $(wildcard firmware/*.c tests/driver/firmware/*.c tests/explore/firmware/*.c))
FIRMWARE_PROGRAMS := $(basename $(notdir $(FIRMWARE_MAINS)))
FIRMWARE_ELFS := $(foreach b,$(FIRMWARE_BUILDS),$(FIRMWARE_PROGRAMS:%=$(FIRMWARE_OUT)/$(b)/%.elf))
FIRMWARE_DEFAULT_ELFS := $(FIRMWARE_PROGRAMS:%=$(FIRMWARE_DEFAULT_DIR)/%.elf)
FIRMWARE_PARTS := $(sort $(wildcard driver/*.c firmware/common/*.c firmware/class/*.c firmware/bugs/parts/*.c))
FIRMWARE_SCRIPT := firmware/nrf52840.ld

# Seeded bugs and their repaired twins. A few builds are enough for every day, `make matrix` has all.
BUG_BUILDS := gcc-O2 gcc-Os-lto clang-Oz
BUG_PROGRAMS := $(sort $(basename $(notdir $(wildcard firmware/bugs/*.c firmware/bugs/*.cpp))))
BUG_NAMES := $(filter-out %-repaired,$(BUG_PROGRAMS))
bug_elfs = $(foreach b,$(1),$(BUG_PROGRAMS:%=$(FIRMWARE_OUT)/$(b)/%.elf))
BUG_ELFS := $(call bug_elfs,$(BUG_BUILDS))
# Races that only an exploration finds.
RACE_BUILDS := gcc-O2 clang-Oz
RACE_PROGRAMS := $(sort $(basename $(notdir $(wildcard firmware/races/*.c))))
RACE_NAMES := $(filter-out %-repaired,$(RACE_PROGRAMS))
RACE_ELFS := $(foreach b,$(RACE_BUILDS),$(RACE_PROGRAMS:%=$(FIRMWARE_OUT)/$(b)/%.elf))
# Programs that are not compliant, for `fencepost check`: one build of each.
SIN_NAMES := $(sort $(basename $(notdir $(wildcard firmware/sins/*.c))))
SIN_ELFS := $(SIN_NAMES:%=$(FIRMWARE_DEFAULT_DIR)/%.elf)
# Each fails in one way, in a timing that exploration has to find.
FAILURE_NAMES := $(sort $(basename $(notdir $(wildcard tests/explore/failures/*.c))))
FAILURE_ELFS := $(FAILURE_NAMES:%=$(FIRMWARE_DEFAULT_DIR)/%.elf)
# tests/driver runs the first bug in every build.
FIRST_BUG := usb-3-memcpy-after-start usb-3-memcpy-after-start-repaired
FIRMWARE_ELFS += $(foreach b,$(FIRMWARE_BUILDS),$(FIRST_BUG:%=$(FIRMWARE_OUT)/$(b)/%.elf))
FIRMWARE_DEFAULT_ELFS += $(call bug_elfs,$(FIRMWARE_DEFAULT)) $(RACE_ELFS) $(SIN_ELFS) $(FAILURE_ELFS)
test-explore: $(FIRMWARE_DEFAULT_ELFS)

ARM := arm-none-eabi-
CC_gcc := $(ARM)gcc
CC_clang := clang --target=thumbv7em-none-eabihf
AR_gcc := $(ARM)gcc-ar
AR_clang := llvm-ar
FIRMWARE_CFLAGS := -std=c11 -ffreestanding -mcpu=cortex-m4 -mthumb -mfpu=fpv4-sp-d16 \
                   -mfloat-abi=hard -g -ffile-prefix-map=$(CURDIR)=. -ffunction-sections \
                   -fdata-sections -I. $(WARNINGS)
FIRMWARE_LDFLAGS := -nostdlib -T $(FIRMWARE_SCRIPT) -Wl,--gc-sections -Wl,--build-id \
                    -Wl,--fatal-warnings
LDFLAGS_clang := -fuse-ld=lld
# C++ as it is written for small chips.
CXX_gcc := $(ARM)g++
CXX_clang := clang++ --target=thumbv7em-none-eabihf
FIRMWARE_CXXFLAGS := $(filter-out -std=c11 -Wstrict-prototypes -Wmissing-prototypes,$(FIRMWARE_CFLAGS)) \
                     -std=c++17 -fno-exceptions -fno-rtti -fno-threadsafe-statics
# The compiler must not recognise memcpy's loop as a memcpy.
CFLAGS_memory_gcc := -fno-tree-loop-distribute-patterns

# firmware_build(build, compiler, optimisation, lto): rules of one build
define firmware_build
FIRMWARE_CC_$(1) := $$(CC_$(2)) $$(FIRMWARE_CFLAGS) -$(3)
FIRMWARE_OBJ_$(1) := $$(FIRMWARE_OUT)/$(1)/obj
FIRMWARE_FIRST_$(1) := $$(patsubst %,$$(FIRMWARE_OBJ_$(1))/firmware/common/%.o,startup memory)
FIRMWARE_LIB_$(1) := $$(FIRMWARE_OUT)/$(1)/libparts.a

$$(FIRMWARE_OBJ_$(1))/%.o: %.c
	@mkdir -p $$(@D)
	$$(call say,CC,$$< ($(1)))
	$$(Q)$$(FIRMWARE_CC_$(1)) $(4) -MMD -MP -c $$< -o $$@
$$(FIRMWARE_OBJ_$(1))/%.o: %.cpp
	@mkdir -p $$(@D)
	$$(call say,CXX,$$< ($(1)))
	$$(Q)$$(CXX_$(2)) $$(FIRMWARE_CXXFLAGS) -$(3) $(4) -MMD -MP -c $$< -o $$@
$$(FIRMWARE_OBJ_$(1))/firmware/common/memory.o: firmware/common/memory.c
	@mkdir -p $$(@D)
	$$(call say,CC,$$< ($(1)))
	$$(Q)$$(FIRMWARE_CC_$(1)) $$(CFLAGS_memory_$(2)) -MMD -MP -c $$< -o $$@

$$(FIRMWARE_OBJ_$(1))/firmware/bugs/parts/heap.o: firmware/bugs/parts/heap.c
	@mkdir -p $$(@D)
	$$(call say,CC,$$< ($(1)))
	$$(Q)$$(FIRMWARE_CC_$(1)) -MMD -MP -c $$< -o $$@

$$(FIRMWARE_LIB_$(1)): $$(filter-out $$(FIRMWARE_FIRST_$(1)),$$(FIRMWARE_PARTS:%.c=$$(FIRMWARE_OBJ_$(1))/%.o))
	$$(call say,AR,$$@)
	$$(Q)rm -f $$@ && $$(AR_$(2)) rcs $$@ $$^

# Bugs. One that is a part of the driver gone wrong is linked with the step that shows it.
$$(FIRMWARE_OUT)/$(1)/usb-3-%.elf: $$(FIRMWARE_OBJ_$(1))/firmware/bugs/usb-3-%.o \
                                   $$(FIRMWARE_OBJ_$(1))/firmware/usb-3.o \
                                   $$(FIRMWARE_FIRST_$(1)) $$(FIRMWARE_LIB_$(1)) $$(FIRMWARE_SCRIPT)
	$$(call firmware_link,$(1),$(2),$(4))
$$(FIRMWARE_OUT)/$(1)/%.elf: $$(FIRMWARE_OBJ_$(1))/firmware/bugs/%.o \
                             $$(FIRMWARE_FIRST_$(1)) $$(FIRMWARE_LIB_$(1)) $$(FIRMWARE_SCRIPT)
	$$(call firmware_link,$(1),$(2),$(4))
$$(FIRMWARE_OUT)/$(1)/%.elf: $$(FIRMWARE_OBJ_$(1))/tests/explore/failures/%.o \
                             $$(FIRMWARE_FIRST_$(1)) $$(FIRMWARE_LIB_$(1)) $$(FIRMWARE_SCRIPT)
	$$(call firmware_link,$(1),$(2),$(4))
$$(FIRMWARE_OUT)/$(1)/%.elf: $$(FIRMWARE_OBJ_$(1))/firmware/races/%.o \
                             $$(FIRMWARE_FIRST_$(1)) $$(FIRMWARE_LIB_$(1)) $$(FIRMWARE_SCRIPT)
	$$(call firmware_link,$(1),$(2),$(4))
$$(FIRMWARE_OUT)/$(1)/%.elf: $$(FIRMWARE_OBJ_$(1))/firmware/sins/%.o \
                             $$(FIRMWARE_FIRST_$(1)) $$(FIRMWARE_LIB_$(1)) $$(FIRMWARE_SCRIPT)
	$$(call firmware_link,$(1),$(2),$(4))
.PRECIOUS: $$(FIRMWARE_OBJ_$(1))/%.o
endef

# firmware_link(build, compiler, lto): recipe
define firmware_link
	$(call say,LINK,$@)
	$(Q)$(FIRMWARE_CC_$(1)) $(3) $(LDFLAGS_$(2)) $(FIRMWARE_LDFLAGS) $(filter %.o %.a,$^) -o $@
endef

# firmware_program(build, compiler, lto, program, main file)
define firmware_program
$$(FIRMWARE_OUT)/$(1)/$(4).elf: $$(patsubst %.c,$$(FIRMWARE_OBJ_$(1))/%.o,$(5)) \
                                $$(FIRMWARE_FIRST_$(1)) $$(FIRMWARE_LIB_$(1)) $$(FIRMWARE_SCRIPT)
	$$(call firmware_link,$(1),$(2),$(3))
endef

firmware_compiler = $(firstword $(subst -, ,$(1)))
firmware_level = $(word 2,$(subst -, ,$(1)))
firmware_lto = $(if $(filter %-lto,$(1)),-flto)
$(foreach b,$(FIRMWARE_BUILDS),$(eval $(call firmware_build,$(b),$(call firmware_compiler,$(b)),$(call firmware_level,$(b)),$(call firmware_lto,$(b)))))
$(foreach b,$(FIRMWARE_BUILDS),$(foreach m,$(FIRMWARE_MAINS),$(eval \
    $(call firmware_program,$(b),$(call firmware_compiler,$(b)),$(call firmware_lto,$(b)),$(basename $(notdir $(m))),$(m)))))

## Builds all firmware with both compilers at every optimisation level
firmware: $(FIRMWARE_ELFS) $(BUG_ELFS) $(RACE_ELFS) $(SIN_ELFS) $(FAILURE_ELFS)
.PHONY: firmware

# Tests find the programs below this folder.
$(OUT)/tests/%.o: CPPFLAGS_HOST += -DFIRMWARE_DIR='"$(FIRMWARE_OUT)"' \
    -DFIRMWARE_BUILDS='"$(FIRMWARE_BUILDS)"' -DFIRMWARE_DEFAULT='"$(FIRMWARE_DEFAULT)"'
test-driver: firmware
$(OUT)/tests/explore/%.o: CPPFLAGS_HOST += -DRACE_NAMES='"$(RACE_NAMES)"'

# The corpus: tests/bugs runs every bug and its twin; test_bugs a few builds, `matrix` one each.
$(eval $(call layer_tests,bugs,$(call up_to,cli)))
$(OUT)/tests/bugs/%.o: CPPFLAGS_HOST += -DBUG_BUILDS='"$(BUG_BUILDS)"' -DBUG_NAMES='"$(BUG_NAMES)"' \
    -DPROGRAM='"$(PROGRAM)"'
$(OUT)/bug-names: force
	@mkdir -p $(@D)
	@echo '$(BUG_NAMES) $(BUG_BUILDS)' | cmp -s - $@ || echo '$(BUG_NAMES) $(BUG_BUILDS)' >$@
$(OUT)/tests/bugs/corpus_test.o $(OUT)/tests/bugs/tool/matrix.o: $(OUT)/bug-names
test-bugs: $(BUG_ELFS)

MATRIX := $(OUT)/tests/bugs/matrix

$(MATRIX): $(OUT)/tests/bugs/tool/matrix.o $(filter-out %/corpus_test.o,$(HELPERS_bugs)) $(call up_to,cli)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS_HOST) $^ $(LDLIBS_HOST) -o $@

.PHONY: matrix run-matrix
## Runs every seeded bug and its twin in all 22 builds: table in README, build/matrix.html, JUnit
matrix: bootstrap
	$(Q)$(MAKE) run-matrix
MATRIX_BUILDS ?= $(FIRMWARE_BUILDS)
run-matrix: $(MATRIX) $(call bug_elfs,$(MATRIX_BUILDS))
	$(Q)scripts/matrix $(MATRIX) $(BUILD) $(MATRIX_BUILDS)

FINGERPRINT := $(OUT)/tests/machine/tool/fingerprint

$(FINGERPRINT): $(OUT)/tests/machine/tool/fingerprint.o $(call up_to,cli)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS_HOST) $^ $(LDLIBS_HOST) -o $@

## Prints the state every firmware ends in, to compare libraries or changes line by line
fingerprint: $(FINGERPRINT) $(FIRMWARE_DEFAULT_ELFS)
	$(Q)$(FINGERPRINT) $(FIRMWARE_DEFAULT_ELFS)
.PHONY: fingerprint

# Hostile conversations with the firmware that has a USB class, and with usb-5 and usb-6.
COUNT ?= 10000
PROCESSES ?= 2
HOSTILE := $(OUT)/tests/machine/tool/hostile
CLASS_PROGRAMS := $(filter-out usb-%,$(basename $(notdir $(wildcard firmware/*.c))))
HOSTILE_ELFS := $(patsubst %,$(FIRMWARE_DEFAULT_DIR)/%.elf,usb-5 usb-6 $(CLASS_PROGRAMS))

$(OUT)/tests/machine/%.o $(OUT)/tests/cli/%.o: CPPFLAGS_HOST += -DCLASS_PROGRAMS='"$(CLASS_PROGRAMS)"'
$(OUT)/tests/cli/test_sins.o: CPPFLAGS_HOST += -DSIN_NAMES='"$(SIN_NAMES)"'
$(OUT)/class-programs: force
	@mkdir -p $(@D)
	@echo '$(CLASS_PROGRAMS) $(SIN_NAMES)' | cmp -s - $@ || echo '$(CLASS_PROGRAMS) $(SIN_NAMES)' >$@
$(OUT)/tests/machine/test_class_firmware.o $(OUT)/tests/cli/test_check.o $(OUT)/tests/cli/test_sins.o: \
    $(OUT)/class-programs
$(HOSTILE): $(OUT)/tests/machine/tool/hostile.o $(OUT)/tests/machine/campaign.o $(call up_to,cli)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS_HOST) $^ $(LDLIBS_HOST) -o $@

## Runs COUNT (10000) hostile conversations with each class firmware, seed by seed
hostile: $(HOSTILE) $(HOSTILE_ELFS)
	$(Q)$(HOSTILE) $(COUNT) $(PROCESSES) $(HOSTILE_ELFS)
.PHONY: hostile

-include $(shell find $(FIRMWARE_OUT) -name '*.d' 2>/dev/null)

# ---- Images of the tests ----------------------------------------------------------------------

# What tests/image loads: one program by both compilers at every level, in both DWARF versions,
# with link-time optimisation, behind a boot loader, and files that have to be refused.
IMAGE_OUT := $(BUILD)/test-images
IMAGE_LEVELS := $(foreach c,gcc clang,$(foreach o,O0 O1 O2 O3 Os Oz,$(c)-$(o)))
IMAGE_BUILDS := $(IMAGE_LEVELS) $(foreach c,gcc clang,$(c)-O2-dwarf4 $(c)-O2-lto) gcc-Og gcc-O2-gz
IMAGE_SOURCES := tests/image/firmware/start.S tests/image/firmware/chain.c
IMAGE_SCRIPT := tests/image/firmware/image.ld
IMAGE_CFLAGS := -std=c11 -ffreestanding -mcpu=cortex-m4 -mthumb -mfloat-abi=soft -g -ffunction-sections
IMAGE_LDFLAGS := -nostdlib -T $(IMAGE_SCRIPT) -Wl,--gc-sections -Wl,--build-id
IMAGE_CC_gcc := arm-none-eabi-gcc
IMAGE_CC_clang := clang --target=thumbv7em-none-eabi
IMAGE_LINK_clang := -fuse-ld=lld
IMAGE_MORE_dwarf4 := -gdwarf-4
IMAGE_MORE_lto := -flto
IMAGE_MORE_gz := -gz
IMAGE_FILES := $(IMAGE_BUILDS:%=$(IMAGE_OUT)/%.elf) \
               $(addprefix $(IMAGE_OUT)/,gcc-O2.hex gcc-O2.bin stripped.elf behind.elf object.o big-endian.o)

# image_build(build, compiler, level, variant)
define image_build
$$(IMAGE_OUT)/$(1).elf: $$(IMAGE_SOURCES) $$(IMAGE_SCRIPT)
	@mkdir -p $$(@D)
	$$(call say,LINK,$$@)
	$(Q)$$(IMAGE_CC_$(2)) $$(IMAGE_CFLAGS) -$(3) $$(IMAGE_MORE_$(4)) -c $$(lastword $$(IMAGE_SOURCES)) -o $$(@:.elf=.o)
	$(Q)$$(IMAGE_CC_$(2)) $$(IMAGE_CFLAGS) -$(3) $$(IMAGE_MORE_$(4)) $$(IMAGE_LINK_$(2)) $$(IMAGE_SOURCES:%.c=$$(@:.elf=.o)) $$(IMAGE_LDFLAGS) -o $$@
endef
$(foreach b,$(IMAGE_BUILDS),$(eval $(call image_build,$(b),$(word 1,$(subst -, ,$(b))),$(word 2,$(subst -, ,$(b))),$(word 3,$(subst -, ,$(b))))))

$(IMAGE_OUT)/%.hex: $(IMAGE_OUT)/%.elf
	$(Q)arm-none-eabi-objcopy -O ihex $< $@
$(IMAGE_OUT)/%.bin: $(IMAGE_OUT)/%.elf
	$(Q)arm-none-eabi-objcopy -O binary $< $@
$(IMAGE_OUT)/stripped.elf: $(IMAGE_OUT)/gcc-O2.elf
	$(Q)arm-none-eabi-objcopy --strip-debug $< $@
$(IMAGE_OUT)/behind.elf: $(IMAGE_SOURCES) $(IMAGE_SCRIPT)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(IMAGE_CC_gcc) $(IMAGE_CFLAGS) -Os $(IMAGE_SOURCES) $(IMAGE_LDFLAGS) -Wl,--defsym=flash_origin=0x26000 -o $@
$(IMAGE_OUT)/object.o $(IMAGE_OUT)/big-endian.o: tests/image/firmware/chain.c
	@mkdir -p $(@D)
	$(Q)$(IMAGE_CC_gcc) $(IMAGE_CFLAGS) $(if $(findstring big,$@),-mbig-endian) -c $< -o $@

$(OUT)/tests/image/%.o: CPPFLAGS_HOST += -DIMAGE_DIR='"$(IMAGE_OUT)"' -DIMAGE_BUILDS='"$(IMAGE_BUILDS)"'
$(TESTS_image): | $(IMAGE_FILES)

# ---- Guest programs of the tests ---------------------------------------------------------------

# tests/cpu/asm/X.S, firmware that checks itself; start.S is in each. The ELF is for QEMU.
GUEST_OUT := $(BUILD)/guest
GUEST_PROGRAMS := $(filter-out start,$(basename $(notdir $(sort $(wildcard tests/cpu/asm/*.S)))))
GUEST_IMAGES := $(GUEST_PROGRAMS:%=$(GUEST_OUT)/%.bin)
GUEST_CFLAGS := -mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16 -nostdlib \
                -Itests/cpu/asm -Wa,--fatal-warnings -Wl,--build-id=none

$(GUEST_OUT)/%.elf: tests/cpu/asm/%.S tests/cpu/asm/start.S tests/cpu/asm/guest.inc tests/cpu/asm/guest.ld
	@mkdir -p $(@D)
	$(call say,GUEST,$<)
	$(Q)arm-none-eabi-gcc $(GUEST_CFLAGS) -T tests/cpu/asm/guest.ld $(filter %.S,$^) -o $@
$(GUEST_OUT)/%.bin: $(GUEST_OUT)/%.elf
	$(Q)arm-none-eabi-objcopy -O binary $< $@
.PRECIOUS: $(GUEST_OUT)/%.elf

$(OUT)/tests/cpu/%.o: CPPFLAGS_HOST += -DGUEST_DIR='"$(GUEST_OUT)"'
$(TESTS_cpu): | $(GUEST_IMAGES)

# ---- Fuzzing ----------------------------------------------------------------------------------

# Each tests/fuzz/fuzz_X.c is one libFuzzer program; TIME is in seconds.
TIME ?= 60
FUZZERS := $(patsubst tests/fuzz/%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
FUZZ_OUT := $(BUILD)/fuzz
FUZZ_CC := clang -fsanitize=address,undefined -fno-sanitize-recover=all -O1

# What a fuzzer is compiled with.
FUZZ_SOURCES_image := $(SOURCES_image) $(SOURCES_base)
FUZZ_SOURCES_conversation := tests/usb/random_device.c $(SOURCES_usb) $(SOURCES_core) $(SOURCES_base)
FUZZ_SOURCES_board := $(SOURCES_board) $(SOURCES_core) $(SOURCES_base)
FUZZ_SOURCES_gdb := $(foreach l,$(filter-out cli,$(LAYERS)),$(SOURCES_$(l)))
$(foreach f,$(FUZZERS:fuzz_%=%),$(eval $(FUZZ_OUT)/fuzz_$(f): $(FUZZ_SOURCES_$(f):%.c=$(FUZZ_OUT)/obj/%.o)))

$(FUZZ_OUT)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$< (fuzz))
	$(Q)$(FUZZ_CC) -fsanitize=fuzzer-no-link $(CPPFLAGS_HOST) $(CFLAGS_HOST) -MMD -MP -c $< -o $@
$(FUZZ_OUT)/obj/sim/soc/kinds.o: CPPFLAGS_HOST += -I$(GENERATED)
$(FUZZ_OUT)/obj/sim/soc/kinds.o: $(GENERATED)/deviations.inc
$(FUZZ_OUT)/%: $(FUZZ_OUT)/obj/tests/fuzz/%.o
	$(call say,FUZZ,$@)
	$(Q)$(FUZZ_CC) -fsanitize=fuzzer $^ $(LDLIBS_HOST) -o $@
-include $(shell find $(FUZZ_OUT)/obj -name '*.d' 2>/dev/null)

# Starts from what the tests read; what it finds new stays in $(BUILD).
FUZZ_SEEDS_image = $(IMAGE_OUT)
FUZZ_SEEDS_conversation = tests/usb/conversations
FUZZ_SEEDS_board = tests/board/texts
FUZZ_SEEDS_gdb = tests/debug/packets
$(FUZZ_OUT)/obj/tests/fuzz/fuzz_gdb.o: CPPFLAGS_HOST += -DFIRMWARE_DIR='"$(FIRMWARE_OUT)"' -DFIRMWARE_DEFAULT='"$(FIRMWARE_DEFAULT)"'
fuzz-gdb: $(FIRMWARE_DEFAULT_DIR)/usb-3-memcpy-after-start.elf
fuzz-%: $(FUZZ_OUT)/fuzz_% $(IMAGE_FILES)
	@mkdir -p $(FUZZ_OUT)/corpus-$*
	$(Q)$< -max_total_time=$(TIME) -max_len=65536 -timeout=5 -rss_limit_mb=1024 -print_final_stats=1 \
	    -artifact_prefix=$(FUZZ_OUT)/ $(FUZZ_OUT)/corpus-$* $(FUZZ_SEEDS_$*)

.SECONDARY: $(FUZZERS:%=$(FUZZ_OUT)/%)
.PRECIOUS: $(FUZZ_OUT)/obj/%.o

## Feeds damaged images, conversations and packets to their readers, e.g. make fuzz TIME=60
fuzz: $(FUZZERS:fuzz_%=fuzz-%)
.PHONY: fuzz

# ---- Benchmark --------------------------------------------------------------------------------

# tests/bench; guests are calculated with the same code natively, so that results can be compared.
BENCH := $(OUT)/tests/bench/bench
BENCH_OUT := $(BUILD)/bench
BENCH_SOURCES := $(sort $(wildcard tests/bench/*.c)) tests/bench/guest/compute.c
BENCH_PARTS := copy crc sort fp
BENCH_GUESTS := $(foreach g,compute $(BENCH_PARTS),$(BENCH_OUT)/$(g).elf $(BENCH_OUT)/$(g).bin) \
                $(addprefix $(BENCH_OUT)/,nothing.elf exceptions.elf exceptions_quiet.elf)
BENCH_CFLAGS := -std=c11 -O2 -ffreestanding -ffp-contract=off -fno-tree-loop-distribute-patterns
BENCH_ARM := arm-none-eabi-gcc $(BENCH_CFLAGS) -mcpu=cortex-m4 -mthumb -mfloat-abi=hard \
             -mfpu=fpv4-sp-d16 -nostdlib -I. -Wl,--build-id=none -T tests/bench/guest/bench.ld

$(BENCH_OUT)/compute.elf $(BENCH_PARTS:%=$(BENCH_OUT)/%.elf): tests/bench/guest/run_compute.c tests/bench/guest/compute.c
$(BENCH_OUT)/compute.elf: BENCH_ARM += -DPARTS=COMPUTE_ALL
$(BENCH_OUT)/copy.elf: BENCH_ARM += -DPARTS=COMPUTE_COPY
$(BENCH_OUT)/crc.elf: BENCH_ARM += -DPARTS=COMPUTE_CRC
$(BENCH_OUT)/sort.elf: BENCH_ARM += -DPARTS=COMPUTE_SORT
$(BENCH_OUT)/fp.elf: BENCH_ARM += -DPARTS=COMPUTE_FP
$(BENCH_OUT)/nothing.elf: tests/bench/guest/run_nothing.S
$(BENCH_OUT)/exceptions.elf $(BENCH_OUT)/exceptions_quiet.elf: tests/bench/guest/run_exceptions.S
$(BENCH_OUT)/exceptions_quiet.elf: BENCH_ARM += -DQUIET
$(BENCH_OUT)/%.elf: tests/bench/guest/start.S tests/bench/guest/compute.h tests/bench/guest/bench.ld
	@mkdir -p $(@D)
	$(call say,GUEST,$@)
	$(Q)$(BENCH_ARM) $(filter %.c %.S,$^) -o $@
$(BENCH_OUT)/%.bin: $(BENCH_OUT)/%.elf
	$(Q)arm-none-eabi-objcopy -O binary $< $@

$(OUT)/tests/bench/guest/compute.o: CFLAGS_HOST += -ffp-contract=off
$(BENCH): $(BENCH_SOURCES:%.c=$(OUT)/%.o) $(call up_to,debug)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS_HOST) $^ $(LDLIBS_HOST) -o $@

.PHONY: bench run-bench
## Measures speed against bare Unicorn and QEMU, start-up, snapshots, the cost of the rules, throughput, exploration
bench: bootstrap
	$(Q)$(MAKE) SAN= COV= run-bench
BENCH_ECHO := $(FIRMWARE_DEFAULT_DIR)/bulk-read-at-epdata-repaired.elf
BENCH_SERIAL := $(FIRMWARE_DEFAULT_DIR)/cdc-echo.elf
BENCH_EXPLORED := $(FIRMWARE_DEFAULT_DIR)/usb-5-memcpy-after-start.elf $(FIRMWARE_DEFAULT_DIR)/growth.elf
run-bench: $(BENCH) $(PROGRAM) $(BENCH_GUESTS) $(FIRMWARE_DEFAULT_DIR)/usb-5.elf $(BENCH_ECHO) $(BENCH_SERIAL) $(BENCH_EXPLORED)
	$(Q)$(BENCH) $(PROGRAM) $(BENCH_OUT) $(FIRMWARE_DEFAULT_DIR)/usb-5.elf $(BENCH_ECHO) $(BENCH_SERIAL) \
	    $(BENCH_EXPLORED)

## Explores every bug, race and twin from the default host; renews the tables in docs/
races: all $(call bug_elfs,$(FIRMWARE_DEFAULT)) $(RACE_ELFS)
	$(Q)scripts/explore-table $(PROGRAM) $(FIRMWARE_DEFAULT_DIR) --renew
.PHONY: races

# ---- What a person types ----------------------------------------------------------------------

.PHONY: all bootstrap demo run debug test lint format cov mutants help clean

## Builds the simulator
all: $(PROGRAM)

# All cores, unless the caller said how many.
JOBS := $(shell nproc 2>/dev/null || echo 2)
ALL_CORES = $(MAKE) $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(JOBS))

# Everything that needs packages checks first that they are there.
bootstrap:
	$(Q)scripts/bootstrap

## Shows the main job: usb-5 enumerated cleanly, then a seeded race caught
demo: bootstrap
	$(Q)$(ALL_CORES) $(PROGRAM) $(FIRMWARE_DEFAULT_DIR)/usb-5.elf $(FIRMWARE_DEFAULT_DIR)/usb-5-memcpy-after-start.elf
	$(Q)scripts/demo $(PROGRAM) $(FIRMWARE_DEFAULT_DIR)

# FW is a program of ours (a bug too) or the path of any image.
RUN_IMAGE = $(if $(wildcard $(FW)),$(FW),$(FIRMWARE_DEFAULT_DIR)/$(or $(FW),usb-5).elf)
# A bug may need something plugged in.
RUN_BOARD = $(addprefix --board=,$(wildcard firmware/bugs/$(FW:-repaired=).board))
## Runs one firmware, e.g. make run FW=usb-3 ARGS=--verbose
run: $(PROGRAM) $(RUN_IMAGE)
	$(Q)$(PROGRAM) run $(RUN_BOARD) $(ARGS) $(RUN_IMAGE)

DEBUGGED := $(if $(wildcard $(FW)),$(FW),$(FIRMWARE_DEFAULT_DIR)/$(or $(FW),usb-5).elf)

## Puts one firmware under gdb, e.g. make debug FW=usb-3
debug: $(PROGRAM) $(DEBUGGED)
	$(Q)scripts/debug $(PROGRAM) $(DEBUGGED) $(ARGS)

## Builds everything and runs the whole suite; SAN=1 with sanitizers
test: bootstrap
	$(Q)$(ALL_CORES) test-all

.PHONY: test-all
test-all: $(PROGRAM) $(FIRMWARE_ELFS) $(FIRMWARE_DEFAULT_ELFS) $(BUG_ELFS) $(TESTS) third-party
	$(Q)FENCEPOST=$(PROGRAM) scripts/run-tests $(TESTS)

## Checks format, layers, register lists, headers, shell scripts and clang-tidy
lint: bootstrap $(GENERATED)/deviations.inc $(PROGRAM)
	$(Q)scripts/lint "$(CPPFLAGS_HOST) -I$(GENERATED)"

## Formats all C files
format:
	$(Q)clang-format -i $$(git ls-files '*.c' '*.h' | grep -v ^tests/report/source)

## Measures which lines the tests execute
cov:
	$(Q)$(MAKE) COV=1 test-all
	$(Q)scripts/coverage $(BUILD)/cov

## Breaks the driver, one place at a time, and shows which test notices
mutants: bootstrap
	$(Q)scripts/mutants $(BUILD)/mutants

## Lists what make can do
help:
	@awk '/^## / {text = substr($$0, 4); next} \
	      /^[a-z][a-z-]*:/ && text {sub(/:.*/, "", $$1); printf "  make %-10s %s\n", $$1, text} \
	      {text = ""}' $(MAKEFILE_LIST)

## Removes everything that was built
clean:
	$(Q)rm -rf $(BUILD)

-include $(shell find $(OUT) -name '*.d' 2>/dev/null)
