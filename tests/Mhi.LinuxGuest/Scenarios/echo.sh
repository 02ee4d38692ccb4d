# Messages of every interesting length come back unchanged from a port whose function is echo.
# seconds: 90
. /scenarios/lib.sh

for bytes in 1 2 3 4 63 64 65 511 512 4095 4096 4097 16384 32767 32768 65536; do
  echo_works $ECHO_PORT $bytes
done

start=$(now)
echo_works $ECHO_PORT 1048576
hundredths=$(($(now) - start))
note "1 MiB there and back in messages of 4 KiB: $((hundredths * 10)) ms"
