# A port closes while messages are queued both ways: echoes fill all buffers the driver offers, since nobody reads, and what
# follows waits in the uplink ring. The next opening finds none of it.
. /scenarios/lib.sh

echo 'module mhi_wwan_ctrl +p' > /proc/dynamic_debug/control || fail "the driver's debug lines cannot be switched on"
dropped() { kernel_count 'mhi_ul_xfer_cb: status: -107'; }

# Rings of 32 elements: 31 echoes, one that waits in the device, and more than 10 that stay in the ring.
messages=45
head -c $((messages * 32768)) /dev/urandom > /tmp/stale
for round in 1 2 3; do
  before=$(dropped)
  is_port $ECHO_PORT
  exec 4<> /dev/$ECHO_PORT || fail "the port $ECHO_PORT did not open in round $round"
  unless_over "the port did not take $messages messages in round $round"
  dd if=/tmp/stale bs=32768 count=$messages >&4 2> /dev/null || fail "writing $messages messages failed"
  exec 4<&-
  at_least $((before + 1)) dropped || fail "no message was queued any more when the port closed"
  echo_works $ECHO_PORT 4097
  echo_works $ECHO_PORT 32768
done

echo 'module mhi_wwan_ctrl -p' > /proc/dynamic_debug/control
