#!/usr/bin/env bash
# Sees to it that this machine has the SDK and can link native code; installs the Debian packages that are missing.
set -euo pipefail

fail() {
  echo "$1" >&2
  exit 1
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

links() {
  local linker
  linker=$(command -v clang || command -v gcc) || return 1
  command -v objcopy > /dev/null || return 1
  echo 'int main(void) { return 0; }' | "$linker" -x c -o "$scratch/program" - 2> /dev/null
}

command -v dotnet > /dev/null ||
  fail "The .NET SDK 10 is not installed or not in PATH. Install it, then start this again."

links && exit 0

packages="gcc libc6-dev"
command -v apt-get > /dev/null ||
  fail "A C linker is missing, and this is no Debian. Install gcc and the C library's development files, then start this again."
[ "$(id -u)" -eq 0 ] ||
  fail "A C linker is missing. Run 'apt-get install $packages' as root, then start this again."

echo "Installing $packages ..." >&2
export DEBIAN_FRONTEND=noninteractive
{ apt-get update -qq && apt-get install -y -qq --no-install-recommends $packages; } < /dev/null > /dev/null ||
  fail "apt-get could not install $packages. Its messages above say why."
links || fail "The packages $packages are installed, yet a C program does not link. See what 'gcc' says."
