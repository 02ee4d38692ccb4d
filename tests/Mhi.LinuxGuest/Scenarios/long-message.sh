# Downlink messages longer than the driver's buffers of 32768 bytes: each filled buffer ends in OVERFLOW, the last in EOT,
# and the reader gets the message as one stream. The function of the port is source: it sends as many bytes as it is
# asked for, the numbers from 1 on in lines.
. /scenarios/lib.sh

echo 'module mhi_wwan_ctrl +p' > /proc/dynamic_debug/control || fail "the driver's debug lines cannot be switched on"

receives() {
  local bytes=$1
  is_port $SOURCE_PORT
  exec 4<> /dev/$SOURCE_PORT || fail "the port $SOURCE_PORT did not open"
  unless_over "a message of $bytes bytes did not come"
  head -c $bytes <&4 > /tmp/received &
  local reading=$!
  local start=$(now)
  echo $bytes >&4 || fail "writing the request failed"
  wait $reading
  took=$((($(now) - start) * 10))
  exec 4<&-
  [ "$(wc -c < /tmp/received)" -eq $bytes ] || fail "of $bytes bytes $(wc -c < /tmp/received) came"
  seq 200000 | head -c $bytes | cmp -s - /tmp/received || fail "$bytes bytes came with other contents"
}

overflows() { kernel_count 'mhi_dl_xfer_cb: status: -75 receive_len: 32768'; }

# overflow COUNT BYTES: a message of that length fills COUNT buffers without being over.
overflow() {
  local before=$(overflows)
  receives $2
  [ "$(overflows)" -eq $((before + $1)) ] ||
    fail "a message of $2 bytes overflowed $(($(overflows) - before)) buffers, expected $1"
}

overflow 0 1
overflow 0 32768
kernel_must_say 'mhi_dl_xfer_cb: status: 0 receive_len: 32768'
overflow 1 32769
overflow 1 65536
overflow 3 100000
overflow 31 1048576
note "one message of 1 MiB from the device, to a file: $took ms"

# Closed before it was read: the rest of a message is no part of the next one.
exec 4<> /dev/$SOURCE_PORT || fail "the port $SOURCE_PORT did not open"
echo 1048576 >&4 || fail "writing the request failed"
head -c 1000 <&4 > /tmp/received
exec 4<&-
overflow 1 40000
echo 'module mhi_wwan_ctrl -p' > /proc/dynamic_debug/control
