#!/usr/bin/env bash
# Puts two of the pictures that `make screenshots` took side by side, for the README.
set -euo pipefail
cd "$(dirname "$0")"
pictures=../test-results/screenshots
cat > $pictures/readme.html <<HTML
<body style="margin:0;background:#8a8f94;display:flex;gap:24px;padding:24px">
<img src="code-light-320.png" width="320"><img src="profile-full-dark-320.png" width="320" height="768" style="object-fit:cover;object-position:top">
</body>
HTML
"$(../find-chromium.sh)" --headless --no-sandbox --hide-scrollbars --disable-background-networking --disable-component-update \
  --disable-sync --no-first-run --window-size=712,816 --screenshot="$PWD/readme.png" "file://$PWD/$pictures/readme.html"
