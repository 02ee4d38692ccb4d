# seconds: 300
# The same endpoint, channel and program, once through the kernel's own port and once through vfio-pci: how much a second, and how
# long a round trip. The IOMMU passes the kernel's addresses through in one measurement and translates them in the other.
. /scenarios/vfio.sh

PORT=/dev/wwan0at0
SECONDS_EACH=${SECONDS_EACH:-1}

# value NAME: a number of the last report.
value() { sed -n "s/.*\"$1\":\([0-9.]*\).*/\1/p" /tmp/out; }

hashes_equal() { [ -n "$(sed -n 's/.*"sha256Sent":"\([0-9a-f]*\)","sha256Received":"\1".*/equal/p' /tmp/out)" ]; }

# Of devices and of timers, since boot; a program's own lines in /proc/interrupts go with it.
interrupts() { awk '/^intr/ { print $2 }' /proc/stat; }

switches() { awk '/^ctxt/ { print $2 }' /proc/stat; }

# measure PATH NAME SIZE WINDOW OPTION...
measure() {
  local path=$1 size=$2 window=$3
  shift 3
  local interrupts=$(interrupts) switches=$(switches)
  works 60 mhi loopback --size $size --window $window --duration $SECONDS_EACH --json "$@"
  hashes_equal || fail "$path did not bring back what was sent: $(cat /tmp/out)"
  local packets=$(value packets)
  note "path=$path size=$size window=$window bytesPerSecond=$(value bytesPerSecond) p50=$(value p50) packets=$packets" \
    "interrupts=$(($(interrupts) - interrupts)) switches=$(($(switches) - switches))"
}

measure_all() {
  local path=$1
  shift
  measure $path 64 1 "$@"
  measure $path 4096 1 "$@"
  measure $path 4096 32 "$@"
  measure $path 32768 32 "$@"
}

kernel_path() {
  local type=$1
  echo $type > /sys/kernel/iommu_groups/$(group_of $BDF)/type || fail "the group's IOMMU domain cannot be '$type'"
  echo mhi-pci-generic > $DEVICE/driver_override
  echo $BDF > /sys/bus/pci/drivers_probe
  within 60 [ -c $PORT ] || fail "the kernel made no $PORT"
  measure_all kernel-$type --node $PORT
  echo $BDF > /sys/bus/pci/drivers/mhi-pci-generic/unbind || fail "unbind failed"
  echo > $DEVICE/driver_override
}

load_vfio
[ -d /sys/bus/pci/drivers/mhi-pci-generic ] || for module in $(cat /modules/order); do
  insmod /modules/$module || fail "the module $module does not load"
done
[ -e $DEVICE/driver ] && echo $BDF > $DEVICE/driver/unbind
kernel_path identity
kernel_path DMA

works 30 mhi bind $BDF
measure_all vfio --channel DUN --device vfio:$BDF
