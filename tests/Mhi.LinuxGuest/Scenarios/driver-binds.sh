# The stock driver finds the function by its PCI identity, brings MHI to M0 in mission mode and makes the ports.
# provokes: mhi-pci-generic .*: using shared MSI$
. /scenarios/lib.sh

load_driver
wait_for_ports
wait_for_net
[ "$(basename "$(readlink "$(modem)/driver")")" = mhi-pci-generic ] || fail "the function has no driver"
kernel_must_say "MHI PCI device found: $DRIVER\$"
kernel_must_say "Device in READY State"
kernel_must_say "State change event to state: M0"
kernel_must_say "Received EE event: MISSION MODE"
