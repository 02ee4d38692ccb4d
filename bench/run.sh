#!/usr/bin/env bash
# Measures everything and writes the tables of docs/performance.md anew:
#   bench/run.sh                    instruction counts, then all benchmarks; about a quarter of an hour
#   bench/run.sh --job short        the same with fewer repetitions: for a look, not for publishing
#   bench/run.sh --tables           writes the tables from the results of the last run
# Other arguments go to the benchmarks. Leave the machine alone meanwhile: the times share its processors.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
artifacts=$root/artifacts/benchmarks
cd "$root"

report() {
  echo "$artifacts/results/Mhi.Benchmarks.$1-report-github.md"
}

# The rows of a report; bold marks the first row of a group there and is dropped.
table() {
  sed -n '/^|/p' "$(report "$1")" | sed -e 's/\*\*//g' -e 's/ *$//' > "$artifacts/$2.md"
  bench/publish.sh "$2" "$artifacts/$2.md"
}

conditions() {
  local processor runtime sdk machine
  processor=$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)
  runtime=$(sed -n 's/^  \[Host\][^.]*: \(\.NET [0-9.]*\).*, \([^,]*\)$/\1, \2/p' "$(report QueueBenchmarks)" | head -n 1)
  sdk=$(dotnet --version)
  machine="on its own hardware"
  grep -qw hypervisor /proc/cpuinfo && machine="in a virtual machine"
  echo "- Processor: ${processor:-unknown}, $(nproc) logical; Linux $(uname -r | cut -d. -f1,2) $machine."
  echo "- Times: $runtime, SDK $sdk, BenchmarkDotNet 0.14.0, $(sed -n 's/^Job=\([^ ]*\).*/job \1/p' "$(report QueueBenchmarks)" | head -n 1)."
  echo "- Instructions: NativeAOT $(sed -n 's/.*"runtime": "\([^"]*\)".*/\1/p' "$artifacts/instructions.json"), $(valgrind --version)."
}

mkdir -p "$artifacts"
if [ "${1-}" != --tables ]; then
  bench/instructions.sh > "$artifacts/instructions.md"
  artifacts/instruction-count/Mhi.InstructionCount --json --only handoff-single > "$artifacts/instructions.json"
  rm -rf "$artifacts/results"
  DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 dotnet run -c Release -f net10.0 --project bench/Mhi.Benchmarks -- \
    --filter '*' --artifacts "$artifacts" "$@" < /dev/null
fi

conditions > "$artifacts/conditions.md"
bench/publish.sh conditions "$artifacts/conditions.md"
sed -e :a -e '/^\n*$/{$d;N;ba' -e '}' "$artifacts/instructions.md" > "$artifacts/instructions.trimmed.md"
bench/publish.sh instructions "$artifacts/instructions.trimmed.md"
table SteppedLoopbackBenchmarks stepped
table HandleBenchmarks handle
table ThreadedLoopbackBenchmarks threaded
table QueueBenchmarks queue
table QueueThreadedBenchmarks queue-threaded
echo "docs/performance.md is up to date."
