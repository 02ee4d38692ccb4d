# The network function answers IPv4 and IPv6 ping to any address.
# seconds: 60
. /scenarios/lib.sh

device_present() { [ -e /sys/class/net/$NET ]; }
within 10 device_present || fail "there is no network device $NET, only: $(ls /sys/class/net | tr '\n' ' ')"
ip addr add 10.9.8.2/24 dev $NET || fail "$NET takes no IPv4 address"
ip -6 addr add fd00:9:8::2/64 dev $NET || fail "$NET takes no IPv6 address"
ip link set $NET up || fail "$NET does not come up"

answered() {
  "$@" > /tmp/ping 2>&1 || fail "'$*' failed: $(tail -n 3 /tmp/ping)"
  grep -q ' 0% packet loss' /tmp/ping || fail "'$*' lost packets: $(tail -n 3 /tmp/ping)"
  note "$* $(tail -n 1 /tmp/ping)"
}

answered ping -c 20 -i 0.05 -W 5 10.9.8.1
answered ping -c 5 -i 0.05 -W 5 -s 1200 10.9.8.77
answered ping6 -c 10 -i 0.05 -W 5 fd00:9:8::1
ip link set $NET down || fail "$NET does not go down"
ip link set $NET up || fail "$NET does not come up again"
answered ping -c 5 -i 0.05 -W 5 10.9.8.1
ip link set $NET down
