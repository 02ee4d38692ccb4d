# seconds: 180
# A program that insists on a character device: mbimcli opens a session and asks for the modem's abilities.
. /scenarios/nodes.sh

serve
mbimcli -d /dev/mhi_emu0_MBIM --query-device-caps > /tmp/caps 2>&1 ||
  fail "mbimcli ended with status $?: $(cat /tmp/caps)"
grep -q 'Device capabilities retrieved' /tmp/caps || fail "mbimcli printed: $(cat /tmp/caps)"
stop_serving
