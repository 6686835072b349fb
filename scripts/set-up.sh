# Shared by ./start and ./check: installs what is missing, configures and compiles ./build.
# Sourced with the source folder as the current one.

# packages SECTION... : the packages of these sections of packages.txt
packages() {
  for section in "$@"; do
    sed -n "/^\[$section\]/,/^\[/p" scripts/packages.txt | sed 's/#.*//; /^\[/d' | tr -s ' \n' ' '
  done
}

is_installed() {
  dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed
}

# install_packages SECTION... : asks for nothing and needs no network when nothing is missing
install_packages() {
  if ! command -v dpkg-query >/dev/null; then
    echo "This is not a Debian system; these packages' equivalents are needed:"
    echo " $(packages "$@")"
    return 0
  fi
  missing=
  for package in $(packages "$@"); do
    is_installed "$package" || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0

  echo "These Debian packages are missing and will be installed:$missing"
  as_root=
  if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "This needs root, and there is no sudo. As root, run:" >&2
      echo "  apt-get update && apt-get install$missing" >&2
      return 1
    fi
    echo "(sudo may ask for your password)"
    as_root=sudo
  fi
  $as_root apt-get update || return 1
  # shellcheck disable=SC2086
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing
}

# build : ./build, with optimisation
build() {
  if [ ! -f build/build.ninja ]; then
    echo "Configuring ./build"
    meson setup build --buildtype=release || return 1
  fi
  echo "Compiling (a first time takes a few minutes)"
  ninja -C build
}

# What the uninstalled programs need.
export CROSSLENS_DATA_DIR="$PWD/data"
export GSETTINGS_SCHEMA_DIR="$PWD/build/data"
export CROSSLENS_LOCALE_DIR="$PWD/build/po"
