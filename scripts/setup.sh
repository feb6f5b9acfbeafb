#!/usr/bin/env bash
# 安装编译、测试和演示所需的系统软件包；可重复运行。
# Installs the system packages that building, testing and the demo need, on Debian 12 or newer and Ubuntu. Safe to repeat.
set -euo pipefail

packages=(
  build-essential pkg-config          # C parts of crates (SQLite)
  libasound2-dev                      # sound (rodio)
  libfontconfig-dev fonts-noto-cjk    # Chinese text
  xvfb libxkbcommon-x11-0 libx11-xcb1 libxcursor1 libxi6 libxrandr2  # windows, also without a display
)

install() {
  local root=()
  if [[ $EUID -ne 0 ]]; then
    command -v sudo >/dev/null || { echo "以 root 运行，或先安装 sudo / run as root, or install sudo first" >&2; exit 1; }
    root=(sudo)
  fi
  echo "安装 / installing: $*"
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
((${#missing[@]} == 0)) || install "${missing[@]}"

# Rust: from rustup where the distribution has it (Debian 13, Ubuntu 24.04 and newer).
if ! command -v cargo >/dev/null && apt-cache show rustup >/dev/null 2>&1; then
  install rustup
  rustup default stable
fi
needed=1.95
found=$(cargo --version 2>/dev/null | cut -d' ' -f2) || true
if [[ -z $found || $(printf '%s\n' "$needed" "$found" | sort -V | head -n1) != "$needed" ]]; then
  echo "需要 Rust $needed 或更新版本（rustup），现有：${found:-无}" >&2
  echo "Rust $needed or newer is needed (rustup); found: ${found:-none}" >&2
  exit 1
fi
