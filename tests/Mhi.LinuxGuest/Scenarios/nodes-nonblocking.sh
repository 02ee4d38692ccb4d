# O_NONBLOCK, as the dd of coreutils asks for it: an empty device has nothing, a full one takes no more, and neither hangs.
. /scenarios/nodes.sh

full() {
  gnu-dd if=/dev/zero of=/dev/$ECHO_NODE oflag=nonblock conv=notrunc bs=4096 count=1000 2> /tmp/refusal && return 1
  grep -q 'Resource temporarily unavailable' /tmp/refusal
}

serve
exec 5<> /dev/$ECHO_NODE || fail "the device did not open"
unless_over "a read with O_NONBLOCK did not return"
! gnu-dd if=/dev/$ECHO_NODE of=/dev/null iflag=nonblock bs=4096 count=1 2> /tmp/refusal || fail "an empty device was read: $(cat /tmp/refusal)"
grep -q 'Resource temporarily unavailable' /tmp/refusal || fail "an empty device said: $(cat /tmp/refusal)"

unless_over "a write with O_NONBLOCK did not return"
within 20 full || fail "a device that nobody reads took everything, or said: $(cat /tmp/refusal)"

# What was taken comes back, and then the device is empty again.
unless_over "what was written did not come back"
cat <&5 > /tmp/back &
reader=$!
within 20 at_least 65536 sh -c 'wc -c < /tmp/back' || fail "only $(wc -c < /tmp/back) bytes came back"
within 20 waits $reader || fail "the reader does not wait for more"
kill $reader
wait $reader
[ $(($(wc -c < /tmp/back) % 4096)) -eq 0 ] || fail "what came back is no number of whole messages: $(wc -c < /tmp/back) bytes"
exec 5>&-
echo_works $ECHO_NODE 4096
stop_serving
