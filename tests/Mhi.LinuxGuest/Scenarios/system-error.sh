# The modem restarts at the user's wish: it signals SYS_ERR, the driver resets MHI and starts it anew, the ports come back.
# provokes: mhi mhi0: System error detected$
# provokes: mhi-pci-generic .*: firmware crashed \(6\)$
# The open port is still being refilled with buffers when its channels go.
# provokes: mhi_wwan_ctrl mhi0_DUN: Failed to queue buffer$
. /scenarios/lib.sh

at_open
printf 'AT+CFUN=1,1\r' >&3 || fail "writing AT+CFUN=1,1 to the port failed"
within 60 kernel_said "System error detected" || fail "the kernel saw no SYS_ERR after AT+CFUN=1,1: $(cat /tmp/at)"
within 60 kernel_said "destroy device for chan:DUN" || fail "the kernel kept the channels of the crashed device"
at_close
kernel_must_say "Triggering MHI Reset in device"
within 60 kernel_said "Processing Mission Mode transition" || fail "the device did not come back to mission mode"
wait_for_ports
at_works
# Twice, where the interrupt of the packets before finds SYS_ERR as well: the driver queues a reset for each that does.
resets=$(kernel_log | grep -c 'Triggering MHI Reset in device')
[ $resets -le 2 ] || fail "one SYS_ERR caused $resets resets"
