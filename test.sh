#!/usr/bin/env bash
# Runs every test: under the JIT, then once more as native code. The last line is the count.
#   ./test.sh           all; those with a Linux guest are skipped where root or Debian's packages are missing
#   ./test.sh --quick   only under the JIT, and without those marked [Trait("Category", "Slow")], as those with a Linux guest are
#   ./test.sh --guest   only those with a Linux guest: a stock kernel, in QEMU, driving the emulated modem
set -uo pipefail
cd "$(dirname "$0")"

filter=()
guest=yes
others=yes
native_too=yes
case "${1-}" in
  '') ;;
  --quick)
    filter=(--filter 'Category!=Slow')
    guest=
    native_too=
    ;;
  --guest)
    others=
    native_too=
    ;;
  *)
    echo "Usage: ./test.sh [--quick | --guest]" >&2
    exit 2
    ;;
esac

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
results=$PWD/artifacts/test-results
rm -rf "$results"
mkdir -p "$results"

# The tests with a Linux guest decide at discovery whether they are skipped: all they need is made before.
# Who has set MHI_GUEST_SKIP to a reason does not want them.
prepare_guest() {
  local message
  [ -z "${MHI_GUEST_SKIP-}" ] || return 0
  message=$(timeout 1200 eng/linux-guest/prepare.sh 2>&1 > artifacts/guest-folder.txt)
  case $? in
    0) ;;
    3 | 4)
      export MHI_GUEST_SKIP=${message##*$'\n'}
      echo "The tests with a Linux guest are skipped: $MHI_GUEST_SKIP"
      ;;
    *) echo "$message" ;;
  esac
  # From here on a missing guest is a failure.
  export MHI_GUEST_REQUIRED=1
}

# A hanging test ends its project's run, and is named, instead of holding all of it.
managed=1
native=1
if eng/native-tools.sh; then
  [ -z "$guest" ] || { eng/test-programs.sh && prepare_guest; }
  # The tests of the program run the native binary, as its users do; without one they fail.
  ./run.sh --version > /dev/null < /dev/null || rm -f out/mhi
  export MHI_BINARY=$PWD/out/mhi
  # The native tests run on this machine as a whole, and one suite of them in the guest.
  native_tests=artifacts/native-tests
  rm -rf $native_tests
  if [ -n "$guest$native_too" ]; then
    dotnet publish tests/Mhi.Aot.Tests -c Release -v q --nologo -o $native_tests < /dev/null
  fi

  tests=Mhi.Aot.sln
  [ -n "$others" ] || tests=tests/Mhi.LinuxGuest
  timeout 2400 dotnet test $tests -c Release -v q --nologo -p:MhiTestResults="$results" "${filter[@]}" \
    --blame-hang-timeout 15m --blame-hang-dump-type none < /dev/null
  managed=$?

  if [ -n "$native_too" ]; then
    timeout 600 $native_tests/Mhi.Aot.Tests --results "$results/native.tsv" < /dev/null
    native=$?
  fi
fi

what=("$native")
[ -n "$native_too" ] || what=(jit)
[ -n "$others" ] || what=(only Mhi.LinuxGuest)
dotnet run eng/TestSummary.cs -- "$results" "$managed" "${what[@]}" < /dev/null > artifacts/test-summary.txt
status=$?
if tail -n 1 artifacts/test-summary.txt | grep -Eq '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$'; then
  cat artifacts/test-summary.txt
  exit $status
fi

cat artifacts/test-summary.txt
echo "0 passed, 1 failed, 0 skipped"
exit 1
