# Sourced by scripts: serves the release executable named by $VOUCH from a temporary folder, with limits relaxed and no
# SMS delay, until the script ends. Afterwards $url is where it answers, and the folder is the working directory.

folder=$(mktemp -d)
cd "$folder"
VOUCH_LISTEN=127.0.0.1:0 VOUCH_LIMITS=relaxed VOUCH_SMS_DELAY_MS=0 VOUCH_LOG=warn "$VOUCH" > out.log &
server=$!
trap 'kill $server; wait $server || true; rm -r "$folder"' EXIT
until url=$(sed -n 's/^Vouch is at //p' out.log) && [ -n "$url" ]; do sleep 0.1; done
