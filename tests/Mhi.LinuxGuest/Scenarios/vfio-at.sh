# A conversation over DUN, twice: plain AT, identification, signal quality.
. /scenarios/vfio.sh

bind_vfio
for turn in 1 2; do
  printf 'AT\nATI\nAT+CSQ\n' > /tmp/script
  unless_over "mhi at did not end"
  timeout -s KILL 60 mhi at --device vfio:$BDF < /tmp/script > /tmp/out 2> /tmp/err || fail "mhi at ended with status $?: $(cat /tmp/out /tmp/err)"
  tr '\r' '\n' < /tmp/out > /tmp/lines
  [ "$(grep -c -x OK /tmp/lines)" -eq 3 ] || fail "expected three times OK, found: $(cat /tmp/out)"
  grep -q -E -x '\+CSQ: [0-9]+,[0-9]+' /tmp/lines || fail "AT+CSQ was not answered: $(cat /tmp/out)"
done
