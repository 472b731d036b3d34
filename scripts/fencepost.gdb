# Commands for gdb in front of `fencepost debug`: gdb -x scripts/fencepost.gdb firmware.elf
#
# What `monitor` can do, shorter and with help: `fp-dma` is `monitor dma`. `fp-help` lists all.
set confirm off
set pagination off
set print pretty on
set sysroot

# gdb keeps registers that it has read. `monitor` may change them (reset, goto, restore): so they are
# read again behind each. A gdb without Python says so every time.
if $_isvoid($_as_string)
    define hookpost-monitor
        maintenance flush register-cache
    end
else
    define hookpost-monitor
        python gdb.execute("maintenance flush register-cache", to_string=True)
    end
end

# gdb does not tell which file it loads: reports would have no names for another firmware.
if ! $_isvoid($_as_string)
    define hookpost-load
        python gdb.execute("monitor image " + gdb.current_progspace().filename)
    end
end

define fp-status
    monitor status
end
document fp-status
Where CPU, EasyDMA and host are, findings so far, time.
end

define fp-time
    monitor time
end
document fp-time
Virtual time, and how far back the past is known.
end

define fp-usb
    monitor usb
end
document fp-usb
The bus: host, device, address, endpoints and their data toggles.
end

define fp-dma
    if $argc == 0
        monitor dma
    end
    if $argc == 1
        monitor dma $arg0
    end
end
document fp-dma
Windows that belong to EasyDMA, byte by byte.
With eager, lazy, realistic or random: when EasyDMA moves from now on.
end

define fp-step-dma
    if $argc == 0
        monitor step-dma
    end
    if $argc == 1
        monitor step-dma $arg0
    end
end
document fp-step-dma
EasyDMA alone moves its next word, or N: fp-step-dma 3
end

define fp-regs
    if $argc == 0
        monitor regs
    end
    if $argc == 1
        monitor regs $arg0
    end
    if $argc == 2
        monitor regs $arg0 $arg1
    end
end
document fp-regs
Registers of a block, fields decoded, without side effects: fp-regs usbd
end

define fp-events
    monitor events
end
document fp-events
What is scheduled, and when.
end

define fp-findings
    if $argc == 0
        monitor findings
    end
    if $argc == 1
        monitor findings $arg0
    end
end
document fp-findings
Findings so far, or one in full: fp-findings 1
end

define fp-why
    if $argc == 0
        monitor why
    end
    if $argc == 1
        monitor why $arg0
    end
    if $argc == 2
        monitor why $arg0 $arg1
    end
end
document fp-why
Where each byte of the last packet that the device sent came from.
fp-why each: one by one. fp-why out: where the host's last packet went.
end

define fp-stop-on
    if $argc == 0
        monitor stop-on
    end
    if $argc == 1
        monitor stop-on $arg0
    end
    if $argc == 2
        monitor stop-on $arg0 $arg1
    end
end
document fp-stop-on
Reasons to stop: fp-stop-on setup, fp-stop-on irq 39, fp-stop-on finding off.
Without an argument lists them.
end

define fp-step-irq
    if $argc == 0
        monitor step-irq
    end
    if $argc == 1
        monitor step-irq $arg0
    end
end
document fp-step-irq
Whether a step goes into interrupts that come: fp-step-irq on
end

define fp-host
    if $argc == 0
        monitor host
    end
    if $argc == 1
        monitor host $arg0
    end
    if $argc == 2
        monitor host $arg0 $arg1
    end
    if $argc == 3
        monitor host $arg0 $arg1 $arg2
    end
end
document fp-host
Makes the host do something now: fp-host reset, fp-host in 1,
fp-host setup 8006000100001200. Without an argument explains it.
end

define fp-seed
    if $argc == 0
        monitor seed
    end
    if $argc == 1
        monitor seed $arg0
    end
end
document fp-seed
The seed of random choices, from here on: fp-seed 7
end

define fp-save
    if $argc == 0
        monitor save
    end
    if $argc == 1
        monitor save $arg0
    end
end
document fp-save
Keeps the present under a name: fp-save before
end

define fp-image
    if $argc == 0
        monitor image
    end
    if $argc == 1
        monitor image $arg0
    end
end
document fp-image
The file whose names are used; load does it by itself.
end

# These move the machine: then the place is shown, as at every stop.
define fp-reset
    monitor reset halt
    frame
end
document fp-reset
Power-on reset; stands before the first instruction.
end

define fp-goto
    monitor goto $arg0
    frame
end
document fp-goto
Goes back to a time of the known past: fp-goto 210.391468ms
end

define fp-restore
    if $argc == 0
        monitor restore
    else
        monitor restore $arg0
        frame
    end
end
document fp-restore
Goes back to what fp-save kept: fp-restore before. Without a name lists them.
end

# These take an expression of C.
define fp-owner
    eval "monitor owner %lu", (unsigned long)&($arg0)
end
document fp-owner
Who owns a byte now, the CPU or EasyDMA: fp-owner ep0in_buffer[3]
end

define fp-last-writer
    eval "monitor last-writer %lu", (unsigned long)&($arg0)
end
document fp-last-writer
Who wrote a byte last: fp-last-writer ep0in_buffer[3]
end

define fp-who
    fp-owner $arg0
    fp-last-writer $arg0
end
document fp-who
Who owns a byte now, and who wrote it last: fp-who ep0in_buffer[3]
end

define fp-help
    help user-defined
    monitor help
end
document fp-help
All commands that begin with fp-, and all of monitor.
end
