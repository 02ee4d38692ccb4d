# Messages of every interesting length come back unchanged from a port whose function is echo.
. /scenarios/lib.sh

for bytes in 1 2 3 4 63 64 65 511 512 4095 4096 4097 16384 32767 32768 65536; do
  echo_works $ECHO_PORT $bytes
done
