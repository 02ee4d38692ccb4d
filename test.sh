#!/usr/bin/env bash
# Runs every test: under the JIT, then once more as native code. The last line is the count.
#   ./test.sh           all of them
#   ./test.sh --quick   without those marked [Trait("Category", "Slow")]
set -uo pipefail
cd "$(dirname "$0")"

quick=()
filter=()
case "${1-}" in
  '') ;;
  --quick)
    quick=(--quick)
    filter=(--filter 'Category!=Slow')
    ;;
  *)
    echo "Usage: ./test.sh [--quick]" >&2
    exit 2
    ;;
esac

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
results=$PWD/artifacts/test-results
rm -rf "$results"
mkdir -p "$results"

# A hanging test ends the run instead of holding it.
managed=1
native=1
if eng/native-tools.sh; then
  # The tests of the program run the native binary, as its users do; without one they fail.
  ./run.sh --version > /dev/null < /dev/null || rm -f out/mhi
  export MHI_BINARY=$PWD/out/mhi

  timeout 1800 dotnet test Mhi.Aot.sln -c Release -v q --nologo -p:MhiTestResults="$results" "${filter[@]}" < /dev/null
  managed=$?

  dotnet publish tests/Mhi.Aot.Tests -c Release -v q --nologo -o artifacts/native-tests < /dev/null &&
    timeout 600 artifacts/native-tests/Mhi.Aot.Tests "${quick[@]}" --results "$results/native.tsv" < /dev/null
  native=$?
fi

dotnet run eng/TestSummary.cs -- "$results" "$managed" "$native" < /dev/null > artifacts/test-summary.txt
status=$?
if tail -n 1 artifacts/test-summary.txt | grep -Eq '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$'; then
  cat artifacts/test-summary.txt
  exit $status
fi

cat artifacts/test-summary.txt
echo "0 passed, 1 failed, 0 skipped"
exit 1
