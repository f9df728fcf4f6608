#!/usr/bin/env bash
# Prints the path of the Chromium for the tests: that in $CHROMIUM, an installed one, or the one Playwright installed.
set -euo pipefail
cd "$(dirname "$0")"
for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
  if [ -n "$name" ] && path=$(command -v "$name"); then
    echo "$path"
    exit 0
  fi
done
path=$(node -e 'import("@playwright/test").then(({ chromium }) => console.log(chromium.executablePath()))')
[ -x "$path" ] && echo "$path"
