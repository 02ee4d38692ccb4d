# A serial port behind the same bridge is in the modem's group, and the kernel uses it: the group goes to nobody.
. /scenarios/vfio.sh

load_vfio
mate=$(ls $DEVICE/iommu_group/devices | while read -r function; do
  case $(cat /sys/bus/pci/devices/$function/class) in 0x0700*) echo $function ;; esac
done)
[ -n "$mate" ] || fail "there is no serial port in the group: $(ls $DEVICE/iommu_group/devices | tr '\n' ' ')"
[ -e /sys/bus/pci/devices/$mate/driver ] || fail "no driver has the serial port $mate"
driver=$(driver_of $mate)
fails 30 "shares IOMMU group.*$mate.*$driver" mhi bind $BDF

# Bound by hand, the kernel still refuses the group.
bind_vfio
fails 30 "shares IOMMU group.*$mate.*$driver" $(on_modem loopback)
fails 30 "shares IOMMU group.*$mate.*$driver" $(on_modem doctor)
note "$(tail -n 1 /tmp/out)"
echo $mate > /sys/bus/pci/drivers/$driver/unbind || fail "unbinding the serial port failed"
