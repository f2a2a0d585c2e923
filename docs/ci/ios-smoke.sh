#!/bin/sh
# Installs an app in a simulator, starts it and takes a picture. Not run here; see docs/build-phones.md.
set -eu
app=$1
out=ios-smoke
mkdir -p "$out"

device=$(xcrun simctl list devices available | sed -n 's/^ *iPhone.*(\([0-9A-F-]\{36\}\)).*/\1/p' | head -n 1)
xcrun simctl boot "$device"
xcrun simctl bootstatus "$device"
xcrun simctl install "$device" "$app"
xcrun simctl launch "$device" lu.folio.app
tries=0
# Alive for ten looks in a row.
while [ "$tries" -lt 10 ]; do
  xcrun simctl spawn "$device" launchctl list | grep -q lu.folio.app || { echo 'it ended by itself' >&2; exit 1; }
  tries=$((tries + 1))
  sleep 1
done
xcrun simctl io "$device" screenshot "$out/screen.png"
