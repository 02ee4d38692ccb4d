# With interrupt remapping each event ring has its own MSI vector. Behind a conversation and pings, at least those of the
# control ring and of a data ring have counted up.
. /scenarios/lib.sh

lines() { grep -i -E 'PCI-MSI.*(bhi|mhi)' /proc/interrupts; }
total() { lines | awk '{ for (i = 2; i <= NF && $i ~ /^[0-9]+$/; i++) sum += $i } END { print sum + 0 }'; }
silent() { lines | awk '{ sum = 0; for (i = 2; i <= NF && $i ~ /^[0-9]+$/; i++) sum += $i; if (sum == 0) n++ } END { print n + 0 }'; }

found=$(lines | wc -l)
[ "$found" -eq "$VECTORS" ] || fail "expected $VECTORS vectors, found $found: $(lines)"
before=$(total)
at_works
[ "$(total)" -gt "$before" ] || fail "a conversation raised no interrupt"
[ "$(silent)" -lt "$((VECTORS - 1))" ] ||
  fail "all interrupts arrive on one vector: $(lines)"
note "$(lines | awk '{ print $NF, $2, $3 }' | tr '\n' ' ')"
