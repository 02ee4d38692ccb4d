# The function is pulled out under a program and plugged in again: the program ends with a sentence, and works with the new one.
. /scenarios/vfio.sh

bind_vfio
start_running
monitor '{"execute":"device_del","arguments":{"id":"modem"}}'
stops_with 30 'gone|removed|left|taken'
within 30 device_gone || fail "the function is still there: $(tail -n 3 /tmp/monitor)"
within 30 monitor_said DEVICE_DELETED || fail "the machine did not let go of the function: $(tail -n 3 /tmp/monitor)"
fails 30 "There is no PCI function $BDF|$BDF" $(on_modem loopback --count 1)

monitor '{"execute":"device_add","arguments":{"driver":"vfio-user-pci","id":"modem","bus":"above","socket":{"type":"unix","path":"'$MODEM_SOCKET'"}}}'
within 30 [ -e $DEVICE ] || fail "the function did not come back: $(tail -n 3 /tmp/monitor)"
bind_vfio
modem_works
