# The device dies under a program, and from then on everything reads as ones: the program ends with a sentence, and in time.
# provokes: vfio-pci .*: .*(device inaccessible|timed out waiting|not ready)
. /scenarios/vfio.sh

bind_vfio
start_running
ask "kill endpoint"
within 20 config_gone || fail "the function still answers: $(hexdump -C $DEVICE/config | head -n 2)"
stops_with 30 'all ones|gone|does not answer'
