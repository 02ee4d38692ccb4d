# How fast a port is, for the reader of the report: nothing here fails for being slow.
. /scenarios/lib.sh

for block in 4096 32768; do
  start=$(now)
  echo_works $ECHO_PORT 1048576 $block
  note "1 MiB there and back in messages of $block bytes: $((($(now) - start) * 10)) ms"
done

is_port $ECHO_PORT
exec 3<> /dev/$ECHO_PORT || fail "the port $ECHO_PORT did not open"
start=$(now)
round=0
unless_over "the round trips did not end"
while [ $round -lt 100 ]; do
  echo 0123456789 >&3
  read -r answer <&3
  [ "$answer" = 0123456789 ] || fail "round trip $round brought '$answer'"
  round=$((round + 1))
done
note "a round trip of 11 bytes, mean of 100, with the guest's shell: $((($(now) - start) * 100)) us"
exec 3<&-
