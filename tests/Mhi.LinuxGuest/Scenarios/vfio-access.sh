# Without being root: what is missing is said, and with the group's device node and enough locked memory all works.
# provokes: vfio_pin_pages_remote: RLIMIT_MEMLOCK
. /scenarios/vfio.sh

bind_vfio
mkdir -p /etc
echo 'root:x:0:0:root:/:/bin/sh' > /etc/passwd
echo 'member:x:1000:20:member:/:/bin/sh' >> /etc/passwd
node=/dev/vfio/$(group_of $BDF)


with_memlock() {
  (
    ulimit -l $1 || fail "the limit of locked memory cannot be $1"
    shift
    "$@"
  ) || exit 1
}

run="mhi loopback --device vfio:$BDF --count 64"
with_memlock unlimited fails 60 "ermission.*$node" su -s /bin/sh member -c "$run"
with_memlock unlimited fails 60 "ermission.*$node" su -s /bin/sh member -c "mhi doctor --device vfio:$BDF"
chown 1000 $node
with_memlock 64 fails 60 'locked memory.*64' su -s /bin/sh member -c "$run"
with_memlock 64 fails 60 'locked memory.*64' su -s /bin/sh member -c "mhi doctor --device vfio:$BDF"
with_memlock unlimited works 60 su -s /bin/sh member -c "$run"
grep -q 'equal on both sides' /tmp/out || fail "mhi loopback found no equal hashes: $(cat /tmp/out /tmp/err)"
with_memlock unlimited works 60 su -s /bin/sh member -c "mhi doctor --device vfio:$BDF"
chown 0 $node
