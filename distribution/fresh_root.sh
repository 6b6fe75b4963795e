#!/bin/sh
# Tries the README on a machine that has nothing: a Debian 12 of its own in a folder, with the
# distribution's Python and no more, and in it the two commands of the README.
#
#     sudo distribution/fresh_root.sh                  both commands; half an hour
#     sudo distribution/fresh_root.sh tests/unit/wire  the tests that are named, and the program
#
# Needs root and debootstrap. MIRROR is where Debian comes from, ROOT where it goes (removed at the
# end unless KEEP is set); what SHARE names, as pip's own configuration, is seen inside as well.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
mirror=${MIRROR:-http://deb.debian.org/debian}
root=${ROOT:-$(mktemp -d /var/tmp/livehouse-root-XXXXXX)}
share=${SHARE:-}
name=newcomer
home=/home/$name
chmod 755 "$root" # mktemp's folders are for their owner alone, and PostgreSQL runs as another user

[ "$(id -u)" = 0 ] || { echo "fresh_root.sh: run it as root" >&2; exit 2; }
command -v debootstrap >/dev/null || { echo "fresh_root.sh: install debootstrap" >&2; exit 2; }

mounted() { # what is mounted below the root, the deepest first; tests add some of their own
    awk -v root="$root/" 'index($2, root) == 1 { print $2 }' /proc/mounts | sort -r
}

finish() {
    mounted | while read -r place; do umount "$place" || true; done
    if [ -n "$(mounted)" ]; then # a bind mount's files are the machine's own: nothing may go
        echo "fresh_root.sh: still mounted below $root, nothing is removed:" >&2
        mounted >&2
    elif [ -z "${KEEP:-}" ]; then
        rm -rf --one-file-system "$root"
    fi
}
trap finish EXIT

echo "--- Debian 12 in $root"
debootstrap --variant=minbase --include=python3,ca-certificates bookworm "$root" "$mirror" >"$root.log" 2>&1 ||
    { tail -20 "$root.log" >&2; exit 1; }
rm -f "$root.log"
cp /etc/resolv.conf "$root/etc/resolv.conf"
cp /etc/hosts "$root/etc/hosts"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mount --bind /dev/shm "$root/dev/shm"
for place in $share; do
    if [ -d "$place" ]; then mkdir -p "$root$place"; else mkdir -p "$root$(dirname "$place")" && : >"$root$place"; fi
    mount --bind "$place" "$root$place"
done
mkdir -p "$root$home/livehouse"
git -C "$here" archive HEAD | tar -x -C "$root$home/livehouse"
clip=shared/media/bigbuckbunny.mp4
if [ -f "$here/../$clip" ]; then # without it the tests of real pictures are skipped
    install -D "$here/../$clip" "$root$home/$clip"
fi

inside() {
    chroot "$root" /usr/bin/env -i HOME="$home" LANG=C.UTF-8 \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        $(env | grep -E '^(PIP_|SSL_CERT_FILE|https?_proxy|no_proxy)' || true) \
        sh -c "cd ~/livehouse && $1"
}

echo "--- python3 dev.py run (10 seconds)"
inside "python3 dev.py run --seconds 10"
echo "--- python3 dev.py test $*"
inside "python3 dev.py test $*"
echo "--- both commands of the README pass on a fresh Debian 12"
