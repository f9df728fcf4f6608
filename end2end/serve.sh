# Sourced by scripts: runs the release executable $VOUCH in a temporary folder, with relaxed limits, without SMS delay and for any number,
# until the script ends. It sets $url to the address of the server, and changes to the folder.

folder=$(mktemp -d)
cd "$folder"
VOUCH_LISTEN=127.0.0.1:0 VOUCH_LIMITS=relaxed VOUCH_SMS_DELAY_MS=0 VOUCH_SMS_NUMBERS=any VOUCH_LOG=warn "$VOUCH" > out.log &
server=$!
trap 'kill $server; wait $server || true; rm -r "$folder"' EXIT
until url=$(sed -n 's/^Vouch is at //p' out.log) && [ -n "$url" ]; do sleep 0.1; done
