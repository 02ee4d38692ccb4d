#!/usr/bin/env bash
# Makes what tests/Mhi.LinuxGuest runs: QEMU with the vfio-user client, and two stock Debian kernels with their
# modules in an initramfs. All of it comes from Debian's archive and is kept outside the checkout.
#   eng/linux-guest/prepare.sh           makes it, or returns at once when it is there; prints the folder
#   eng/linux-guest/prepare.sh --again   makes it anew, with the packages of today
# MHI_GUEST_CACHE names the folder; the default is ~/.cache/mhi/linux-guest.
# Exit status: 0 ready, 2 wrong usage, 3 needs root, 4 a package cannot be had here, 1 anything else.
set -euo pipefail

# Raise this when the contents of the folder change: an older folder is then made anew.
readonly layout=3
readonly needs_root=3
readonly no_packages=4

cache=${MHI_GUEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/mhi/linux-guest}
ready=$cache/ready
modules="mhi_pci_generic mhi_wwan_ctrl mhi_net mhi_wwan_mbim"
node_modules="cuse"
vfio_modules="vfio_iommu_type1 vfio-pci"

say() { echo "$1" >&2; }

stop() {
  say "$2"
  exit "$1"
}

is_ready() { [ "$(cat "$ready" 2> /dev/null)" = "$layout" ]; }

case "${1-}" in
  '') ;;
  --again) again=yes ;;
  *) stop 2 "Usage: eng/linux-guest/prepare.sh [--again]" ;;
esac

if [ -z "${again-}" ] && is_ready; then
  echo "$cache"
  exit 0
fi

[ "$(id -u)" -eq 0 ] ||
  stop $needs_root "The Linux guest is not prepared yet, and this needs root. Run eng/linux-guest/prepare.sh as root once."
[ "$(uname -m)" = x86_64 ] ||
  stop $no_packages "The Linux guest is prepared from amd64 packages; this machine is $(uname -m)."
command -v apt-get > /dev/null ||
  stop $no_packages "The Linux guest is prepared from Debian packages, and this machine has no apt-get."

mkdir -p "$cache"
exec 9> "$cache/lock"
flock 9
if [ -z "${again-}" ] && is_ready; then
  echo "$cache"
  exit 0
fi

log=$cache/prepare.log
work=$cache/making
: > "$log"

# Runs quietly; what it printed shows only when it fails.
quietly() {
  local status=$1 why=$2
  shift 2
  if ! "$@" >> "$log" 2>&1 < /dev/null 9>&-; then
    tail -n 20 "$log" >&2
    stop "$status" "$why The log is $log."
  fi
}

# What depends on the archive and the way there may fail without a fault of ours; all else may not.
fetch() { quietly $no_packages "$@"; }
make() { quietly 1 "$@"; }

export DEBIAN_FRONTEND=noninteractive LC_ALL=C

install_host_packages() {
  command -v debootstrap > /dev/null && [ -e /usr/share/keyrings/debian-archive-keyring.gpg ] && return
  say "Installing debootstrap ..."
  fetch "apt-get could not read the package lists." apt-get update -qq
  fetch "apt-get could not install debootstrap." \
    apt-get install -y -qq --no-install-recommends debootstrap debian-archive-keyring
}

# The mirror and the proxy this machine uses for Debian; without one, debootstrap's own default.
machine_mirror() {
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' 2> /dev/null |
    head -n 1
}

machine_proxy() {
  apt-config dump --format '%f %v%n' | sed -n 's/^Acquire::http::Proxy //Ip' | head -n 1
}

in_root() { chroot "$root" "$@"; }

make_root() {
  local proxy mirror
  proxy=$(machine_proxy)
  mirror=$(machine_mirror || true)
  if [ -n "$proxy" ] && [ "$proxy" != DIRECT ]; then
    export http_proxy="${http_proxy:-$proxy}"
  fi

  say "Unpacking a Debian trixie for QEMU (about a minute) ..."
  fetch "debootstrap could not unpack Debian trixie." \
    debootstrap --variant=minbase --include=ca-certificates trixie "$root" ${mirror:+"$mirror"}

  cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
  apt-config dump --format '%F "%v";%n' | grep -E '^Acquire::(http|https|Check-|Retries)' \
    > "$root/etc/apt/apt.conf.d/90machine" || true
  local sources=$root/etc/apt/sources.list
  sed 's/ trixie main/ trixie-backports main/' "$sources" > "$root/etc/apt/sources.list.d/backports.list"
  sed 's/ trixie main/ bookworm main/' "$sources" > "$root/etc/apt/sources.list.d/bookworm.list"
  # Packages are unpacked by root here; the download sandbox's user may not reach the folder.
  echo 'APT::Sandbox::User "root";' > "$root/etc/apt/apt.conf.d/91sandbox"

  fetch "The package lists of trixie-backports and bookworm could not be read." in_root apt-get update
  fetch "QEMU could not be installed from trixie-backports." \
    in_root apt-get install -y --no-install-recommends -t trixie-backports qemu-system-x86
  fetch "The tools for the initramfs could not be installed." \
    in_root apt-get install -y --no-install-recommends busybox-static cpio kmod xz-utils
  in_root qemu-system-x86_64 -device vfio-user-pci,help 2>> "$log" | grep -q 'socket=' ||
    stop $no_packages "This QEMU has no vfio-user-pci device with a socket; trixie-backports must offer QEMU 11 or newer."
}

