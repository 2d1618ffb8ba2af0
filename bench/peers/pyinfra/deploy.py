# The same state as clincher's checklists `base` and `harden.host` by pyinfra's own operations and facts.
import json
import os

from pyinfra import config, host
from pyinfra.api import FactBase
from pyinfra.facts.server import Command
from pyinfra.operations import apt, files, server, systemd

config.SUDO = True

with open(os.environ["BENCH_MATERIAL"]) as material:
    m = json.load(material)


class UfwAdded(FactBase):
    """Rules as ufw lists them, without its first word."""

    def command(self):
        return "ufw show added"

    def process(self, output):
        return [line.removeprefix("ufw ") for line in output if line.startswith("ufw ")]


def put(name, key, mode="0644"):
    """One file; pyinfra compares its checksum and mode. None when this host has no use for it."""
    if key not in m["files"]:
        return None
    file = m["files"][key]
    return files.put(name=name, src=file["source"], dest=file["path"], mode=mode)


def prove(key):
    """Fails the host when the proof fails."""
    host.get_fact(Command, m["proofs"][key])


server.user(
    name="base.user",
    user=m["user"],
    groups=["sudo"],
    append=True,
    shell="/bin/bash",
    ensure_home=False,
)
put("base.sudo", "sudoers", "440")
server.user_authorized_keys(
    name="base.authorized-keys",
    user=m["user"],
    public_keys=m["authorized_keys"],
    delete_keys=True,
)
sshd = put("base.ssh-door, base.sshd: configuration", "sshd")
systemd.service(
    name="base.sshd: reload",
    service="ssh.service",
    reloaded=True,
    _if=sshd.did_change,
)
socket = put("base.ssh-door: socket", "socket")
if socket:
    systemd.daemon_reload(name="base.ssh-door: units", _if=socket.did_change)
prove("sshd")
put("base.packages: pin", "pin")
put("base.packages: source", "source")
apt.packages(name="base.packages", packages=m["packages"], no_recommends=True)
systemd.service(name="base.docker", service="docker.service", running=True, enabled=True)
prove("compose")
daemon = put("base.docker-daemon: configuration", "daemon")
systemd.service(
    name="base.docker-daemon: restart",
    service="docker.service",
    restarted=True,
    _if=daemon.did_change,
)
prove("docker")
server.user(
    name="base.docker-group",
    user=m["user"],
    groups=["docker"],
    append=True,
    ensure_home=False,
)
sysctl = put("base.sysctl: file", "sysctl")
server.shell(name="base.sysctl: load", commands=["sysctl --system"], _if=sysctl.did_change)
prove("sysctl")
prove("time")
put("base.unattended-upgrades: configuration", "upgrades")
prove("upgrades")
for timer in ["apt-daily.timer", "apt-daily-upgrade.timer"]:
    systemd.service(
        name=f"base.unattended-upgrades: {timer}",
        service=timer,
        running=True,
        enabled=True,
    )
for directory in m["directories"]:
    files.directory(
        name=f"base.directories: {directory}",
        path=directory,
        mode="700",
        user=m["user"],
        group=m["user"],
    )
defaults = put("harden.firewall: defaults", "ufw")
added = host.get_fact(UfwAdded)
missing = [rule["words"] for rule in m["rules"] if rule["words"] not in added]
if missing:
    server.shell(
        name="harden.firewall, harden.web-ports: rules",
        commands=[f"ufw {words}" for words in missing],
    )
after = put("harden.docker-user: IPv4", "after", m["files"]["after"]["mode"])
after6 = put("harden.docker-user: IPv6", "after6", m["files"]["after6"]["mode"])
server.shell(
    name="harden.firewall: reload",
    commands=["ufw --force enable", "ufw reload"],
    _if=lambda: defaults.did_change() or after.did_change() or after6.did_change(),
)
prove("firewall")
jail = put("harden.fail2ban: jail", "jail")
systemd.service(
    name="harden.fail2ban: service",
    service="fail2ban.service",
    running=True,
    enabled=True,
)
server.shell(
    name="harden.fail2ban: reload",
    commands=["fail2ban-client reload"],
    _if=jail.did_change,
)
prove("fail2ban")
