# Shortcuts for OpenClaw on this server. Written by clincher (convenience.shortcuts).
# Nothing here changes a setting: that would be undone. Edit clincher.yaml, then clincher run provision.
# The words in an alias are those of the shell that it starts.
# shellcheck shell=sh disable=SC2142
alias oc-help="sed -n 's/^# oc-/oc-/p' /etc/profile.d/openclaw.sh"
# oc-status        containers, and what each takes
alias oc-status='env -C /opt/openclaw docker compose ps; docker stats --no-stream'
# oc-health        how each service says it is
alias oc-health='env -C /opt/openclaw docker compose ps --all --format "table {{.Service}}\t{{.Status}}"'
# oc-doctor        what OpenClaw finds wrong with itself
alias oc-doctor='docker exec openclaw openclaw doctor --non-interactive'
# oc-audit         OpenClaw’s security audit
alias oc-audit='docker exec openclaw openclaw security audit --deep'
# oc-sandbox       what tools may do, and where
alias oc-sandbox='docker exec openclaw openclaw sandbox explain'
# oc-usage         what models have cost
alias oc-usage='docker exec openclaw openclaw gateway usage-cost'
# oc-memory        searches the memory: oc-memory WORDS
alias oc-memory='docker exec openclaw openclaw memory search'
# oc-memory-index  how the index of the memory is
alias oc-memory-index='docker exec openclaw openclaw memory status'
# oc-config        is OpenClaw’s configuration valid
alias oc-config='docker exec openclaw openclaw config validate'
# oc-config-get    one setting: oc-config-get gateway.bind
alias oc-config-get='docker exec openclaw openclaw config get'
# oc-disk          how full the disk is, and of what
alias oc-disk='df -h /opt/openclaw; sudo du -xsh /opt/openclaw/*'
# oc-logs          the last 100 lines of each service
alias oc-logs='env -C /opt/openclaw docker compose logs --tail 100'
# oc-logs-follow   the same as they come
alias oc-logs-follow='env -C /opt/openclaw docker compose logs --tail 50 -f'
# oc-logs-gw       of the gateway
alias oc-logs-gw='env -C /opt/openclaw docker compose logs --tail 100 openclaw'
# oc-logs-llm      of the model proxy
alias oc-logs-llm='env -C /opt/openclaw docker compose logs --tail 100 litellm'
# oc-logs-egress   of the egress proxy
alias oc-logs-egress='env -C /opt/openclaw docker compose logs --tail 100 openclaw-egress'
# oc-restart       restarts the gateway alone
alias oc-restart='env -C /opt/openclaw docker compose restart openclaw'
# oc-restart-all   restarts every service
alias oc-restart-all='env -C /opt/openclaw docker compose restart'
# oc-stop          stops every service
alias oc-stop='env -C /opt/openclaw docker compose stop'
# oc-start         starts them, and waits until they are healthy
alias oc-start='env -C /opt/openclaw docker compose up -d --wait'
# oc-shell         a shell in the gateway
alias oc-shell='docker exec -i $([ -t 0 ] && echo -t) openclaw sh'
# oc-redis         redis-cli, logged in: oc-redis INFO
alias oc-redis='docker exec -i $([ -t 0 ] && echo -t) openclaw-redis sh -c '\''REDISCLI_AUTH=$REDIS_PASSWORD exec redis-cli "$@"'\'' sh'
# oc-backup        makes a backup now
alias oc-backup='sudo systemctl start clincher-backup.service'
# oc-uploads       the shared files
alias oc-uploads='ls -lah /opt/openclaw/uploads/'
