#!/usr/bin/env bash
# Chromium and Chinese fonts for the browser tests. Without root or apt: says what is missing, and the tests are skipped.
set -euo pipefail
need=()
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || need+=(chromium)
fc-list 2>/dev/null | grep -qiE 'CJK|Noto Sans SC|PingFang|YaHei' || need+=(fonts-noto-cjk fontconfig)
[ ${#need[@]} -eq 0 ] && exit 0
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  echo "Installing ${need[*]} ..."
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${need[@]}" >/dev/null
else
  echo "Missing for the browser tests, which will be skipped: ${need[*]}. Install them with your package manager."
fi
