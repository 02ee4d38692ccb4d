# The network function answers IPv4 and IPv6 ping to any address.
. /scenarios/lib.sh

wait_for_net
ip addr add 10.9.8.2/24 dev $NET || fail "$NET takes no IPv4 address"
ip -6 addr add fd00:9:8::2/64 dev $NET || fail "$NET takes no IPv6 address"
ip link set $NET up || fail "$NET does not come up"

# The kernel's own count of echo replies with a good checksum. The one of ping is no proof: its socket has room for a
# single buffer of the driver, and drops the others when replies come close together.
replies() {
  case $1 in
    ping) awk '/^Icmp:/ && !named { for (i = 2; i <= NF; i++) if ($i == "InEchoReps") column = i; named = 1; next }
      /^Icmp:/ { print $column }' /proc/net/snmp ;;
    ping6) awk '$1 == "Icmp6InEchoReplies" { print $2 }' /proc/net/snmp6 ;;
  esac
}

has_replies() { [ "$(replies $1)" -eq "$2" ]; }

# answered ping|ping6 COUNT OPTIONS... ADDRESS: each request of a series gets exactly one reply.
answered() {
  local ping=$1 count=$2
  shift 2
  local wanted=$(($(replies $ping) + count))
  $ping -c $count -W 5 "$@" > /tmp/ping 2>&1
  within 30 has_replies $ping $wanted ||
    fail "$count requests by '$ping $*' got $(($(replies $ping) - wanted + count)) replies: $(grep $NET: /proc/net/dev)"
  note "$ping $* $(tail -n 1 /tmp/ping)"
}

answered ping 20 -i 0.05 10.9.8.1
answered ping 5 -i 0.05 -s 1200 10.9.8.77
answered ping6 10 -i 0.05 fd00:9:8::1
ip link set $NET down || fail "$NET does not go down"
ip link set $NET up || fail "$NET does not come up again"
answered ping 5 -i 0.05 10.9.8.1
ip link set $NET down
