# A writer that is killed while it waits for room: it ends, and the messages of others are whole.
. /scenarios/nodes.sh

serve
exec 5<> /dev/$ECHO_NODE || fail "the device did not open"
for turn in 1 2 3; do
  # Nobody reads: the buffers of modem and host fill up, until the writer waits.
  gnu-dd if=/dev/zero of=/dev/$ECHO_NODE conv=notrunc bs=4096 count=100000 2> /dev/null &
  writer=$!
  within 30 waits $writer || fail "the writer does not wait: $(cat /proc/$writer/wchan)"
  kill -9 $writer
  within 20 gone $writer || fail "the writer is still there 20 seconds after SIGKILL: $(cat /proc/$writer/wchan)"
  wait $writer

  echo "the message of turn $turn" > /tmp/sent
  cat <&5 > /tmp/back &
  reader=$!
  within 20 waits $reader || fail "the reader does not wait for more"
  cat /tmp/sent > /dev/$ECHO_NODE || fail "another process could not write"
  within 20 grep -q -a "the message of turn $turn" /tmp/back || fail "the message of another process did not come back"
  kill -9 $reader
  within 20 gone $reader || fail "the reader is still there 20 seconds after SIGKILL: $(cat /proc/$reader/wchan)"
  wait $reader
  rest=$(($(wc -c < /tmp/back) - $(wc -c < /tmp/sent)))
  [ $((rest % 4096)) -eq 0 ] || fail "the writer that was killed left $rest bytes, no number of whole messages"
done
exec 5>&-
echo_works $ECHO_NODE 4096
stop_serving