# The package that linux-image-amd64 of a release stands for, such as linux-image-6.1.0-56-amd64.
kernel_package() {
  in_root apt-cache show linux-image-amd64 |
    awk -v release="$1" '
      /^Version:/ { version = $2 }
      /^Depends:/ && (release == "backports" ? version ~ /bpo/ : version ~ /^6\.1\./) {
        if (match($0, /linux-image-[0-9][^ ,]*/)) { print substr($0, RSTART, RLENGTH); exit }
      }'
}

# kernel NAME RELEASE: the unpacked packages in /kernels/NAME of the root, and the two files QEMU boots.
make_kernel() {
  local name=$1 release=$2 image version packages place=/kernels/$1
  image=$(kernel_package "$release")
  [ -n "$image" ] || stop $no_packages "Debian offers no linux-image-amd64 for $release."
  version=${image#linux-image-}
  say "Fetching kernel $version ..."

  # The image of newer releases is split: the bootable file is in linux-binary, the modules are in linux-modules.
  packages=$image
  if [ -n "$(in_root apt-cache pkgnames "linux-binary-$version")" ]; then
    packages="linux-binary-$version linux-modules-$version"
  fi

  mkdir -p "$root$place/tree/usr/lib"
  [ -n "${packages##*linux-binary*}" ] || ln -s usr/lib "$root$place/tree/lib"
  fetch "Kernel $version could not be fetched." in_root sh -c "cd $place && apt-get download $packages"
  make "Kernel $version could not be unpacked." in_root sh -euc "
    cd $place
    for package in *.deb; do dpkg-deb --fsys-tarfile \$package | tar -x --keep-directory-symlink -C tree; done
    rm -f *.deb
    depmod -b $place/tree $version
    if [ -e tree/boot/vmlinuz-$version ]; then
      cp tree/boot/vmlinuz-$version vmlinuz
    else
      cp tree/usr/lib/modules/$version/vmlinuz vmlinuz
    fi"
  make "The initramfs of kernel $version could not be made." in_root sh -euc "
    cd $place
    mkdir -p image/bin image/modules image/dev image/proc image/sys image/tmp
    cp /bin/busybox image/bin/
    ln -s busybox image/bin/sh
    # add LIST MODULE...: the modules with all they need, and in LIST the order to load them in.
    add() {
      list=image/modules/\$1
      shift
      for module in \"\$@\"; do modprobe -S $version -d $place/tree --show-depends \$module; done |
        while read -r verb path rest; do
          [ \"\$verb\" = insmod ] || continue
          name=\$(basename \"\$path\" .xz)
          [ ! -e image/modules/\$name ] || continue
          # busybox's insmod reads no compressed module.
          case \$path in *.xz) xz -dc \"\$path\" > image/modules/\$name ;; *) cp \"\$path\" image/modules/ ;; esac
          echo \$name >> \$list
        done
    }
    add order $modules
    add node-order $node_modules
    add vfio-order $vfio_modules
    grep -q mhi_wwan_mbim image/modules/order
    grep -q cuse image/modules/node-order
    grep -q vfio-pci image/modules/vfio-order
    (cd image && find . | cpio -o -H newc -R 0:0 | gzip -1) > initramfs.gz
    rm -rf image tree
    echo $version > version"
}

install_host_packages
rm -rf --one-file-system "$work"
root=$work/root
mkdir -p "$root"
make_root
make_kernel backports backports
make_kernel bookworm bookworm
in_root apt-get clean
rm -rf "$root"/var/lib/apt/lists/*
mkdir -p "$root/guests"

# Only a whole folder takes the place of the old one; the stamp is the last thing written.
rm -f "$ready"
rm -rf --one-file-system "$cache/root"
mv "$root" "$cache/root"
rm -rf --one-file-system "$work"
echo $layout > "$ready.new"
mv "$ready.new" "$ready"
say "The Linux guest is ready: QEMU $(chroot "$cache/root" qemu-system-x86_64 --version | sed -n '1s/.*version \([0-9.]*\).*/\1/p'), kernels $(cat "$cache"/root/kernels/*/version | paste -sd ' ')."
echo "$cache"
