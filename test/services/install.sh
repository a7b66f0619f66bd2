#!/bin/sh
# Installs what packages.txt names and is not there yet (as root, on Debian 12). No service is started; a second run does nothing.
set -eu
cd "$(dirname "$0")"

missing=''
for package in $(grep -v '^#' packages.txt); do
  dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
[ "$(id -u)" = 0 ] || { echo "Not installed:$missing. Run test/services/install.sh as root." >&2; exit 1; }

# The package scripts ask policy-rc.d whether they may start their service; 101 means no. The machine's own answer comes back at the end.
policy=/usr/sbin/policy-rc.d
restore() {
  rm -f "$policy"
  [ ! -e "$policy.before" ] || mv "$policy.before" "$policy"
}
trap restore EXIT
trap 'exit 1' INT TERM
[ ! -e "$policy" ] || [ -e "$policy.before" ] || mv "$policy" "$policy.before"
printf '#!/bin/sh\nexit 101\n' >"$policy"
chmod 755 "$policy"

export DEBIAN_FRONTEND=noninteractive
echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections
apt-get update -q
# shellcheck disable=SC2086 -- a list of names
apt-get install -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 $missing
