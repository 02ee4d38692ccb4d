# The function is reset by every means it has: unused, and under a program, which then ends with a sentence.
. /scenarios/vfio.sh

bind_vfio
methods=$(cat $DEVICE/reset_method)
case " $methods " in *" flr "*) ;; *) fail "the function offers no FLR, only: $methods" ;; esac
echo flr > $DEVICE/reset_method
modem_works
echo 1 > $DEVICE/reset || fail "the write to reset failed"
modem_works

start_running
echo 1 > $DEVICE/reset || fail "the write to reset failed under a program"
stops_with 60 'reset|RESET|state|answer'
modem_works
