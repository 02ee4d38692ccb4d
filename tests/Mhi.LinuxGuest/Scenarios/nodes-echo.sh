# seconds: 150
# Every channel is a character device, and what is written to LOOPBACK comes back.
. /scenarios/nodes.sh

serve
for node in $ALL_NODES; do
  [ -c /dev/$node ] || fail "/dev/$node is no character device: $(ls -l /dev/$node)"
done
for bytes in 1 2 3 63 64 65 511 512 4095 4096 4097 16384 32768 65536; do
  echo_works $ECHO_NODE $bytes
done
mhi loopback --node /dev/$ECHO_NODE --count 256 > /tmp/summary 2>&1 || fail "mhi loopback ended with status $?: $(cat /tmp/summary)"
grep -q 'equal on both sides' /tmp/summary || fail "mhi loopback found no equal hashes: $(cat /tmp/summary)"
stop_serving
