#!/usr/bin/env bash
# Measures device nodes against a null device in C with libfuse, in the same run, and prints Markdown tables:
#   bench/nodes.sh                 about a minute and a build; as root, with /dev/fuse
#   bench/nodes.sh --short         the same with shorter rounds: for a look, not for publishing
#   bench/nodes.sh --update        also puts the tables into docs/performance.md
# Standard output belongs to the result alone.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
artifacts=$root/artifacts/nodes
length=100
rounds=25
update=

fail() {
  echo "$1" >&2
  exit 1
}

for argument in "$@"; do
  case $argument in
    --short) length=50 rounds=9 ;;
    --update) update=yes ;;
    *)
      echo "Usage: bench/nodes.sh [--short] [--update]" >&2
      exit 2
      ;;
  esac
done

[ "$(id -u)" -eq 0 ] || fail "Nodes are mounted by root. Start this as root."
[ -c /dev/fuse ] || fail "There is no /dev/fuse. Run 'modprobe fuse', then start this again."
"$root/eng/native-tools.sh"

if ! pkg-config --exists fuse3 2> /dev/null; then
  command -v apt-get > /dev/null ||
    fail "The headers of libfuse 3 are missing, and this is no Debian. Install them and pkg-config, then start this again."
  echo "Installing libfuse3-dev ..." >&2
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends libfuse3-dev pkg-config; } < /dev/null > /dev/null ||
    fail "apt-get could not install libfuse3-dev. Its messages above say why."
fi

echo "Building ..." >&2
mkdir -p "$artifacts"
# shellcheck disable=SC2046
gcc -O2 -Wall -Wextra -o "$artifacts/null" "$root/bench/nodes/null.c" $(pkg-config --cflags --libs fuse3)
gcc -O2 -Wall -Wextra -o "$artifacts/load" "$root/bench/nodes/load.c"
if ! DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 dotnet publish "$root/bench/Mhi.NodeBench" \
  -c Release -v q --nologo -o "$artifacts" ${MHI_PUBLISH_ARGUMENTS-} < /dev/null > "$artifacts/build.log" 2>&1; then
  cat "$artifacts/build.log" >&2
  fail "The node server could not be built; the messages above say why."
fi
"$root/run.sh" --version > /dev/null < /dev/null

folder=$(mktemp -d)
servers=()
end() {
  for server in "${servers[@]}"; do
    kill "$server" 2> /dev/null || true
    wait "$server" 2> /dev/null || true
  done
  rm -rf --one-file-system "$folder"
}
trap end EXIT

# Every server prints the path of its node once it can be opened; that takes a minute at most.
serve() {
  local name=$1 i
  shift
  mkdir "$folder/$name"
  "$@" > "$folder/$name.path" &
  servers+=($!)
  for ((i = 0; i < 600; i++)); do
    [ ! -s "$folder/$name.path" ] || return 0
    kill -0 "${servers[-1]}" 2> /dev/null || fail "The server in '$folder/$name' has ended; its messages above say why."
    sleep 0.1
  done
  fail "The server in '$folder/$name' did not come up within a minute."
}

# On one processor a request costs the same each time. Left to itself, the scheduler wakes a server now on the client's
# processor and now on another, and one takes several times as long as the other.
alone=(taskset -c "$(taskset -cp $$ | sed -e 's/.*: //' -e 's/[-,].*//')")
serve c1 "${alone[@]}" "$artifacts/null" "$folder/c1" single
serve c "${alone[@]}" "$artifacts/null" "$folder/c" threads
serve ours1 "${alone[@]}" "$artifacts/Mhi.NodeBench" "$folder/ours1" 1
serve ours "${alone[@]}" "$artifacts/Mhi.NodeBench" "$folder/ours" 2
serve free-c "$artifacts/null" "$folder/free-c" threads
serve free-ours "$artifacts/Mhi.NodeBench" "$folder/free-ours" 2
serve modem "$root/out/mhi" nodes --dir "$folder/modem" --channel LOOPBACK

path() {
  head -n 1 "$folder/$1.path"
}

echo "Measuring ..." >&2
"${alone[@]}" "$artifacts/load" null "$length" "$rounds" \
  'null in C with libfuse, one thread' "${servers[0]}" "$(path c1)" \
  'null in C with libfuse, its threads' "${servers[1]}" "$(path c)" \
  'null on the node server, one thread' "${servers[2]}" "$(path ours1)" \
  'null on the node server, two threads' "${servers[3]}" "$(path ours)" > "$artifacts/null.md"
"$artifacts/load" echo "$length" "$rounds" \
  'null in C with libfuse, its threads' "${servers[4]}" "$(path free-c)" \
  'null on the node server, two threads' "${servers[5]}" "$(path free-ours)" \
  'LOOPBACK of the emulated modem' "${servers[6]}" "$(path modem)" > "$artifacts/echo.md"
{
  cat "$artifacts/null.md"
  echo
  cat "$artifacts/echo.md"
} | tee "$artifacts/nodes.md"

[ -z "$update" ] || "$root/bench/publish.sh" nodes "$artifacts/nodes.md"
