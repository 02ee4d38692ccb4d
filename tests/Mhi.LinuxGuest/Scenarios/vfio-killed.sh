# A program that is killed in the middle leaves nothing behind: the kernel takes interrupts, bus mastering and mappings away from
# the device, and the next program finds it as if nothing had been.
. /scenarios/vfio.sh

bind_vfio
for round in 1 2 3; do
  start_running
  is_bus_master || fail "the function is no bus master while a program uses it"
  kill -9 $RUNNING
  within 20 ended || fail "the program is still there 20 seconds after SIGKILL"
  wait $RUNNING
  [ "$(modem_vectors)" -eq 0 ] || fail "vectors are left: $(grep vfio /proc/interrupts)"
  ! is_bus_master || fail "the function is still bus master"
  modem_works
done
