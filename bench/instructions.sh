#!/usr/bin/env bash
# Counts the instructions of the data path under callgrind and prints them as Markdown tables.
#   bench/instructions.sh                    every workload
#   bench/instructions.sh --json             one JSON object instead
#   bench/instructions.sh --functions 20     also the most expensive functions of each
#   bench/instructions.sh --only NAME        one workload; an unknown name lists them
# Standard output belongs to the result alone.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
artifacts=$root/artifacts/instruction-count

fail() {
  echo "$1" >&2
  exit 1
}

"$root/eng/native-tools.sh"

if ! command -v valgrind > /dev/null; then
  command -v apt-get > /dev/null ||
    fail "valgrind is missing, and this is no Debian. Install valgrind, then start this again."
  [ "$(id -u)" -eq 0 ] ||
    fail "valgrind is missing. Run 'apt-get install valgrind' as root, then start this again."
  echo "Installing valgrind ..." >&2
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends valgrind; } < /dev/null > /dev/null ||
    fail "apt-get could not install valgrind. Its messages above say why."
fi

echo "Building the workloads ..." >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 dotnet publish "$root/bench/Mhi.InstructionCount" \
  -c Release -v q --nologo -o "$artifacts" ${MHI_PUBLISH_ARGUMENTS-} < /dev/null > "$log" 2>&1; then
  cat "$log" >&2
  fail "The workloads could not be built; the messages above say why."
fi

echo "Counting ..." >&2
"$artifacts/Mhi.InstructionCount" "$@"
