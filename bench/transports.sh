#!/usr/bin/env bash
# Measures the device in the same process against one behind a socket, in the same run, and prints a Markdown table:
#   bench/transports.sh            about a minute and a build
#   bench/transports.sh --short    fewer rounds: for a look, not for publishing
#   bench/transports.sh --update   also puts the table into docs/performance.md
# Standard output belongs to the result alone.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
rounds=5
update=

fail() {
  echo "$1" >&2
  exit 1
}

for argument in "$@"; do
  case $argument in
    --short) rounds=1 ;;
    --update) update=yes ;;
    *)
      echo "Usage: bench/transports.sh [--short] [--update]" >&2
      exit 2
      ;;
  esac
done

"$root/run.sh" --version > /dev/null < /dev/null
folder=$(mktemp -d)
endpoint=
end() {
  [ -z "$endpoint" ] || { kill "$endpoint" && wait "$endpoint"; } 2> /dev/null || true
  rm -rf --one-file-system "$folder"
}
trap end EXIT

"$root/out/mhi" endpoint --vfio-user "$folder/modem" 2> "$folder/endpoint.log" &
endpoint=$!
for ((i = 0; i < 600; i++)); do
  [ ! -S "$folder/modem" ] || break
  kill -0 "$endpoint" 2> /dev/null || fail "mhi endpoint has ended: $(cat "$folder/endpoint.log")"
  sleep 0.1
done
[ -S "$folder/modem" ] || fail "mhi endpoint did not come up within a minute."

# One slice of one row: bytes per second, median latency in microseconds, bytes allocated.
slice() {
  "$root/out/mhi" loopback --device "$1" --size "$2" --window "$3" --duration 0.5 --json > "$folder/report" ||
    fail "mhi loopback --device $1 --size $2 failed."
  sed -n 's/.*"bytesPerSecond":\([0-9.]*\).*"p50":\([0-9.]*\).*"allocatedBytes":\([0-9]*\).*/\1 \2 \3/p' "$folder/report"
}

# The rows take turns, so that what else the machine does meets all of them.
echo "Measuring ..." >&2
for ((round = 0; round < rounds; round++)); do
  for size in 64 4096 32768; do
    for window in 1 32; do
      for device in emulated "vfio-user:$folder/modem"; do
        echo "$size $window ${device%%:*} $(slice "$device" "$size" "$window")"
      done
    done
  done
done > "$folder/slices"

median() {
  sort -g | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'
}

row() {
  awk -v size="$1" -v window="$2" -v device="$3" -v field="$4" '$1 == size && $2 == window && $3 == device { print $field }' "$folder/slices" | median
}

{
  echo '| Packet | Under way | Device | Throughput each way | Ratio | Packet and echo, median | Ratio |'
  echo '| ---: | ---: | --- | ---: | ---: | ---: | ---: |'
  for size in 64 4096 32768; do
    for window in 1 32; do
      for device in emulated vfio-user; do
        echo "$size $window $device $(row $size $window emulated 4) $(row $size $window emulated 5) $(row $size $window $device 4) $(row $size $window $device 5)"
      done
    done
  done | awk '{
    name = $3 == "emulated" ? "same process" : "vfio-user"
    printf "| %d B | %d | %s | %.1f MB/s | %.2f | %.1f μs | %.2f |\n", $1, $2, name, $6 / 1e6, $6 / $4, $7, $7 / $5
  }'
} | tee "$folder/transports.md"

[ -z "$update" ] || "$root/bench/publish.sh" transports "$folder/transports.md"
