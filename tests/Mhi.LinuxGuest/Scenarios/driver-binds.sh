# The stock driver finds the function by its PCI identity, brings MHI to M0 in mission mode and makes the ports.
# seconds: 60
# provokes: mhi-pci-generic .*: using shared MSI$
. /scenarios/lib.sh

for module in $(cat /modules/order); do
  case $module in
    mhi.ko | mhi_pci_generic.ko) insmod /modules/$module dyndbg=+p ;;
    *) insmod /modules/$module ;;
  esac || fail "the module $module does not load"
done

wait_for_ports
[ "$(basename "$(readlink "$(modem)/driver")")" = mhi-pci-generic ] || fail "the function has no driver"
kernel_must_say "MHI PCI device found: $DRIVER\$"
kernel_must_say "Device in READY State"
kernel_must_say "State change event to state: M0"
kernel_must_say "Received EE event: MISSION MODE"
