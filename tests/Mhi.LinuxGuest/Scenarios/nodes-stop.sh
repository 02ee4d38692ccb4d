# SIGTERM ends the server while a reader waits: the reader ends, the devices go, and come back with the next server.
. /scenarios/nodes.sh

serve
cat /dev/$ECHO_NODE > /dev/null 2> /tmp/farewell &
reader=$!
within 20 waits $reader || fail "the reader does not wait: $(cat /proc/$reader/wchan)"
stop_serving
within 20 gone $reader || fail "the reader still waits after the end of the server: $(cat /proc/$reader/wchan)"
wait $reader && fail "the reader ended without an error"
grep -q 'No such device' /tmp/farewell || fail "the reader was told: $(cat /tmp/farewell)"

serve
echo_works $ECHO_NODE 4096
stop_serving
