# One program has the function; the second one is told so, and does not disturb the first.
. /scenarios/vfio.sh

bind_vfio
start_running
fails 60 'in use' $(on_modem loopback --count 1)
stop_running
