#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test with ctest: all tests on the release build, and the unit tests and fuzz
# replays once more under AddressSanitizer and UndefinedBehaviorSanitizer, with warnings as errors. Run it again as often as you
# like; what is built already is not built again.
#
# usage: tests/run.sh [--quick|--sanitizers] [CTEST-OPTION ...]
#   --quick        the release build only
#   --sanitizers   the sanitized tests in any case; without it they are left out, aloud, when setting up and building the release
#                  took so long that all together would take more than half an hour
#   CTEST-OPTION   for instance -R unit.test_jpeg
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C.UTF-8
setup_limit_s=720

mode=
case ${1-} in
--quick | --sanitizers)
    mode=$1
    shift
    ;;
-h | --help)
    sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
    exit
    ;;
esac

packaging/setup.sh
cmake --preset release -Wno-dev >/dev/null
cmake --build --preset release
suites=("$PWD/build/release")

if [ "$mode" = --quick ]; then
    echo "tests: without sanitizers, as asked"
elif [ "$mode" != --sanitizers ] && [ "$SECONDS" -gt "$setup_limit_s" ]; then
    echo "tests: setting up took $SECONDS s; the sanitized tests are LEFT OUT (tests/run.sh --sanitizers runs them in any case)"
else
    cmake --preset asan -Wno-dev -DCMAKE_COMPILE_WARNING_AS_ERROR=ON -DBF_TEST_PREFIX=asan. >/dev/null
    cmake --build --preset asan
    suites+=("$PWD/build/asan")
fi

# One ctest over the builds, so that one summary counts everything. Most command-line tests run on the release alone.
mkdir -p build/tests
printf 'subdirs("%s")\n' "${suites[@]}" >build/tests/CTestTestfile.cmake
echo "tests: ready to run after $SECONDS s"
ctest --test-dir build/tests --output-on-failure --no-tests=error -j "$(nproc)" -LE by-hand "$@"
