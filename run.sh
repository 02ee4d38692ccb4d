#!/usr/bin/env bash
# Builds out/mhi when its sources have changed, then runs it:
#   ./run.sh                       a demonstration: loopback on the emulated device
#   ./run.sh loopback --help       what else it can do
# Standard output belongs to the program alone.
set -euo pipefail

root=$(cd "$(dirname "$0")" && pwd)
program=$root/out/mhi
record=$root/out/mhi.sources

# Names, sizes and times of all that goes into the program: a removed file is a change, too.
sources() {
  (cd "$root" && find src profiles channels.json Directory.Build.props Directory.Packages.props global.json .editorconfig \
    -type d \( -name bin -o -name obj \) -prune -o -type f -printf '%p %s %T@\n' 2> /dev/null | LC_ALL=C sort)
}

build() {
  local log=$root/out/build.log
  "$root/eng/native-tools.sh" || return 1
  echo "Building out/mhi ..." >&2
  if ! DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 dotnet publish "$root/src/Mhi.Gateway/Mhi.Gateway.csproj" \
    -c Release -v q --nologo -o "$root/artifacts/mhi" < /dev/null > "$log" 2>&1; then
    cat "$log" >&2
    echo "out/mhi could not be built; the messages above say why." >&2
    return 1
  fi

  # A new file in place of the old one: a program that is still running keeps the one it was started from.
  cp "$root/artifacts/mhi/mhi" "$program.new"
  mv -f "$program.new" "$program"
}

mkdir -p "$root/out"
now=$(sources) || true
if [ ! -x "$program" ] || [ "$now" != "$(cat "$record" 2> /dev/null)" ]; then
  build || exit 1
  printf '%s\n' "$now" > "$record"
fi

if [ $# -eq 0 ]; then
  set -- loopback
fi

exec "$program" "$@"
