#!/usr/bin/env bash
# Prints the path of the Chromium to test with: the one that CHROMIUM names, one that is installed, or Playwright's own.
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
