# socat waits with select: it copies both ways at once.
. /scenarios/nodes.sh

serve
head -c 65536 /dev/urandom > /tmp/sent
mkfifo /tmp/to
unless_over "socat did not bring everything back"
socat -b 4096 - /dev/$ECHO_NODE < /tmp/to > /tmp/back 2> /tmp/socat.err &
copier=$!
exec 6> /tmp/to
cat /tmp/sent >&6
within 60 at_least 65536 sh -c 'wc -c < /tmp/back' || fail "socat brought back $(wc -c < /tmp/back) bytes of 65536: $(cat /tmp/socat.err)"
exec 6>&-
wait $copier || fail "socat ended with status $?: $(cat /tmp/socat.err)"
cmp -s /tmp/sent /tmp/back || fail "socat brought back other bytes"
rm /tmp/to
stop_serving
