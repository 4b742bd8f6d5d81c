#!/bin/sh
# Installs Debian's Chromium and a Chinese font for the browser tests where apt can.
# On a laptop without them the tests are skipped by name; this script never fails.
set -u

has_font() { [ -n "$(find /usr/share/fonts -name 'NotoSansCJK*' -print -quit 2>/dev/null)" ]; }

# The one without windows is the quicker one; the whole one will do.
has_chromium() { [ -x /usr/bin/chromium-headless-shell ]; }

if has_chromium && has_font; then exit 0; fi

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    [ -x /usr/bin/chromium ] && has_font && exit 0
    echo "No Chromium with a Chinese font here: the browser tests may be skipped."
    echo "  To have them: sudo apt-get install chromium-headless-shell fonts-noto-cjk"
    exit 0
fi

echo "Installing Chromium and a Chinese font (about a minute, once) ..."
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq </dev/null || true
install() { apt-get install -y -qq --no-install-recommends "$@" </dev/null >/dev/null 2>&1; }
install chromium-headless-shell fonts-noto-cjk || install chromium fonts-noto-cjk ||
    echo "apt could not install Chromium: the browser tests may be skipped."
exit 0
