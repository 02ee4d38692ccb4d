#!/usr/bin/env bash
# Installs the programs of others that tests let loose on device nodes, as root and from Debian's packages. Where that cannot
# be, it says what is missing: those tests are skipped then, each with its reason.
set -uo pipefail

programs=(socat picocom python3 busybox pv mbimcli qmicli)
declare -A package=([mbimcli]=libmbim-utils [qmicli]=libqmi-utils)

missing=()
for program in "${programs[@]}"; do
  command -v "$program" > /dev/null || missing+=("${package[$program]-$program}")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get > /dev/null; then
  echo "Tests with programs of ${missing[*]} are skipped: they are not installed, and this takes root and Debian." >&2
  exit 0
fi

echo "Installing ${missing[*]} ..." >&2
export DEBIAN_FRONTEND=noninteractive
{ apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } < /dev/null > /dev/null ||
  echo "Tests with programs of ${missing[*]} are skipped: apt-get could not install them, as its messages above say." >&2
exit 0
