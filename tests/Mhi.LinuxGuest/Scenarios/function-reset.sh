# A function level reset through sysfs: the driver resets the device, PCI resets the function, all starts anew.
# provokes: mhi-pci-generic .*: using shared MSI$
. /scenarios/lib.sh

grep -q flr "$(modem)/reset_method" || fail "the function offers no FLR, only: $(cat "$(modem)/reset_method")"
echo flr > "$(modem)/reset_method"
at_works
echo 1 > "$(modem)/reset" || fail "the write to reset failed"
wait_for_ports
within 60 kernel_said "Received EE event: MISSION MODE" || fail "the device did not start again after the reset"
wait_for_ports
at_works
