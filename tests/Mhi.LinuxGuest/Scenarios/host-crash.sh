# The whole machine stops dead while a port is open: nobody resets the device. What the next guest finds is its own test.
. /scenarios/lib.sh

at_open
at AT
echo "PASS host-crash"
echo c > /proc/sysrq-trigger
