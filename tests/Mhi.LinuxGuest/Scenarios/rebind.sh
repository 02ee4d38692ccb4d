# The driver lets go of the function, which is then READY for the next start, and takes it again.
# provokes: mhi-pci-generic .*: using shared MSI$
. /scenarios/lib.sh

function=$(basename "$(modem)")
for round in 1 2; do
  echo $function > /sys/bus/pci/drivers/mhi-pci-generic/unbind || fail "unbind failed"
  within 60 ports_gone || fail "ports are left after unbind: $(cd /dev && echo wwan*)"
  echo $function > /sys/bus/pci/drivers/mhi-pci-generic/bind || fail "bind failed"
  wait_for_ports
  at_works
done
