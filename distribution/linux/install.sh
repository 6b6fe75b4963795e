#!/bin/sh
# Installs Livehouse for one user, without root; --remove takes it away and leaves your data.
#
#     ./install.sh             into ~/.local
#     PREFIX=/opt ./install.sh somewhere else
#     ./install.sh --remove
set -eu
here=$(cd "$(dirname "$0")" && pwd)
prefix=${PREFIX:-"$HOME/.local"}
share=${XDG_DATA_HOME:-"$HOME/.local/share"}
target="$prefix/lib/livehouse"
bin="$prefix/bin"

remove() {
    rm -rf "$target"
    rm -f "$bin/livehouse" "$bin/livehouse-relay"
    rm -f "$share/applications/livehouse.desktop"
    rm -f "$share/metainfo/org.livehouse.Livehouse.metainfo.xml"
    for icon in "$share"/icons/hicolor/*/apps/livehouse.png "$share/icons/hicolor/scalable/apps/livehouse.svg"; do
        rm -f "$icon"
    done
}

refresh() {
    if command -v update-desktop-database >/dev/null 2>&1; then
        update-desktop-database "$share/applications" >/dev/null 2>&1 || true
    fi
}

case "${1:-}" in
--remove)
    remove
    refresh
    echo "Livehouse is removed. Your data stays in $share/livehouse."
    exit 0
    ;;
"") ;;
*)
    echo "usage: ./install.sh [--remove]" >&2
    exit 2
    ;;
esac

remove
mkdir -p "$prefix/lib" "$bin" "$share/applications" "$share/metainfo"
cp -R "$here/livehouse" "$target"
ln -s "$target/livehouse" "$bin/livehouse"
ln -s "$target/livehouse-relay" "$bin/livehouse-relay"
sed "s|@PREFIX@|$target|" "$here/share/livehouse.desktop" >"$share/applications/livehouse.desktop"
cp "$here/share/org.livehouse.Livehouse.metainfo.xml" "$share/metainfo/"
for icon in "$here"/share/icons/livehouse-*.png; do
    side=${icon##*-}
    side=${side%.png}
    mkdir -p "$share/icons/hicolor/${side}x$side/apps"
    cp "$icon" "$share/icons/hicolor/${side}x$side/apps/livehouse.png"
done
mkdir -p "$share/icons/hicolor/scalable/apps"
cp "$here/share/icons/livehouse.svg" "$share/icons/hicolor/scalable/apps/"
refresh
echo "Livehouse is in $target."
case ":$PATH:" in
*":$bin:"*) echo "Start it from the menu, or with: livehouse" ;;
*) echo "Start it from the menu, or with: $bin/livehouse ($bin is not on your PATH)" ;;
esac
