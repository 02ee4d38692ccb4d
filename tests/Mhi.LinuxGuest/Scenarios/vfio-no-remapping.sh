# Without interrupt remapping the kernel takes the device for unsafe, and says so; with its leave all works, with one vector.
# provokes: vfio_iommu_type1_attach_group: No interrupt remapping
# provokes: vfio_iommu_type1_attach_group: Device is not safe
. /scenarios/vfio.sh

bind_vfio
fails 30 'interrupt remapping.*allow_unsafe_interrupts' $(on_modem loopback)
fails 30 'interrupt remapping.*allow_unsafe_interrupts' $(on_modem doctor)
note "$(tail -n 1 /tmp/out)"
echo 1 > /sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts || fail "the parameter cannot be set"
modem_works
start_running
[ "$(modem_vectors)" -eq 1 ] || fail "expected one vector, found: $(grep vfio /proc/interrupts)"
stop_running
printf 'AT\nATI\n' > /tmp/script
timeout -s KILL 60 mhi at --device vfio:$BDF < /tmp/script > /tmp/out 2> /tmp/err || fail "mhi at ended with status $?: $(cat /tmp/out /tmp/err)"
