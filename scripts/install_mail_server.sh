#!/usr/bin/env bash
# Dovecot, a real IMAP server for the tests of incoming mail. Only its program is used: the tests start it themselves, with a
# configuration of their own. Without root or apt: says what is missing, and those tests are skipped.
set -euo pipefail
PATH="$PATH:/usr/sbin:/usr/local/sbin"
command -v dovecot >/dev/null && exit 0
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  echo "Installing dovecot-imapd ..."
  # where the package's own service is not wanted, it must not be started by the installation either
  [ -e /usr/sbin/policy-rc.d ] || { printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d; chmod +x /usr/sbin/policy-rc.d; trap 'rm -f /usr/sbin/policy-rc.d' EXIT; }
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends dovecot-imapd >/dev/null
else
  echo "Missing for the tests of incoming mail, which will be skipped: dovecot (dovecot-imapd). Install it with your package manager."
fi
