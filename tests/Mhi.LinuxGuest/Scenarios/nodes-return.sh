# seconds: 180
# The modem restarts while its devices are open: those who wait learn it, the devices go, and come back from the same server.
. /scenarios/nodes.sh

# One descriptor is kept through all of it.
holder_is_dead() { ! echo dead >&5; }

serve
for turn in 1 2; do
  cat /dev/$ECHO_NODE > /dev/null 2> /tmp/farewell &
  sleeper=$!
  within 20 waits $sleeper || fail "the reader does not wait: $(cat /proc/$sleeper/wchan)"
  exec 5<> /dev/$ECHO_NODE || fail "the device did not open"
  at_open $AT_NODE
  at AT+CFUN=1,1
  at_close
  within 30 gone $sleeper || fail "the reader still waits after the restart of the modem: $(cat /proc/$sleeper/wchan)"
  wait $sleeper && fail "the reader ended without an error"
  grep -q 'No such device' /tmp/farewell || fail "the reader was told: $(cat /tmp/farewell)"
  within 60 at_least $turn grep -c 'The device is back' /tmp/nodes.err || fail "the modem did not come back: $(cat /tmp/nodes.err)"
  for node in $ALL_NODES; do
    [ -c /dev/$node ] || fail "/dev/$node did not come back with the modem, only: $(ls /dev | grep mhi_ | tr '\n' ' ')"
  done
  holder_is_dead 2> /tmp/refusal || fail "a descriptor from before the restart can still be written to"
  grep -q -e 'No such device' -e 'not connected' /tmp/refusal || fail "the descriptor from before the restart said: $(cat /tmp/refusal)"
  echo_works $ECHO_NODE 4096
  exec 5>&-
done
stop_serving
