#!/usr/bin/env bash
# Packs the executable $1, with what `make dist` made beside it, into the Debian package $2, of version $3. The maintainer
# is $DEBFULLNAME <$DEBEMAIL>, as for other tools of Debian.
set -euo pipefail
executable=$(realpath "$1") package=$(realpath -m "$2") version=$3
cd "$(dirname "$0")/.."

case $(uname -m) in
  x86_64) architecture=amd64 ;;
  aarch64) architecture=arm64 ;;
  *) architecture=$(uname -m) ;;
esac
maintainer="${DEBFULLNAME:-Vouch contributors} <${DEBEMAIL:-vouch@localhost.localdomain}>"
# Files get the date of the commit, so that the same commit gives the same package.
export SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2> /dev/null || date +%s)}"

tree=$(mktemp -d)
trap 'rm -r "$tree"' EXIT
chmod 755 "$tree"
umask 022
file() { install -D --mode="$1" "$2" "$tree/$3"; }
text() { mkdir -p "$(dirname "$tree/$1")" && cat > "$tree/$1"; }

doc=usr/share/doc/vouch
file 755 "$executable" usr/bin/vouch
file 640 packaging/deb/vouch.env etc/vouch/vouch.env
for unit in vouch.service vouch-backup.service vouch-backup.timer; do
  file 644 packaging/$unit lib/systemd/system/$unit
done
for page in README.md SECURITY.md docs/hosting.md docs/settings.md; do
  file 644 $page $doc/"$(basename $page)"
done
file 644 "$executable.cdx.json" $doc/vouch.cdx.json
gzip -9n < "$executable.licences.txt" | text $doc/licences.txt.gz
sed '1,2d; s/^$/./; s/^/ /' LICENSE-MIT | sed -e '/^@MIT@$/{r /dev/stdin' -e 'd}' packaging/deb/copyright | text $doc/copyright
gzip -9n < CHANGELOG.md | text $doc/changelog.gz
gzip -9n << END | text $doc/changelog.Debian.gz
vouch ($version-1) stable; urgency=medium

  * See changelog.gz.

 -- $maintainer  $(TZ=UTC date --rfc-email --date="@$SOURCE_DATE_EPOCH")
END

# A lintian override has the reason beside it, for whoever reads the package.
text usr/share/lintian/overrides/vouch << 'END'
# The executable contains its C library; lintian takes it for a library.
vouch: missing-dependency-on-libc
vouch: shared-library-lacks-prerequisites
# Keys of SMS providers are in it.
vouch: non-standard-file-perm 0640 != 0644 *etc/vouch/vouch.env*
# `vouch --help` and settings.md beside the licence say what a page of the manual would.
vouch: no-manual-page
# It was not written for the archive of Debian.
vouch: initial-upload-closes-no-bugs
END

size=$(du --summarize --apparent-size --block-size=1024 "$tree" | cut -f 1)
sed "s/@VERSION@/$version-1/; s/@ARCHITECTURE@/$architecture/; s/@MAINTAINER@/$maintainer/; s/@SIZE@/$size/" \
  packaging/deb/control | text DEBIAN/control
echo /etc/vouch/vouch.env | text DEBIAN/conffiles
for script in postinst prerm postrm; do
  file 755 packaging/deb/$script DEBIAN/$script
done
(cd "$tree" && find usr lib -type f -print0 | sort -z | xargs -0 md5sum) | text DEBIAN/md5sums
dpkg-deb -Zxz --root-owner-group --build "$tree" "$package"
