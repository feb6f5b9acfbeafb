#!/usr/bin/env bash
# 演示：整座大厅在一台电脑上。The demo: a whole hall on one computer.
#   scripts/demo.sh                                          在屏幕上 on a display
#   scripts/demo.sh --headless --out DIR [--plan FILE]       不用屏幕，留下图片、号票和录音 without one; leaves pictures, slip and sound
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
"$here/scripts/setup.sh"
(cd "$here" && cargo build --release --locked --bins)
exec "$here/target/release/hall-sim" demo --halls "$here/halls" "$@"
