#!/usr/bin/env bash
# What ./test.sh has in short, at full length; for a machine with nothing else to do.
#   eng/endurance.sh                  all three, 35 minutes
#   eng/endurance.sh nodes [50]       the tests of the device nodes, so many times in a row
#   eng/endurance.sh soak [600]       the random runs with eight clients, so many seconds
#   eng/endurance.sh strict [500]     the clauses of docs/uci.md with so many milliseconds for "soon"
# Ends with status 1 at the first failure; the seed of a random run stands in its message.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

build() {
  dotnet build "tests/$1" -c Release -v q --nologo < /dev/null
}

run() {
  dotnet test "tests/$1" -c Release -v q --nologo --no-build --blame-hang-timeout 30m --blame-hang-dump-type none "${@:2}" < /dev/null
}

nodes() {
  local times=${1:-50} i
  build Mhi.Nodes.Tests
  for ((i = 1; i <= times; i++)); do
    echo "Device nodes, $i of $times"
    run Mhi.Nodes.Tests
  done
}

soak() {
  build Mhi.Runtime.Tests
  MHI_UCI_SOAK_SECONDS=${1:-600} run Mhi.Runtime.Tests --filter 'FullyQualifiedName~Uci.SoakTests|FullyQualifiedName~Uci.RemovalSoakTests'
}

strict() {
  build Mhi.Runtime.Tests
  MHI_UCI_BOUND_MS=${1:-500} run Mhi.Runtime.Tests --filter 'FullyQualifiedName~Mhi.Runtime.Tests.Uci'
}

case "${1-all}" in
  nodes | soak | strict) "$@" ;;
  all)
    nodes
    soak
    strict
    ;;
  *)
    sed -n 2,7p "$0" >&2
    exit 2
    ;;
esac
echo "No failure."
