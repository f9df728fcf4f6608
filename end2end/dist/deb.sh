#!/usr/bin/env bash
# Installs the Debian package $1, runs what it installed, upgrades, removes and purges it, all in a copy of this machine's
# root folder that is gone afterwards.
set -euo pipefail
package=$(realpath "$1") here=$(cd "$(dirname "$0")" && pwd)
# In CI as root, if that needs no password.
if [ "$(id -u)" != 0 ] && [ -n "${CI-}" ] && sudo --non-interactive true 2> /dev/null; then
  exec sudo --non-interactive CI="$CI" "$here/$(basename "$0")" "$@"
fi
fail() { echo "vouch: $*" >&2; exit 1; }

if [ "${2-}" != inside ]; then
  for tool in dpkg adduser deb-systemd-helper; do
    missing=${missing-}$(command -v $tool > /dev/null || echo " $tool")
  done
  if [ "$(id -u)" != 0 ] || [ -n "$missing" ]; then
    [ -z "${CI-}" ] || fail "the package was not installed: that needs root, dpkg, adduser and deb-systemd-helper"
    echo "vouch: the package was NOT INSTALLED: that needs root, and Debian"
    exit 0
  fi
  exec unshare --mount "$0" "$package" inside
fi

# What is written goes to memory, and is gone with the mounts, which only this process and its children see.
root=/mnt/root
mount -t tmpfs none /mnt
mkdir /mnt/{written,work} $root
mount -t overlay -o lowerdir=/,upperdir=/mnt/written,workdir=/mnt/work none $root
for folder in proc dev; do
  mount --rbind /$folder $root/$folder
done
mkdir -p $root/tmp/package
cp "$package" "$here/journey.sh" $root/tmp/package
chroot $root bash -euo pipefail -s "/tmp/package/$(basename "$package")" << 'END'
package=$1
fail() { echo "vouch: $*" >&2; exit 1; }
expect() { [ "$2" = "$3" ] || fail "$1: $2 instead of $3"; }
state() { dpkg-query --show --showformat '${db:Status-Status}' vouch 2> /dev/null || true; }
as_vouch=(setpriv --reuid=vouch --regid=vouch --init-groups env -C /var/lib/vouch)
expect "before" "$(state)" ""

dpkg --install "$package" > /dev/null
expect "the settings" "$(stat -c '%a %U %G' /etc/vouch/vouch.env)" "640 root vouch"
expect "the data folder" "$(stat -c '%a %U %G' /var/lib/vouch)" "700 vouch vouch"
expect "the service" "$(readlink -f /etc/systemd/system/multi-user.target.wants/vouch.service)" \
  "$(readlink -f /lib/systemd/system/vouch.service)"

echo VOUCH_LISTEN=127.0.0.1:0 >> /etc/vouch/vouch.env
"${as_vouch[@]}" vouch > /tmp/out.log 2> /tmp/err.log &
server=$!
trap 'kill $server 2> /dev/null || true' EXIT
for _ in {1..250}; do
  ! grep --quiet '^Vouch is at ' /tmp/out.log || break
  sleep 0.02
done
/tmp/package/journey.sh "$(sed -n 's/^Vouch is at //p' /tmp/out.log)" || fail "the journey failed: $(cat /tmp/err.log)"
"${as_vouch[@]}" vouch admin grant "+7 912 345-67-89" > /dev/null
"${as_vouch[@]}" vouch backup backup.db > /dev/null
kill -TERM $server
wait $server

dpkg --install "$package" > /dev/null
expect "the settings after an upgrade" "$(tail -1 /etc/vouch/vouch.env)" VOUCH_LISTEN=127.0.0.1:0
dpkg --remove vouch > /dev/null
expect "removed" "$(state)" config-files
[ -s /var/lib/vouch/vouch.db ] || fail "removing the package deleted the data"
dpkg --purge vouch 2>&1 | grep --quiet "the data is kept" || fail "purging says nothing of the data"
expect "purged" "$(state)" ""
[ -s /var/lib/vouch/vouch.db ] || fail "purging the package deleted the data"
for left in /etc/vouch /var/lib/vouch/.env /usr/bin/vouch /etc/systemd/system/multi-user.target.wants/vouch.service; do
  [ ! -e $left ] && [ ! -L $left ] || fail "$left is left"
done
END
echo "vouch: the package can be installed, upgraded, removed and purged"
