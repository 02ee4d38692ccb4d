# What the scenarios on vfio-pci share. The modem sits behind a root port or a bridge, or else on the root bus; the function
# that strays, if there is one, always on the root bus.
. /scenarios/lib.sh

load_vfio() {
  local module
  [ ! -c /dev/vfio/vfio ] || return 0
  for module in $(cat /modules/vfio-order); do
    insmod /modules/$module "$@" || fail "the module $module does not load"
  done
  within 10 [ -c /dev/vfio/vfio ] || fail "there is no /dev/vfio/vfio"
}

# The modems' addresses, such as 0000:01:00.0, those behind a port or bridge first.
modems() {
  local function
  for function in /sys/bus/pci/devices/*; do
    case $(cat "$function/vendor") in
      0x8086 | 0x1b36 | 0x1234) ;;
      *) basename "$function" ;;
    esac
  done | sort -r
}

BDF=$(modems | head -n 1)
STRAY=$(modems | tail -n 1)
DEVICE=/sys/bus/pci/devices/$BDF

driver_of() { basename "$(readlink /sys/bus/pci/devices/$1/driver)"; }

group_of() { basename "$(readlink /sys/bus/pci/devices/$1/iommu_group)"; }

# Gives a function to vfio-pci with the shell alone.
bind_vfio() {
  local function=${1:-$BDF}
  load_vfio
  [ "$(driver_of $function)" != vfio-pci ] || return 0
  echo vfio-pci > /sys/bus/pci/devices/$function/driver_override || fail "driver_override of $function was not taken"
  [ ! -e /sys/bus/pci/devices/$function/driver ] || echo $function > /sys/bus/pci/devices/$function/driver/unbind
  echo $function > /sys/bus/pci/drivers_probe || fail "probing $function failed"
  [ "$(driver_of $function)" = vfio-pci ] || fail "vfio-pci did not take $function, it has '$(driver_of $function)'"
  within 10 [ -c /dev/vfio/$(group_of $function) ] || fail "there is no /dev/vfio/$(group_of $function)"
}

unbind_vfio() {
  local function=${1:-$BDF}
  [ "$(driver_of $function)" = vfio-pci ] || return 0
  echo $function > /sys/bus/pci/drivers/vfio-pci/unbind || fail "unbinding $function failed"
  echo > /sys/bus/pci/devices/$function/driver_override
}

# runs SECONDS COMMAND...: what the command prints goes to /tmp/out and /tmp/err; its end within that time is part of it.
runs() {
  local limit=$1
  shift
  unless_over "$* did not end"
  timeout -s KILL $limit "$@" > /tmp/out 2> /tmp/err < /dev/null
  local status=$?
  [ $status -ne 137 ] || fail "$* still ran after $limit seconds: $(cat /tmp/out /tmp/err)"
  return $status
}

# works SECONDS COMMAND...: the command succeeds.
works() { runs "$@" || fail "$* ended with status $?: $(cat /tmp/out /tmp/err)"; }

# fails SECONDS PATTERN COMMAND...: the command fails by itself, and its error says so.
fails() {
  local limit=$1 pattern=$2
  shift 2
  ! runs $limit "$@" || fail "$* succeeded: $(cat /tmp/out /tmp/err)"
  cat /tmp/out /tmp/err | tr '\n' ' ' | grep -q -E -e "$pattern" ||
    fail "$* did not say '$pattern' but: $(cat /tmp/out /tmp/err)"
}

# A command of QEMU's monitor, as JSON; its answer must be a good one.
monitor() {
  if [ -z "${MONITOR-}" ]; then
    exec 7<> /dev/ttyS2 || fail "the port to the monitor did not open"
    stty raw -echo <&7
    : > /tmp/monitor
    cat <&7 >> /tmp/monitor &
    MONITOR=$!
    trap 'kill -9 $MONITOR 2> /dev/null' EXIT
    # A byte that is no JSON ends whatever came before.
    printf '\377\n' >&7
    monitor '{"execute":"qmp_capabilities"}'
  fi
  local before=$(grep -c '"return"' /tmp/monitor)
  printf '%s\n' "$1" >&7
  within 20 at_least $((before + 1)) grep -c '"return"' /tmp/monitor || fail "the monitor's answer to $1: $(tail -n 3 /tmp/monitor)"
}

monitor_said() { grep -q -e "$1" /tmp/monitor; }

# Asks the machine outside for something.
ask() {
  exec 6> /dev/ttyS3 || fail "the port for requests did not open"
  stty raw -echo < /dev/ttyS3
  echo "$1" >&6
  exec 6>&-
}

device_gone() { [ ! -e $DEVICE ]; }

# All ones: the BAR of a function that is no more.
config_gone() { [ "$(head -c 2 $DEVICE/config | hexdump -e '1/2 "%04x"')" = ffff ]; }

# The program on the modem: mhi COMMAND --device vfio:... OPTION...
on_modem() {
  local command=$1
  shift
  echo mhi $command --device vfio:$BDF "$@"
}

# A short run with equal hashes: the modem works.
modem_works() {
  works 60 $(on_modem loopback --count 64)
  grep -q 'equal on both sides' /tmp/out || fail "mhi loopback found no equal hashes: $(cat /tmp/out /tmp/err)"
}

flows() { at_least 50 modem_interrupts; }

flows_or_ended() { ended || flows; }

# Starts a run that does not end by itself, as RUNNING, and returns when packets flow.
start_running() {
  mhi loopback --device vfio:${1:-$BDF} --duration 300 > /tmp/running 2>&1 < /dev/null &
  RUNNING=$!
  trap 'kill -9 $RUNNING ${MONITOR-} 2> /dev/null' EXIT
  within 60 flows_or_ended
  flows || fail "no interrupts came for the program, it says: $(cat /tmp/running)"
}

ended() { [ ! -e /proc/$RUNNING ] || grep -q '^State:.*Z' /proc/$RUNNING/status 2> /dev/null; }

# Ends the run as a user does; nothing may have been wrong with it.
stop_running() {
  kill -TERM $RUNNING
  within 20 ended || fail "the program still runs 20 seconds after SIGTERM: $(cat /tmp/running)"
  wait $RUNNING
  local status=$?
  [ $status -eq 143 ] || fail "the program ended with status $status after SIGTERM: $(cat /tmp/running)"
  grep -q 'equal on both sides' /tmp/running || fail "the program found no equal hashes: $(cat /tmp/running)"
}

# stops_with SECONDS PATTERN: the run ends by itself, with a status of failure and such a sentence.
stops_with() {
  within $1 ended || fail "the program still runs $1 seconds later and says: $(cat /tmp/running); it waits in $(cat /proc/$RUNNING/task/*/wchan 2> /dev/null)"
  wait $RUNNING
  local status=$?
  [ $status -eq 1 ] || fail "the program ended with status $status: $(cat /tmp/running)"
  tr '\n' ' ' < /tmp/running | grep -q -E -e "$2" || fail "the program did not say '$2' but: $(cat /tmp/running)"
  note "$(tail -n 1 /tmp/running)"
}

# The vectors that a program has on the modem, and how often they fired.
modem_vectors() { grep -c "vfio-msi.*$BDF" /proc/interrupts; }

modem_interrupts() {
  awk -v name="vfio-msi.*$BDF" '$0 ~ name { for (i = 2; i <= NF && $i ~ /^[0-9]+$/; i++) sum += $i } END { print sum + 0 }' /proc/interrupts
}

is_bus_master() { [ $((0x$(hexdump -s 4 -n 2 -e '1/2 "%04x"' $DEVICE/config) & 4)) -ne 0 ]; }
