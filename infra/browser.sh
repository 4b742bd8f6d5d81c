#!/bin/sh
# Installs Debian's Chromium and a Chinese font for the browser tests where apt can.
# On a laptop without them the tests are skipped by name; this script never fails.
set -u

has_font() { [ -n "$(find /usr/share/fonts -name 'NotoSansCJK*' -print -quit 2>/dev/null)" ]; }

if [ -x /usr/bin/chromium ] && has_font; then exit 0; fi

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "No Chromium with a Chinese font here: the browser tests may be skipped."
    echo "  To have them: sudo apt-get install chromium fonts-noto-cjk"
    exit 0
fi

echo "Installing Chromium and a Chinese font (about a minute, once) ..."
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq </dev/null || true
apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk </dev/null >/dev/null 2>&1 ||
    echo "apt could not install Chromium: the browser tests may be skipped."
exit 0
