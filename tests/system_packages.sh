#!/bin/sh
# Chromium, PostgreSQL and a Chinese font from the system's packages, where they are missing.
set -u
missing=""
command -v chromium-headless-shell >/dev/null 2>&1 || command -v chromium >/dev/null 2>&1 \
  || missing="$missing chromium-headless-shell"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || missing="$missing postgresql"
fc-list :lang=zh 2>/dev/null | grep -q . || missing="$missing fonts-wqy-microhei fontconfig"
[ -z "$missing" ] && exit 0
say() { echo "The tests need these system packages:$missing. $1"; exit 1; }
command -v apt-get >/dev/null 2>&1 || say "Install them with your system's package manager and try again."
[ "$(id -u)" = 0 ] || say "Install them (sudo apt-get install$missing) and try again."
echo "Installing$missing …"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq >/dev/null && apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1 \
  || say "They could not be installed here; install them and try again."
