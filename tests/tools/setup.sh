# Shared by tests/run and bench/run: installs what is missing on Debian 12, and builds presets with progress.

KRAIT_PACKAGES=(
  cmake ninja-build ccache g++ clang-19 libclang-rt-19-dev lld-19 binutils git ca-certificates
  libboost1.81-dev libgmp-dev libicu-dev zlib1g-dev libdeflate-dev libexpat1-dev libunwind-dev liblzma-dev
  nettle-dev libcrypt-dev libb2-dev libbz2-dev libssl-dev
  libbenchmark-dev catch2 nlohmann-json3-dev libcli11-dev libfmt-dev
  python3.11 libpython3.11-stdlib libpython3.11-testsuite clang-format clang-tidy nodejs
)

if [ -t 2 ]; then bold=$'\033[1m' plain=$'\033[0m'; else bold='' plain=''; fi
started=$SECONDS
elapsed() { printf '%d:%02d' $(((SECONDS - started) / 60)) $(((SECONDS - started) % 60)); }
say() { printf '%s[%s] %s%s\n' "$bold" "$(elapsed)" "$*" "$plain" >&2; }
die() { printf '%s\n' "$*" >&2; exit 2; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else die "Missing packages need root: run as root, or install sudo. Missing: $*"
  fi
}

# Installs only what dpkg does not know as installed: a second run costs a tenth of a second.
install_packages() {
  local package missing=()
  local installed
  installed=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' 2>/dev/null | awk '$1 == "ii" {print $2}')
  for package in "${KRAIT_PACKAGES[@]}"; do
    grep -qxF "$package" <<<"$installed" || missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] && return
  say "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  as_root apt-get update -qq
  as_root apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

# build PRESET [cmake options]: configures when needed and builds everything, or KRAIT_TARGET; the log is shown only
# when it fails.
build() {
  local preset=$1 log="build/$1.log" target=${KRAIT_TARGET:-all}
  shift
  say "building $preset"
  mkdir -p build
  cmake --preset "$preset" "$@" >"$log" 2>&1 || { cat "$log"; die "configuring $preset failed"; }
  if [ -t 2 ]; then
    NINJA_STATUS='[%f/%t] ' cmake --build --preset "$preset" --target "$target" | tee "$log" | grep --line-buffered '^\[' | cut -c1-100 |
      while IFS= read -r line; do printf '\r\033[K%s' "$line" >&2; done
    local status=${PIPESTATUS[0]}
    printf '\r\033[K' >&2
  else
    cmake --build --preset "$preset" --target "$target" >"$log" 2>&1
    local status=$?
  fi
  [ "$status" = 0 ] || { grep -A20 -E 'FAILED|error' "$log" | head -100; die "building $preset failed; the whole log is $log"; }
}
