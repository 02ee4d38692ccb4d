# The devices have the mode and the group they were asked for, and only the channels that were named.
. /scenarios/nodes.sh

serve --channel LOOPBACK --mode 0640 --group 20
[ "$(stat -c '%a %u %g' /dev/$ECHO_NODE)" = "640 0 20" ] ||
  fail "expected mode 640, user 0, group 20, found $(stat -c '%a %u %g' /dev/$ECHO_NODE)"
[ ! -e /dev/$AT_NODE ] || fail "DUN was not asked for and is there"

# as USER COMMAND
as() { su -s /bin/sh -c "$2" $1; }

mkdir -p /etc
echo 'root:x:0:0:root:/:/bin/sh' > /etc/passwd
echo 'member:x:1000:20:member:/:/bin/sh' >> /etc/passwd
echo 'other:x:1001:1001:other:/:/bin/sh' >> /etc/passwd
as member "exec 3< /dev/$ECHO_NODE" 2> /tmp/refusal || fail "a member of the group may not read: $(cat /tmp/refusal)"
! as member "exec 3> /dev/$ECHO_NODE" 2> /tmp/refusal || fail "a member of the group may write, with mode 640"
grep -q 'Permission denied' /tmp/refusal || fail "a writer was refused with: $(cat /tmp/refusal)"
! as other "exec 3< /dev/$ECHO_NODE" 2> /tmp/refusal || fail "others may read, with mode 640"
grep -q 'Permission denied' /tmp/refusal || fail "others were refused with: $(cat /tmp/refusal)"
stop_serving
