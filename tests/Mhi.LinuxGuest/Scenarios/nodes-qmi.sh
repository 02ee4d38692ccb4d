# seconds: 180
# qmicli on the device of a QMI channel: it allocates a client and asks who made the modem.
. /scenarios/nodes.sh

ECHO_NODE=mhi_emu0_QMI
serve --profile qcom-sdx55m --channel QMI
qmicli -d /dev/$ECHO_NODE --device-open-qmi --dms-get-manufacturer > /tmp/maker 2>&1 || fail "qmicli ended with status $?: $(cat /tmp/maker)"
grep -q 'Manufacturer: ' /tmp/maker || fail "qmicli printed: $(cat /tmp/maker)"
stop_serving
