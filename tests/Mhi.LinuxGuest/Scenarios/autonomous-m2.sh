# The device rests by itself: soon after the last transfer it goes to M1 and the host lets it go to M2; device wake or a
# doorbell brings it back to M0. Also with channels running, whose buffers wait meanwhile.
. /scenarios/lib.sh

rests() { kernel_count 'State change event to state: M1'; }
back() { kernel_count 'State change event to state: M0'; }

for round in 1 2 3 4 5; do
  before=$(rests)
  at_works
  within 60 at_least $((before + 1)) rests || fail "the device did not rest after conversation $round"
done

at_open
for round in 1 2 3 4 5; do
  before=$(rests)
  at AT
  within 60 at_least $((before + 1)) rests || fail "the device did not rest with an open port, round $round"
done
before=$(back)
at ATI '[A-Za-z].*'
within 60 at_least $((before + 1)) back || fail "the device did not come back to M0"
at_close
note "rested $(rests) times, came back $(back) times"
