# A terminal program on the AT device: it sets the line, sends, and shows the answer.
. /scenarios/nodes.sh

serve
unless_over "picocom did not end"
sleep 60 | picocom --quiet --nolock --noreset --baud 115200 --initstring "$(printf 'ATI\r')" --exit-after 5000 /dev/$AT_NODE > /tmp/answer 2>&1 ||
  fail "picocom ended with status $?: $(cat /tmp/answer)"
tr '\r' '\n' < /tmp/answer | grep -q -x OK || fail "picocom showed: $(cat /tmp/answer)"
stop_serving
