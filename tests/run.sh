#!/usr/bin/env bash
# Sets up what is missing, builds what tests run, runs every test. The last line is `N passed, N failed`; the exit status is
# 0 if there were tests and none failed. Counted: each case of a Boost.Test program, each other test of CTest.
#
#   bash tests/run.sh [arguments for ctest, for example -R weights]
#
# Writes into build/tests and, where LibTorch or Debian's packages were missing, what cmake/setup.sh says.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit
build=$PWD/build/tests

finish() {
  echo "$1 passed, $2 failed"
  (($2 == 0 && $1 > 0))
  exit
}

# The page is tried out in a browser; what is only looked at, whether it compiles, goes to clang.
TAGGER_LIBTORCH=$(bash cmake/setup.sh chromium clang-19) || finish 0 1
export TAGGER_LIBTORCH

# A compiler that reads torch.h takes 1.5 GB.
jobs=$(awk -v cores="$(nproc)" '/^MemAvailable/ { n = int($2 / 1.5e6); print n < 1 ? 1 : n < cores ? n : cores }' /proc/meminfo)

# -O3 takes half as long again, and what is measured or used is built elsewhere.
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release "-DCMAKE_CXX_FLAGS_RELEASE=-O1 -DNDEBUG" \
  -DCMAKE_CXX_COMPILER_LAUNCHER=ccache -DTAGGER_LIBTORCH="$TAGGER_LIBTORCH" --log-level=WARNING || finish 0 1
# What does not build fails its own test and keeps no other from running.
built=0
cmake --build "$build" --target tested --parallel "$jobs" -- -k 0 || built=1

rm -rf "$build/results" && mkdir "$build/results"
ctest --test-dir "$build" --parallel "$jobs" --timeout 900 --output-on-failure --no-tests=error \
  --output-junit "$build/results/ctest.xml" "$@"

# ctest.xml names every test and how it ended; a Boost.Test program has written its cases to results/<name>.xml, unless
# it ended before its time. A program that failed without a failed case counts as one failure.
read -r passed failed < <(awk -v results="$build/results" '
  function attribute(name) {
    return match($0, " " name "=\"[^\"]*") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 3) : ""
  }
  /<testcase / {
    file = results "/" attribute("name") ".xml"; good = bad = 0
    while ((more = getline line < file) > 0) {
      if (line ~ /<testcase /) { good++; counted = 0 }
      if (line ~ /<(failure|error)[ >]/ && !counted) { good--; bad++; counted = 1 }
    }
    ended = attribute("status") == "run" && (more < 0 || good + bad > 0)
    if (!ended && bad == 0) bad = 1
    if (ended && good + bad == 0) good = 1
    passed += good; failed += bad
  }
  END { print passed + 0, failed + 0 }' "$build/results/ctest.xml")
# A program that is no test did not build.
if ((built != 0 && failed == 0)); then failed=1; fi
finish "${passed:-0}" "${failed:-1}"
