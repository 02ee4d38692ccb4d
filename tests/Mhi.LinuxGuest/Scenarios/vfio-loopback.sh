# seconds: 240
# 64 MiB there and back with equal hashes, each event ring with an interrupt vector of its own.
. /scenarios/vfio.sh

bind_vfio
start=$(now)
works 200 $(on_modem loopback --count 16384 --size 4096 --json)
grep -q '"bytesReceived":67108864' /tmp/out || fail "not all of 64 MiB came back: $(cat /tmp/out)"
[ -n "$(sed -n 's/.*"sha256Sent":"\([0-9a-f]*\)","sha256Received":"\1".*/equal/p' /tmp/out)" ] || fail "the hashes differ: $(cat /tmp/out)"
grep -q '"allocatedBytes":0' /tmp/out || fail "the run allocated: $(cat /tmp/out)"
note "64 MiB there and back, start and end included: $((($(now) - start) * 10)) ms"

start_running
[ "$(modem_vectors)" -ge "$VECTORS" ] || fail "expected $VECTORS vectors, found: $(grep vfio /proc/interrupts)"
note "$(grep vfio-msi /proc/interrupts | awk '{ print $NF, $2 + $3 }' | tr '\n' ' ')"
stop_running
