# What the scenarios share. SCENARIO is the running one; /scenarios/settings says what this boot has to offer.
. /scenarios/settings

# Ends the scenario; the text says what was expected and what came instead.
fail() {
  echo "$*" | tr '\r\n' '  ' > /tmp/reason
  exit 1
}

# What the report says when the scenario's time is up in the next steps.
unless_over() { echo "$* within the scenario's time" | tr '\r\n' '  ' > /tmp/reason; }

# A measured value for the reader of the report.
note() { echo "NOTE $SCENARIO $*"; }

# within SECONDS COMMAND...: true as soon as the command is, false when it never was.
within() {
  local tenths=$(($1 * 10))
  shift
  until "$@"; do
    tenths=$((tenths - 1))
    [ $tenths -gt 0 ] || return 1
    sleep 0.1
  done
}

not() { ! "$@"; }

# at_least COUNT COMMAND...: true when the command prints that number or a greater one.
at_least() {
  local wanted=$1
  shift
  [ "$("$@")" -ge "$wanted" ]
}

# The kernel's log since this scenario began.
kernel_log() { dmesg | sed -n "/mhi-guest: begin $SCENARIO\$/,\$p"; }

kernel_said() { kernel_log | grep -q -e "$1"; }

# How often the kernel said it.
kernel_count() { kernel_log | grep -c -e "$1"; }

kernel_must_say() { within 30 kernel_said "$1" || fail "the kernel did not say '$1'"; }

# Loads the drivers under test; those that tell of each protocol step do so.
load_driver() {
  local module
  for module in $(cat /modules/order); do
    case $module in
      mhi.ko | mhi_pci_generic.ko) insmod /modules/$module dyndbg=+p ;;
      *) insmod /modules/$module ;;
    esac || fail "the module $module does not load"
  done
}

# The modem's folder in sysfs: the only PCI function that is no part of the emulated PC.
modem() {
  local function
  for function in /sys/bus/pci/devices/*; do
    case $(cat "$function/vendor") in
      0x8086 | 0x1b36 | 0x1234) ;;
      *)
        echo "$function"
        return 0
        ;;
    esac
  done
  return 1
}

ports_present() {
  local port
  for port in $PORTS; do
    [ -c /dev/$port ] || return 1
  done
}

ports_gone() {
  local port
  for port in $PORTS; do
    [ ! -e /dev/$port ] || return 1
  done
}

wait_for_ports() {
  within 60 ports_present || fail "expected the ports $PORTS, found: $(cd /dev && echo wwan*)"
}

# The network device that this boot must have, if any.
wait_for_net() {
  [ -z "${NET-}" ] || within 60 [ -e /sys/class/net/$NET ] ||
    fail "there is no network device $NET, only: $(ls /sys/class/net | tr '\n' ' ')"
}

# Opening a name that is no device would make a file of that name.
is_port() { [ -c /dev/$1 ] || fail "there is no port $1, only: $(cd /dev && echo wwan*)"; }

# at_open [PORT]: a session on descriptor 3; all that the modem says goes to /tmp/at.
at_open() {
  : > /tmp/at
  is_port ${1:-wwan0at0}
  exec 3<> /dev/${1:-wwan0at0} || fail "the port ${1:-wwan0at0} did not open"
  cat <&3 >> /tmp/at &
  reader=$!
}

at_close() {
  kill $reader
  wait $reader 2> /dev/null
  exec 3<&-
}

# at_says PATTERN: true when a whole line of the answer so far matches.
at_says() { tr '\r' '\n' < /tmp/at | grep -q -x -E -e "$1"; }

# at COMMAND [PATTERN]: sends a command; the answer must have a line like PATTERN and end in OK.
at() {
  : > /tmp/at
  printf '%s\r' "$1" >&3 || fail "writing $1 to the port failed"
  within 30 at_says OK || fail "$1 was not answered with OK but with: $(cat /tmp/at)"
  [ -z "${2-}" ] || at_says "$2" || fail "the answer to $1 has no line like '$2': $(cat /tmp/at)"
}

# The shortest proof that a port works.
at_works() {
  at_open
  at AT
  at_close
}

# echo_works PORT BYTES [BLOCK]: random bytes there and back, as messages of BLOCK bytes; more than 32768 a port does not
# take at once.
echo_works() {
  local port=$1 bytes=$2 block=$2 count=1
  if [ $bytes -gt 32768 ]; then
    block=${3:-4096}
    count=$((bytes / block))
  fi
  head -c $bytes /dev/urandom > /tmp/sent
  is_port $port
  exec 4<> /dev/$port || fail "the port $port did not open"
  # No 'timeout' in front: it leaves a process that keeps the port open for another second.
  unless_over "$bytes bytes written to $port did not all come back"
  head -c $bytes <&4 > /tmp/received &
  local reading=$!
  dd if=/tmp/sent bs=$block count=$count >&4 2> /dev/null || fail "writing $bytes bytes to $port failed"
  wait $reading
  exec 4<&-
  cmp -s /tmp/sent /tmp/received ||
    fail "$bytes bytes written to $port came back as $(wc -c < /tmp/received) bytes, or with other contents"
}

# The seconds since boot, in hundredths.
now() { cut -d ' ' -f 1 /proc/uptime | tr -d .; }
