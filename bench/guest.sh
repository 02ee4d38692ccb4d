#!/usr/bin/env bash
# Measures the kernel's own port against vfio-pci on the same emulated modem, in a guest with an emulated IOMMU, and prints a
# Markdown table of ratios:
#   bench/guest.sh            three boots, some minutes; as root
#   bench/guest.sh --short    one boot with short measurements: for a look, not for publishing
#   bench/guest.sh --update   also puts the table into docs/performance.md
# Standard output belongs to the result alone.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
artifacts=$root/artifacts/guest
boots=3
seconds=4
update=

fail() {
  echo "$1" >&2
  exit 1
}

for argument in "$@"; do
  case $argument in
    --short) boots=1 seconds=1 ;;
    --update) update=yes ;;
    *)
      echo "Usage: bench/guest.sh [--short] [--update]" >&2
      exit 2
      ;;
  esac
done

[ "$(id -u)" -eq 0 ] || fail "The guest's QEMU runs under chroot, and that needs root. Start this as root."
"$root/eng/linux-guest/prepare.sh" > /dev/null
"$root/run.sh" --version > /dev/null < /dev/null
mkdir -p "$artifacts"
export MHI_GUEST_REQUIRED=1 MHI_GUEST_BENCH_SECONDS=$seconds MHI_BINARY=$root/out/mhi
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

echo "Building ..." >&2
dotnet build "$root/tests/Mhi.LinuxGuest" -c Release -v q --nologo --artifacts-path "$artifacts/build" < /dev/null > "$artifacts/build.log" 2>&1 || {
  cat "$artifacts/build.log" >&2
  fail "The guest tests could not be built; the messages above say why."
}

tests=$artifacts/build/bin/Mhi.LinuxGuest/release
: > "$artifacts/measurements.txt"
for ((boot = 1; boot <= boots; boot++)); do
  echo "Measuring, boot $boot of $boots ..." >&2
  dotnet vstest "$tests/Mhi.LinuxGuest.dll" --TestCaseFilter:FullyQualifiedName~VfioComparisonTests < /dev/null > "$artifacts/run.log" 2>&1 || {
    cat "$artifacts/run.log" >&2
    fail "The measurement failed; the messages above say why."
  }
  cat "$tests/guest-logs/vfio-comparison/measurements.txt" >> "$artifacts/measurements.txt"
done

# One line for each path and kind of run: the median over the boots.
awk '
  {
    delete field
    for (i = 2; i <= NF; i++) { split($i, pair, "="); field[pair[1]] = pair[2] }
    if (!("path" in field)) next
    key = field["size"] " " field["window"] " " field["path"]
    if (!(key in count)) order[++keys] = key
    n = ++count[key]
    rate[key, n] = field["bytesPerSecond"]
    time[key, n] = field["p50"]
    interrupts[key, n] = field["interrupts"] / field["packets"]
    switches[key, n] = field["switches"] / field["packets"]
  }
  function median(values, key, n,   i, j, sorted, swap) {
    for (i = 1; i <= n; i++) sorted[i] = values[key, i] + 0
    for (i = 1; i <= n; i++) for (j = i + 1; j <= n; j++) if (sorted[j] < sorted[i]) { swap = sorted[i]; sorted[i] = sorted[j]; sorted[j] = swap }
    return sorted[int((n + 1) / 2)]
  }
  function show(size, window, path, name,   key, base) {
    key = size " " window " " path
    base = size " " window " kernel-DMA"
    n = count[key]
    printf "| %s | %s | %s | %.2f MB/s | %.2f | %.0f us | %.2f | %.2f | %.1f |\n", size, window, name,
      median(rate, key, n) / 1e6, median(rate, key, n) / median(rate, base, count[base]),
      median(time, key, n), median(time, key, n) / median(time, base, count[base]),
      median(interrupts, key, n), median(switches, key, n)
  }
  END {
    print "| Bytes | Window | Path | Throughput | Ratio | Median time of a packet | Ratio | Interrupts per packet | Context switches per packet |"
    print "| ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for (i = 1; i <= keys; i++) {
      split(order[i], part, " ")
      if (part[3] != "kernel-DMA") continue
      show(part[1], part[2], "kernel-DMA", "kernel, IOMMU translates")
      show(part[1], part[2], "kernel-identity", "kernel, IOMMU passes through")
      show(part[1], part[2], "vfio", "vfio-pci, IOMMU translates")
    }
  }' "$artifacts/measurements.txt" | tee "$artifacts/guest.md"

[ -z "$update" ] || "$root/bench/publish.sh" guest "$artifacts/guest.md"
