# Without interrupt remapping the kernel grants one MSI vector, which BHI and all event rings share.
. /scenarios/lib.sh

kernel_log_of_start() { dmesg | grep -q 'using shared MSI'; }
kernel_log_of_start || fail "the driver did not fall back to one shared vector"
at_works
lines=$(grep -c -i -E 'PCI-MSI.*(bhi|mhi)' /proc/interrupts)
[ "$lines" -eq 1 ] || fail "expected one line for the shared vector in /proc/interrupts, found $lines"
