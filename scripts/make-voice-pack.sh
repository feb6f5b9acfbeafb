#!/usr/bin/env bash
# Makes the built-in voice packs (zh, en) from nothing: speech with espeak-ng, chime and trimming with sox.
# 生成内置语音包。Usage: scripts/make-voice-pack.sh [FOLDER]   (default: crates/hall-voice/packs)
# The folder format, and how a hall puts its own recordings in, is in crates/hall-voice/packs/README.md.
set -euo pipefail
cd "$(dirname "$0")/.."

out=${1:-crates/hall-voice/packs}
rate_hz=22050
rms_db=-19    # every clip is brought to this level …
peak_db=-1.5  # … unless its peaks would then pass this one
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for tool in espeak-ng sox; do
  command -v "$tool" >/dev/null || { echo "$tool is not installed: apt-get install espeak-ng sox / 未安装 $tool" >&2; exit 1; }
done

# level FILE → the gain in dB that brings FILE to the level above
level() {
  sox "$1" -n stats 2>&1 | awk -v rms="$rms_db" -v peak="$peak_db" '
    /^Pk lev dB/ { p = $4 } /^RMS lev dB/ { r = $4 }
    END { g = rms - r; if (p + g > peak) g = peak - p; printf "%.2f", g }'
}

# clip PACK NAME TEXT: one recording, silence cut at both ends, levelled, edges faded against clicks
clip() {
  espeak-ng -v "$voice" -s "$words_per_minute" -p "$pitch" -w "$work/raw.wav" "$3"
  sox -D -v 0.5 "$work/raw.wav" -r "$rate_hz" -c 1 -b 16 "$work/trimmed.wav" highpass 80 norm -3 \
    silence 1 0.004 0.6% reverse silence 1 0.004 0.6% reverse
  sox -D "$work/trimmed.wav" "$out/$1/$2.wav" gain "$(level "$work/trimmed.wav")" fade t 0.003 -0 0.010
}

# tone FILE HZ: one struck note, fading 4 dB every 0.1 s, with a soft overtone
tone() {
  sox -D -n -r "$rate_hz" -c 1 -b 16 "$1" synth 2.6 sine "$2" sine "$(awk "BEGIN { print 2 * $2 }")" \
    remix 1v0.8,2v0.12 fade l 0.004 2.6 2.59 trim 0 1.0 fade t 0 1.0 0.2
}

# chime PACK: 叮咚, a falling third (E5, C5)
chime() {
  tone "$work/ding.wav" 659.26
  tone "$work/dong.wav" 523.25
  sox -D "$work/dong.wav" "$work/dong-later.wav" pad 0.45 0
  sox -D -m -v 1 "$work/ding.wav" -v 1 "$work/dong-later.wav" "$work/chime.wav"
  sox -D "$work/chime.wav" "$out/$1/chime.wav" norm -5
}

# manifest PACK LANGUAGE NAME
manifest() {
  cat > "$out/$1/pack.toml" <<TOML
name = "$3"
language = "$2"
source = "espeak-ng $(espeak-ng --version | grep -oE '[0-9]+\.[0-9.]+' | head -1), voice $voice, and sox; scripts/make-voice-pack.sh"
licence = "GPL-3.0-only"
sample_rate_hz = $rate_hz
TOML
}

# Pinyin with tone numbers; [[…]] are espeak-ng phonemes, used for the low third tone inside a phrase.
make_zh() {
  voice=cmn-latn-pinyin words_per_minute=155 pitch=45
  mkdir -p "$out/zh"
  chime zh
  clip zh qing "[[tS;h'i21N]]"
  clip zh hao-dao "hao4 dao4"
  clip zh hao-chuangkou "hao4 chuang1kou3"
  for letter in {A..Z}; do clip zh "letter-$letter" "$letter"; done

  local digits=(ling2 yi1 er4 san1 si4 wu3 liu4 qi1 ba1 jiu3)
  for n in {0..9}; do clip zh "digit-$n" "${digits[n]}"; done
  clip zh digit-1-yao yao1

  local units=("" yi1 er4 san1 si4 "[[w'u21]]" liu4 qi1 ba1 "[[tS;'iou21]]")
  local hundreds=("" "ji51p'ai21" "@r51p'ai21" "sa55np'ai21" "si[51p'ai21" "wu35p'ai21" "liou51p'ai21" "tS;hi55p'ai21" "pA55p'ai21" "tS;iou35p'ai21")
  for n in {1..9}; do
    clip zh "num-$n" "${units[n]}"
    clip zh "num-${n}00" "[[${hundreds[n]}]]"
  done
  clip zh num-10 shi2
  for n in {2..9}; do clip zh "num-${n}0" "${digits[n]}shi2"; done
  clip zh num-ling ling2
  clip zh num-yi-shi yi1shi2
  manifest zh zh "普通话（合成）"
}

make_en() {
  voice=en-us words_per_minute=170 pitch=45
  mkdir -p "$out/en"
  chime en
  clip en ticket "ticket"
  clip en please-go-to-counter "please go to counter"
  clip en counter "counter"
  for letter in {A..Z}; do clip en "letter-$letter" "$letter"; done
  for n in {0..9}; do clip en "digit-$n" "$n"; done
  for n in {1..19}; do clip en "num-$n" "$n"; done
  for n in {2..9}; do clip en "num-${n}0" "${n}0"; done
  for n in {1..9}; do clip en "num-${n}00" "${n}00"; done
  clip en num-and "and"
  manifest en en "English (synthetic)"
}

make_zh
make_en
du -ch "$out"/*/*.wav | tail -1
