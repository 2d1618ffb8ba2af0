// Kernel settings that a server gets unless its configuration says otherwise, each with its source.

export const SYSCTL: Readonly<Record<string, string>> = {
  // The guide, Step 1.
  'vm.swappiness': '10',
  'fs.inotify.max_user_watches': '524288',
  'fs.inotify.max_user_instances': '512',
  'net.core.somaxconn': '1024',

  // Kernel addresses and logs help an exploit; CIS Debian 12 1.5 and the Kernel Self-Protection Project.
  'kernel.kptr_restrict': '2',
  'kernel.dmesg_restrict': '1',
  'kernel.randomize_va_space': '2',
  // 2: only root may look into other processes (Documentation/admin-guide/LSM/Yama.rst).
  'kernel.yama.ptrace_scope': '2',
  // 1: off until the next boot, so that not even root turns it on again (Documentation/admin-guide/sysctl/kernel.rst).
  'kernel.unprivileged_bpf_disabled': '1',
  'net.core.bpf_jit_harden': '2',

  // Files in shared folders such as /tmp (Documentation/admin-guide/sysctl/fs.rst), no dumps of setuid programs.
  'fs.protected_hardlinks': '1',
  'fs.protected_symlinks': '1',
  'fs.protected_fifos': '2',
  'fs.protected_regular': '2',
  'fs.suid_dumpable': '0',

  // A server is no router for strangers: CIS Debian 12 3.3. ip_forward stays alone, containers need it.
  'net.ipv4.conf.all.rp_filter': '1',
  'net.ipv4.conf.default.rp_filter': '1',
  'net.ipv4.conf.all.accept_redirects': '0',
  'net.ipv4.conf.default.accept_redirects': '0',
  'net.ipv4.conf.all.secure_redirects': '0',
  'net.ipv4.conf.default.secure_redirects': '0',
  'net.ipv4.conf.all.send_redirects': '0',
  'net.ipv4.conf.default.send_redirects': '0',
  'net.ipv4.conf.all.accept_source_route': '0',
  'net.ipv4.conf.default.accept_source_route': '0',
  'net.ipv6.conf.all.accept_redirects': '0',
  'net.ipv6.conf.default.accept_redirects': '0',
  'net.ipv6.conf.all.accept_source_route': '0',
  'net.ipv6.conf.default.accept_source_route': '0',
  'net.ipv4.conf.all.log_martians': '1',
  'net.ipv4.conf.default.log_martians': '1',
  'net.ipv4.icmp_echo_ignore_broadcasts': '1',
  'net.ipv4.icmp_ignore_bogus_error_responses': '1',
  'net.ipv4.tcp_syncookies': '1',
};
