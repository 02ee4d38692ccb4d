# What the scenarios with character devices of `mhi nodes --cuse` share. NODES are the devices, SERVER its process.
. /scenarios/lib.sh

ALL_NODES="mhi_emu0_LOOPBACK mhi_emu0_DUN mhi_emu0_DIAG mhi_emu0_MBIM mhi_emu0_IP_HW0_MBIM"
ECHO_NODE=mhi_emu0_LOOPBACK
AT_NODE=mhi_emu0_DUN

load_cuse() {
  local module
  [ ! -c /dev/cuse ] || return 0
  for module in $(cat /modules/node-order); do
    insmod /modules/$module || fail "the module $module does not load"
  done
  within 10 [ -c /dev/cuse ] || fail "there is no /dev/cuse"
}

serving() { grep -q -x /dev/$ECHO_NODE /tmp/nodes; }

server_ended() { [ ! -e /proc/$SERVER ] || grep -q '^State:.*Z' /proc/$SERVER/status 2> /dev/null; }

no_nodes() {
  local node
  for node in $ALL_NODES $ECHO_NODE; do
    [ ! -e /dev/$node ] || return 1
  done
}

# serve [ARGUMENT...]: starts the server and returns when its devices work.
serve() {
  load_cuse
  # What the server before this one printed must not speak for it.
  : > /tmp/nodes
  mhi nodes --cuse --device emulated "$@" > /tmp/nodes 2> /tmp/nodes.err < /dev/null &
  SERVER=$!
  trap 'kill -9 $SERVER 2> /dev/null' EXIT
  within 60 serving || fail "mhi nodes printed no devices but: $(cat /tmp/nodes /tmp/nodes.err)"
}

# Ends the server as a user does; the devices must go with it.
stop_serving() {
  kill -TERM $SERVER
  within 30 server_ended || fail "mhi nodes still runs 30 seconds after SIGTERM"
  wait $SERVER
  local status=$?
  [ $status -eq 143 ] || fail "mhi nodes ended with status $status after SIGTERM: $(cat /tmp/nodes.err)"
  no_nodes || fail "devices are left after the end of mhi nodes: $(ls /dev | grep mhi_ | tr '\n' ' ')"
}

# Whether a process waits inside the kernel for an answer of the server.
waits() { grep -q '^State:.*S (sleeping)' /proc/$1/status 2> /dev/null && grep -q -e fuse -e cuse -e request_wait /proc/$1/wchan 2> /dev/null; }

gone() { [ ! -e /proc/$1 ] || grep -q '^State:.*Z' /proc/$1/status 2> /dev/null; }
