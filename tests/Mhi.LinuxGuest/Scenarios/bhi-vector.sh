# With several vectors, what the boot loader and SYS_ERR have to say comes on a vector of its own, the one of BHI. To be run
# after a scenario that makes the device use it.
. /scenarios/lib.sh

lines=$(grep -i -E 'PCI-MSI.*bhi' /proc/interrupts)
[ -n "$lines" ] || fail "no vector is that of BHI"
count=$(echo "$lines" | awk '{ for (i = 2; i <= NF && $i ~ /^[0-9]+$/; i++) sum += $i } END { print sum + 0 }')
[ "$count" -gt 0 ] || fail "the vector of BHI never fired: $lines"
note "the vector of BHI fired $count times"
