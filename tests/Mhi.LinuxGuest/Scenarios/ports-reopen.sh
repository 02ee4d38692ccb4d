# The ports are those of the profile and no others. Each opens and closes, which starts and resets its two channels, twice in
# a row.
. /scenarios/lib.sh

found=$(cd /dev && ls | grep ^wwan | sort | tr '\n' ' ')
expected=$(echo $PORTS | tr ' ' '\n' | grep . | sort | tr '\n' ' ')
[ "$found" = "$expected" ] || fail "expected the ports '$expected', found '$found'"

for port in $PORTS; do
  for round in 1 2; do
    is_port $port
    exec 3<> /dev/$port || fail "the port $port did not open"
    exec 3<&-
  done
done
