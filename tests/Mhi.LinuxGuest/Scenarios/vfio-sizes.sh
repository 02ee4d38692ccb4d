# seconds: 180
# Packets of every interesting length come back unchanged, each length in a program of its own: the function is opened, powered up
# and given back again and again.
. /scenarios/vfio.sh

bind_vfio
for bytes in 1 3 4 63 64 65 511 4095 4096 4097 16384 32767 32768 65535; do
  works 60 $(on_modem loopback --size $bytes --count 40 --json)
  grep -q "\"bytesReceived\":$((40 * bytes))," /tmp/out || fail "not all packets of $bytes bytes came back: $(cat /tmp/out)"
  [ -n "$(sed -n 's/.*"sha256Sent":"\([0-9a-f]*\)","sha256Received":"\1".*/equal/p' /tmp/out)" ] ||
    fail "packets of $bytes bytes came back with other contents: $(cat /tmp/out)"
done
