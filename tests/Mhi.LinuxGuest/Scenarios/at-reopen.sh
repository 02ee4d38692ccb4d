# Each close resets both channels of the port and each open starts them again, also with an answer nobody has read.
. /scenarios/lib.sh

for round in 1 2 3 4 5; do
  at_works
done

is_port wwan0at0
exec 3<> /dev/wwan0at0 || fail "the port did not open"
printf 'ATI\rAT+CSQ\r' >&3 || fail "writing failed"
exec 3<&-
at_works
kernel_must_say "mhi0_DUN: 32: successfully reset"
kernel_must_say "mhi0_DUN: 33: successfully reset"
