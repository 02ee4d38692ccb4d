# Each port opens and closes, which starts and resets its two channels, twice in a row.
. /scenarios/lib.sh

for port in $PORTS; do
  for round in 1 2; do
    is_port $port
    exec 3<> /dev/$port || fail "the port $port did not open"
    exec 3<&-
  done
done
