# Idle for the driver's two seconds, the function goes to M3 and D3hot; the next use of a port brings it back to M0.
# seconds: 60
. /scenarios/lib.sh

status=$(modem)/power/runtime_status
is() { [ "$(cat $status)" = "$1" ]; }

resumes() { kernel_log | grep -c 'Entered with PM state: M3, MHI state: M3'; }

# No look at the status after the conversation: a slow machine may be idle for two seconds by then.
for round in 1 2; do
  within 20 is suspended || fail "the function is '$(cat $status)' after 20 idle seconds, not suspended"
  before=$(resumes)
  at_works
  [ "$(resumes)" -gt "$before" ] || fail "the driver did not resume the device for a conversation"
done

kernel_must_say "Allowing M3 transition"
kernel_must_say "State change event to state: M3"
kernel_must_say "State change event to state: M0"
