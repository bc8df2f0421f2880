#!/bin/sh
# Installs the Debian packages that the tests run for real: [sudo] -- PACKAGE…
# Nothing is started: the tests start private servers of their own on loopback ports.
set -eu
sudo=
while [ "$1" != -- ]; do sudo="$sudo $1"; shift; done
shift
missing=
for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
command -v apt-get >/dev/null || { echo "These tests need Debian's packages:$missing" >&2; exit 1; }
[ -n "$sudo" ] || [ "$(id -u)" = 0 ] || { echo "Install these first, as root: apt-get install$missing" >&2; exit 1; }
echo "installing Debian packages:$missing"
policy=/usr/sbin/policy-rc.d
[ -e "$policy" ] || { printf '#!/bin/sh\nexit 101\n' | $sudo tee "$policy" >/dev/null; $sudo chmod 755 "$policy"; trap '$sudo rm -f "$policy"' EXIT; }
$sudo apt-get update -q >/dev/null
echo 'postfix postfix/main_mailer_type select No configuration' | $sudo debconf-set-selections
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -q --no-install-recommends $missing >/dev/null
