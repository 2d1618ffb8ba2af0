#!/bin/sh
# PID 1 of a lab host before systemd: gives the container what a machine of its own would have, then becomes systemd.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export container=docker

# Binding the machine's own tree instead would make all hosts share one: limits then do nothing and journald dies.
cgroups_v1() {
  mount -t tmpfs -o mode=755 cgroup /sys/fs/cgroup
  while IFS=: read -r _ names _; do
    case "$names" in
      '' | name=systemd) ;;
      name=*) mount_v1 "none,$names" "${names#name=}" ;;
      *) mount_v1 "$names" "$names" ;;
    esac
  done </proc/self/cgroup
  mount_v1 none,name=systemd systemd
}

mount_v1() {
  mkdir -p "/sys/fs/cgroup/$2"
  mount -t cgroup -o "$1" cgroup "/sys/fs/cgroup/$2" || rmdir "/sys/fs/cgroup/$2"
  case "$2" in *,*) for one in $(echo "$2" | tr , ' '); do ln -s "$2" "/sys/fs/cgroup/$one"; done ;; esac
}

# These sysctls are the whole machine's. Files in their place take a write, keep it, and leave the machine alone.
private_sysctls() {
  mount -t tmpfs -o mode=755 lab /mnt
  for tree in vm fs kernel; do cp -a "/proc/sys/$tree" /mnt/ 2>/dev/null; done
  cat /proc/sys/kernel/random/uuid >/mnt/boot_id
  for own in hostname domainname random; do mount --bind "/proc/sys/kernel/$own" "/mnt/kernel/$own"; done
  mount --bind /mnt/boot_id /mnt/kernel/random/boot_id
  for tree in vm fs kernel; do mount --rbind "/mnt/$tree" "/proc/sys/$tree"; done
  umount -l /mnt
}

device_nodes() {
  for n in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do [ -e /dev/loop$n ] || mknod -m 660 /dev/loop$n b 7 $n; done
  [ -e /dev/loop-control ] || mknod -m 660 /dev/loop-control c 10 237
  mkdir -p /dev/net
  [ -e /dev/net/tun ] || mknod -m 666 /dev/net/tun c 10 200
}

first_boot() {
  [ -e /.lab/born ] && return
  case "${LAB_SSH:-service}" in
    socket) systemctl -q disable ssh.service; systemctl -q enable ssh.socket ;;
    *) systemctl -q disable ssh.socket; systemctl -q enable ssh.service ;;
  esac
  ssh-keygen -q -A
  touch /.lab/born
} 2>/dev/null

if [ -e /sys/fs/cgroup/cgroup.controllers ]; then mount -o remount,rw /sys/fs/cgroup; else
  cgroups_v1
  legacy='systemd.unified_cgroup_hierarchy=0 SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1'
fi
mount -o remount,rw /sys 2>/dev/null
mount -o remount,rw /proc/sys 2>/dev/null
private_sysctls
device_nodes
first_boot
mount --make-rshared /
# shellcheck disable=SC2086 # two words on purpose: newer systemd wants to be told that cgroup v1 is meant
exec /lib/systemd/systemd ${legacy:-}
