# The way of a function from the kernel to a program, as the commands for it tell and do it: list, doctor, bind, unbind.
. /scenarios/vfio.sh

works 30 mhi list
grep -q -e "$BDF.*105b:e0ab" /tmp/out || fail "mhi list does not show $BDF: $(cat /tmp/out)"
fails 30 "bound to no driver.*mhi bind $BDF" $(on_modem doctor)
fails 30 'vfio-pci is not loaded.*modprobe vfio-pci' mhi bind $BDF

load_vfio
works 30 mhi bind $BDF --dry-run
grep -q -e driver_override /tmp/out || fail "the dry run does not show what it would write: $(cat /tmp/out)"
[ ! -e $DEVICE/driver ] || fail "the dry run bound the function to $(driver_of $BDF)"
fails 30 "$BDF is bound to no driver.*mhi bind $BDF" $(on_modem loopback)

works 30 mhi bind $BDF
[ "$(driver_of $BDF)" = vfio-pci ] || fail "$BDF is bound to '$(driver_of $BDF)' after mhi bind"
works 30 mhi list
grep -q -e "$BDF.*vfio-pci" /tmp/out || fail "mhi list does not show that $BDF is bound to vfio-pci: $(cat /tmp/out)"
works 60 $(on_modem doctor)
note "$(tail -n 1 /tmp/out)"

works 30 mhi unbind $BDF
[ "$(driver_of $BDF)" != vfio-pci ] || fail "$BDF is still bound to vfio-pci after mhi unbind"
