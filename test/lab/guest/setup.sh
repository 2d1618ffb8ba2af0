#!/bin/sh
# Runs once while the image is made: turns a root file system into a server that nobody touched.
set -eu

# What images for containers carry and servers do not.
rm -f /usr/sbin/policy-rc.d /etc/apt/apt.conf.d/docker-* /etc/dpkg/dpkg.cfg.d/docker* /etc/dpkg/dpkg.cfg.d/excludes

# Needs hardware, or the machine's kernel to itself.
systemctl mask \
  getty.target getty@.service console-getty.service serial-getty@.service getty-static.service \
  systemd-udevd.service systemd-udev-trigger.service systemd-udevd-kernel.socket systemd-udevd-control.socket \
  systemd-modules-load.service dev-hugepages.mount sys-kernel-debug.mount sys-kernel-tracing.mount \
  sys-kernel-config.mount sys-fs-fuse-connections.mount proc-sys-fs-binfmt_misc.automount \
  systemd-remount-fs.service >/dev/null 2>&1
systemctl set-default multi-user.target >/dev/null 2>&1

update-ca-certificates >/dev/null
# Each login would log its absence as an error.
[ -e /etc/default/locale ] || echo LANG=C.UTF-8 >/etc/default/locale
# Each host makes its own.
rm -f /etc/ssh/ssh_host_*
touch /etc/.updated /var/.updated # spares each first boot the rebuilding of caches
: >/etc/machine-id
chmod 700 /root/.ssh
chmod 600 /root/.ssh/authorized_keys
chmod 755 /.lab /.lab/init
rm -f /.lab/setup
