#!/usr/bin/env bash
# Fuzzes for so many seconds per target; what is found stays in the build folder and makes the run fail.
#
#   tests/fuzz/run.sh --seconds 60
#   tests/fuzz/run.sh --seconds 1800 --target marshal --build build/fuzz
#
# The fuzzers are built first (cmake --preset fuzz); the corpus grows from run to run.
set -uo pipefail
root="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)"
seconds=60
targets=()
build="$root/build/fuzz"
while [ $# -gt 0 ]; do
  case "$1" in
    --seconds) seconds="$2"; shift 2 ;;
    --target) targets+=("$2"); shift 2 ;;
    --build) build="$(readlink -f "$2")"; shift 2 ;;
    *) sed -n '2,7p' "${BASH_SOURCE[0]}"; exit 2 ;;
  esac
done
[ ${#targets[@]} -gt 0 ] || targets=(compile marshal)

cd "$root" || exit 2
if [ "$build" = "$root/build/fuzz" ]; then
  cmake --preset fuzz > /dev/null && ninja -C "$build" $(printf 'krait-fuzz-%s ' "${targets[@]}") || exit 2
fi
work="$build/fuzzing"
mkdir -p "$work/findings"
/usr/bin/python3.11 -B tests/fuzz/seeds.py "$work/seeds" || exit 2

# The heap is scanned conservatively and freed at exit by the system alone.
export ASAN_OPTIONS="detect_leaks=0:allocator_may_return_null=1:${ASAN_OPTIONS:-}"
export UBSAN_OPTIONS="halt_on_error=1:print_stacktrace=1:${UBSAN_OPTIONS:-}"
failed=0
for target in "${targets[@]}"; do
  mkdir -p "$work/corpus/$target"
  dictionary=()
  [ "$target" = compile ] && dictionary=(-dict="$work/seeds/python.dict")
  log="$work/$target.log"
  "$build/bin/krait-fuzz-$target" -max_total_time="$seconds" -max_len=4096 -timeout=20 -rss_limit_mb=3000 \
    -artifact_prefix="$work/findings/$target-" -print_final_stats=1 ${dictionary[@]+"${dictionary[@]}"} \
    "$work/corpus/$target" "$work/seeds/$target" > "$log" 2>&1
  status=$?
  runs="$(sed -n 's/stat::number_of_executed_units: *//p' "$log")"
  if [ "$status" = 0 ]; then
    echo "$target: $runs inputs, no finding"
  else
    echo "$target: a finding after ${runs:-an unknown number of} inputs; the log is $log"
    grep -m1 -E 'ERROR|runtime error|SUMMARY' "$log"
    failed=1
  fi
done
exit $failed
