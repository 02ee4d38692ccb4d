# seconds: 260
# The device dies under a program, and from then on everything reads as ones: the program ends with a sentence, and in time. It
# stands still at the moment of the death, and nothing else asks the function: with a message under way just then, QEMU may fail
# an assertion of its own.
# provokes: vfio-pci .*: .*(device inaccessible|timed out waiting|not ready)
. /scenarios/vfio.sh

is_quiet() {
  local before=$(modem_interrupts)
  sleep 0.5
  [ "$(modem_interrupts)" -eq $before ]
}

bind_vfio
start_running
kill -STOP $RUNNING
within 20 is_quiet || fail "the device still interrupts a program that stands still"
ask "kill endpoint"
sleep 3
within 20 config_gone || fail "the function still answers: $(hexdump -C $DEVICE/config | head -n 2)"
kill -CONT $RUNNING
# Linux 6.1 waits a minute for each reset of the device that it tries when the program closes it; 7.3 does not try.
stops_with 200 'all ones|gone|does not answer'
