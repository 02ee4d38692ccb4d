#!/usr/bin/env bash
# Puts a result into docs/performance.md, between the marks of its name:
#   bench/publish.sh NAME FILE
set -euo pipefail

name=$1
body=$2
document=$(cd "$(dirname "$0")/.." && pwd)/docs/performance.md

if ! grep -qxF "<!-- begin $name -->" "$document" || ! grep -qxF "<!-- end $name -->" "$document"; then
  echo "docs/performance.md has lost its marks for '$name'; put the two comments back." >&2
  exit 1
fi

awk -v name="$name" -v body="$body" '
  $0 == "<!-- end " name " -->" { skipping = 0 }
  !skipping { print }
  $0 == "<!-- begin " name " -->" {
    print ""
    while ((getline line < body) > 0) print line
    print ""
    skipping = 1
  }' "$document" > "$document.new"
mv "$document.new" "$document"
