# Commands for gdb in front of `fencepost debug`: gdb -x scripts/fencepost.gdb firmware.elf
set confirm off
set pagination off
set print pretty on
# The simulator's own commands, shorter: fp-dma is monitor dma.
define fp-status
    monitor status
end
define fp-dma
    monitor dma
end
define fp-findings
    monitor findings
end
define fp-events
    monitor events
end
define fp-restart
    monitor reset halt
    maintenance flush register-cache
end
# Who owns the byte, and who wrote it last: fp-who buffer[3]
define fp-who
    eval "monitor owner %lu", (unsigned long)&($arg0)
    eval "monitor last-writer %lu", (unsigned long)&($arg0)
end
document fp-status
Where CPU, EasyDMA and host are.
end
document fp-dma
Windows that belong to EasyDMA.
end
document fp-findings
Findings so far.
end
document fp-events
What is scheduled.
end
document fp-restart
Power-on reset.
end
document fp-who
Who owns a byte now and who wrote it last, e.g. fp-who ep0in_buffer[3]
end
