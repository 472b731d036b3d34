# Fencepost: one file builds simulator, firmware and tests. `make help` lists what it can do.

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory

# ---- What to build ---------------------------------------------------------------------------

# Layers, lowest first: a layer links against those before it and never against one behind it.
LAYERS := base core mem image cpu usb periph soc check report cli

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
PACKAGES := unicorn libelf libdw
CPPFLAGS_HOST := -I. -D_POSIX_C_SOURCE=200809L $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
CFLAGS_HOST := -std=c11 -g $(WARNINGS) -fno-common
LDLIBS_HOST = $(shell pkg-config --libs $(PACKAGES)) -lm
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
SOURCES_$(1) := $$(sort $$(wildcard sim/$(1)/*.c))
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

$(OUT)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS_HOST) $(CFLAGS_HOST) -MMD -MP -c $< -o $@

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

# ---- Firmware --------------------------------------------------------------------------------

# (firmware section)

# ---- What a person types ----------------------------------------------------------------------

.PHONY: all test lint help clean bootstrap
## Builds the simulator
all: $(PROGRAM)

bootstrap:
	$(Q)scripts/bootstrap

## Removes everything that was built
clean:
	$(Q)rm -rf $(BUILD)

-include $(shell find $(OUT) -name '*.d' 2>/dev/null)
