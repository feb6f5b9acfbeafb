#!/usr/bin/env bash
# 安装编译、测试和演示所需的系统软件包；可重复运行。
# Installs the system packages that building, testing and the demo need, on Debian 12 or newer and Ubuntu. Safe to repeat.
set -euo pipefail

packages=(
  build-essential pkg-config          # C parts of crates (SQLite)
  libasound2-dev                      # sound (rodio)
  libfontconfig-dev fonts-noto-cjk    # Chinese text
  xvfb x11-utils libxkbcommon-x11-0 libx11-xcb1 libxcursor1 libxi6 libxrandr2  # windows, also without a display
)

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
if ((${#missing[@]})); then
  root=()
  if [[ $EUID -ne 0 ]]; then
    command -v sudo >/dev/null || { echo "以 root 运行，或先安装 sudo / run as root, or install sudo first" >&2; exit 1; }
    root=(sudo)
  fi
  echo "安装 / installing: ${missing[*]}"
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi

if ! command -v cargo >/dev/null; then
  cat >&2 <<'TEXT'
还需要 Rust 1.95 或更新版本（rustup）；Debian 13 与 Ubuntu 24.04 起：apt-get install rustup && rustup default stable
Rust 1.95 or newer is still needed (rustup); from Debian 13 and Ubuntu 24.04 on: apt-get install rustup && rustup default stable
TEXT
  exit 1
fi
