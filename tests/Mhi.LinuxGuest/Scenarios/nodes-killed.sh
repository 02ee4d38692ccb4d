# SIGKILL ends the server while a reader waits: nothing hangs, the devices go, and come back with the next server.
. /scenarios/nodes.sh

serve
cat /dev/$ECHO_NODE > /dev/null 2> /tmp/farewell &
reader=$!
within 20 waits $reader || fail "the reader does not wait: $(cat /proc/$reader/wchan)"
kill -9 $SERVER
within 20 server_ended || fail "the server is still there 20 seconds after SIGKILL"
wait $SERVER
within 20 gone $reader || fail "the reader still waits after the death of the server: $(cat /proc/$reader/wchan)"
wait $reader && fail "the reader ended without an error"
within 20 no_nodes || fail "devices are left after the death of the server: $(ls /dev | grep mhi_ | tr '\n' ' ')"

serve
echo_works $ECHO_NODE 4096
stop_serving
