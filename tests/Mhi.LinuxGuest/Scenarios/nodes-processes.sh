# Two processes on one device; a reader that is killed while it waits takes nothing with it.
. /scenarios/nodes.sh

serve
cat /dev/$ECHO_NODE > /tmp/received &
first=$!
within 20 waits $first || fail "the reader does not wait: $(cat /proc/$first/status | head -n 3) in $(cat /proc/$first/wchan)"
echo "from another process" > /dev/$ECHO_NODE
within 20 grep -q -x 'from another process' /tmp/received || fail "the reader did not get what another process wrote: $(cat /tmp/received)"

within 20 waits $first || fail "the reader does not wait again"
exec 4<> /dev/$ECHO_NODE || fail "the device did not open again"
kill -9 $first
within 20 gone $first || fail "the reader is still there 20 seconds after SIGKILL: $(cat /proc/$first/wchan)"
echo "after the kill" >&4
unless_over "the message after the kill did not come back"
read -r line <&4
[ "$line" = "after the kill" ] || fail "expected 'after the kill', read '$line'"
exec 4<&-
echo_works $ECHO_NODE 4096
stop_serving
