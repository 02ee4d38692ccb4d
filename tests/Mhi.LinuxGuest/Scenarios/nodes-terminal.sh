# The requests of terminals reach the AT device, and what is set is remembered.
. /scenarios/nodes.sh

serve
exec 3<> /dev/$AT_NODE || fail "the device did not open"
stty raw -echo 9600 <&3 2> /tmp/stty || fail "stty could not set the device: $(cat /tmp/stty)"
[ "$(stty speed <&3)" = 9600 ] || fail "expected 9600 bauds, found $(stty speed <&3)"
stty 115200 <&3 2> /tmp/stty || fail "stty could not set the speed: $(cat /tmp/stty)"
[ "$(stty speed <&3)" = 115200 ] || fail "expected 115200 bauds, found $(stty speed <&3)"
stty -a <&3 2> /dev/null | grep -q -e '-echo\b' || fail "echo is not off: $(stty -a <&3)"
exec 3<&-
at_open $AT_NODE
at AT
at_close
stop_serving
