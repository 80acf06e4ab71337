#!/usr/bin/env bash
# Fuzzes for so many seconds of CPU time per target; what is found stays in the build folder and makes the run fail.
#
#   tests/fuzz/run.sh --seconds 60
#   tests/fuzz/run.sh --seconds 1800 --target marshal --build build/asan
#
# The fuzzers are built first (cmake --preset asan); the corpus grows from run to run.
set -uo pipefail
root="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)"
seconds=60
targets=()
build="$root/build/asan"
while [ $# -gt 0 ]; do
  case "$1" in
    --seconds) seconds="$2"; shift 2 ;;
    --target) targets+=("$2"); shift 2 ;;
    --build) build="$(readlink -f "$2")"; shift 2 ;;
    *) sed -n '2,7p' "${BASH_SOURCE[0]}"; exit 2 ;;
  esac
done
[ ${#targets[@]} -gt 0 ] || targets=(compile marshal verify)

cd "$root" || exit 2
if [ "$build" = "$root/build/asan" ] && [ ! -x "$build/bin/krait-fuzz-${targets[0]}" ]; then
  cmake --preset asan > /dev/null && ninja -C "$build" $(printf 'krait-fuzz-%s ' "${targets[@]}") || exit 2
fi
work="$build/fuzzing"
mkdir -p "$work/findings"
/usr/bin/python3.11 -B tests/fuzz/seeds.py "$work/seeds" || exit 2

# The heap is scanned conservatively and freed at exit by the system alone.
export ASAN_OPTIONS="detect_leaks=0:allocator_may_return_null=1:${ASAN_OPTIONS:-}"
export UBSAN_OPTIONS="halt_on_error=1:print_stacktrace=1:${UBSAN_OPTIONS:-}"
TIMEFORMAT='%U %S'

# fuzz TARGET SECONDS: one process; appends to the log, leaves CPU seconds in `spent`.
fuzz() {
  local dictionary=() status
  [ "$1" = compile ] && dictionary=(-dict="$work/seeds/python.dict")
  { time "$build/bin/krait-fuzz-$1" -max_total_time="$2" -max_len=4096 -timeout=20 -rss_limit_mb=3000 \
    -artifact_prefix="$work/findings/$1-" -print_final_stats=1 ${dictionary[@]+"${dictionary[@]}"} \
    "$work/corpus/$1" "$work/seeds/$1" >> "$work/$1.log" 2>&1; } 2> "$work/$1.time"
  status=$?
  spent="$(awk '{print int($1 + $2)}' "$work/$1.time")"
  return $status
}

passed=0 failed=0
for target in "${targets[@]}"; do
  mkdir -p "$work/corpus/$target"
  log="$work/$target.log"
  : > "$log"
  status=0 total=0
  # libFuzzer counts the clock's seconds; a busy machine gives it fewer.
  while [ "$status" = 0 ] && [ "$total" -lt "$seconds" ]; do
    fuzz "$target" $((seconds - total))
    status=$?
    total=$((total + spent + 1))
  done
  runs="$(awk '/stat::number_of_executed_units:/ {n += $2} END {print n + 0}' "$log")"
  if [ "$status" = 0 ]; then
    echo "$target: $runs inputs in $total seconds of CPU time, no finding"
    passed=$((passed + 1))
  else
    echo "FAIL $target: a finding after $total seconds of CPU time; the log is $log"
    grep -m1 -E 'ERROR|runtime error|SUMMARY' "$log"
    failed=$((failed + 1))
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
