#!/usr/bin/env bash
# Installs what tagger needs on Debian 12 (or a relative of it) and prints the folder of LibTorch:
#
#   export TAGGER_LIBTORCH=$(bash cmake/setup.sh [more Debian packages])
#
# Debian's packages come through apt (as root, or with sudo), only where some are missing. LibTorch is the CPU side of
# PyPI's wheel, kept in ${TAGGER_CACHE:-${XDG_CACHE_HOME:-~/.cache}/tagger}; where TAGGER_LIBTORCH names one, that is
# used. Needs 2 GB of disk while it unpacks, 0.6 GB afterwards. A second run changes nothing.
set -euo pipefail

version=2.15.0
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${TAGGER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tagger}
libtorch=$cache/libtorch-$version

say() { echo "setup: $*" >&2; }
fail() { say "$*"; exit 1; }

install_packages() {
  command -v apt-get >/dev/null || { say "not a Debian: please install the likes of $*"; return; }
  local missing=() package
  for package; do
    dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  local root=()
  if ((EUID != 0)); then
    command -v sudo >/dev/null || fail "as root, please: apt-get install ${missing[*]}"
    root=(sudo)
  fi
  say "installing ${missing[*]}"
  local apt=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3)
  "${apt[@]}" update >&2
  "${apt[@]}" install --no-install-recommends "${missing[@]}" >&2
}

# One at a time, each step repeatable: what was killed half-way is taken up or cleared by the next.
fetch_libtorch() {
  [[ $(uname -m) == x86_64 ]] || fail "no LibTorch for $(uname -m) known here: get one and name it in TAGGER_LIBTORCH"
  mkdir -p "$cache"
  exec {lock}>"$cache/lock"
  flock "$lock"
  [[ ! -d $libtorch ]] || return 0
  local partial=$libtorch.partial
  rm -rf "$partial/unpacked" "$partial/tmp"
  mkdir -p "$partial/unpacked" "$partial/tmp"
  say "downloading LibTorch $version (553 MB)"
  TMPDIR=$partial/tmp python3 -m pip download --quiet --disable-pip-version-check --no-cache-dir --retries 10 \
    --no-deps --only-binary :all: --require-hashes --requirement "$here/libtorch.txt" --dest "$partial/wheels" \
    --python-version 3.11 --implementation cp --abi cp311 --abi none \
    --platform manylinux_2_28_x86_64 --platform manylinux_2_25_x86_64 --platform manylinux2014_x86_64 >&2
  say "unpacking it into $libtorch"
  python3 - "$partial/unpacked" "$partial/wheels"/*.whl <<'PYTHON'
import fnmatch, sys, zipfile
keep = ["torch/include/*", "torch/lib/libtorch_cpu.so", "torch/lib/libc10.so", "torch/lib/libgomp*", "*/licenses/*",
        "nvidia/cu13/lib/libcudart.so.*", "nvidia/cu13/lib/libcupti.so.*"]
for path in sys.argv[2:]:
    with zipfile.ZipFile(path) as wheel:
        wheel.extractall(sys.argv[1], [name for name in wheel.namelist() if any(fnmatch.fnmatch(name, k) for k in keep)])
PYTHON
  mv -T "$partial/unpacked" "$libtorch"
  rm -rf "$partial"
}

packages=(g++ cmake ninja-build ccache pkg-config libboost-program-options-dev libboost-test-dev libeigen3-dev
          nlohmann-json3-dev libturbojpeg0-dev libspng-dev libwebp-dev libzip-dev zlib1g-dev libpugixml-dev)
if [[ -n ${TAGGER_LIBTORCH:-} ]]; then
  [[ -e $TAGGER_LIBTORCH/lib/libtorch_cpu.so ]] || fail "TAGGER_LIBTORCH=$TAGGER_LIBTORCH: no lib/libtorch_cpu.so there"
  install_packages "${packages[@]}" "$@"
elif [[ -d $libtorch ]]; then
  install_packages "${packages[@]}" "$@"
else
  install_packages "${packages[@]}" ca-certificates python3-pip "$@"
  fetch_libtorch
fi
echo "${TAGGER_LIBTORCH:-$libtorch/torch}"
