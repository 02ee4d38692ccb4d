# Messages of every interesting length come back unchanged from a port whose function is echo.
# seconds: 90
. /scenarios/lib.sh

for bytes in 1 2 3 4 63 64 65 511 512 4095 4096 4097 16384 32767 32768 65536; do
  echo_works $ECHO_PORT $bytes
done

start=$(now)
echo_works $ECHO_PORT 1048576
note "1 MiB there and back in messages of 4 KiB: $((($(now) - start) * 10)) ms"

is_port $ECHO_PORT
exec 3<> /dev/$ECHO_PORT || fail "the port $ECHO_PORT did not open"
start=$(now)
round=0
while [ $round -lt 100 ]; do
  echo 0123456789 >&3
  read -r answer <&3
  [ "$answer" = 0123456789 ] || fail "round trip $round brought '$answer'"
  round=$((round + 1))
done
note "one round trip of 11 bytes, shell and emulated CPU included: $((($(now) - start) * 100)) us"
exec 3<&-
