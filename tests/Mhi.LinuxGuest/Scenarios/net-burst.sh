# Many packets close together on the data channels, whose doorbells rest in burst mode: none gets lost or stuck.
. /scenarios/lib.sh

wait_for_net
ip addr add 10.9.7.2/24 dev $NET || fail "$NET takes no IPv4 address"
ip link set $NET up || fail "$NET does not come up"

replies() { awk '/^Icmp:/ && !named { for (i = 2; i <= NF; i++) if ($i == "InEchoReps") column = i; named = 1; next }
  /^Icmp:/ { print $column }' /proc/net/snmp; }

wanted=$(($(replies) + 600))
start=$(now)
pids=
for series in 1 2 3 4; do
  ping -c 150 -i 0.005 -W 30 10.9.7.10$series > /tmp/ping$series 2>&1 &
  pids="$pids $!"
done
wait $pids
within 30 at_least $wanted replies ||
  fail "600 requests got $(($(replies) - wanted + 600)) replies: $(grep $NET: /proc/net/dev)"
[ "$(replies)" -eq $wanted ] || fail "600 requests got $(($(replies) - wanted + 600)) replies"
note "600 pings in 4 series: $((($(now) - start) * 10)) ms"
ip link set $NET down
ip addr del 10.9.7.2/24 dev $NET
