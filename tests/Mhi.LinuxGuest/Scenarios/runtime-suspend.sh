# Idle for the driver's two seconds, the function goes to M3 and D3hot; the next use of a port brings it back to M0.
. /scenarios/lib.sh

status=$(modem)/power/runtime_status
is() { [ "$(cat $status)" = "$1" ]; }

suspends() { kernel_count 'State change event to state: M3'; }
resumes() { kernel_count 'Entered with PM state: M3, MHI state: M3'; }

# The first use starts the driver's two seconds, whatever became of an attempt to suspend before. The status right after a
# conversation says nothing: a slow machine may have been idle for two seconds by then, so the log is what counts.
at_works
for round in 1 2; do
  within 60 is suspended || fail "the function is '$(cat $status)' after 60 idle seconds, not suspended"
  at_least $round suspends || fail "the function is suspended, but the device has not gone to M3 for it"
  before=$(resumes)
  at_works
  at_least $((before + 1)) resumes || fail "the driver did not resume the device for a conversation"
done

kernel_must_say "Allowing M3 transition"
kernel_must_say "State change event to state: M0"
