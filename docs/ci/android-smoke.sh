#!/bin/sh
# Installs an APK in the running emulator, starts it, waits for its first screen and takes a picture. Not run here; see docs/build-phones.md.
set -eu
apk=$1
out=android-smoke
app=lu.folio.app
mkdir -p "$out"

trap 'adb logcat -d >"$out/log.txt"; adb exec-out screencap -p >"$out/screen.png"' EXIT

adb install -r "$apk"
adb logcat -c
adb shell am start -W -n "$app/.MainActivity"
tries=0
# The web view's content has an accessibility tree as soon as it is drawn.
until adb shell uiautomator dump /sdcard/screen.xml >/dev/null 2>&1 && adb shell cat /sdcard/screen.xml | grep -q 'Folio'; do
  tries=$((tries + 1))
  if [ "$tries" -ge 30 ]; then echo 'the first screen did not come' >&2; exit 1; fi
  sleep 1
done
# A ticket opens the app; it is not from one of its portals, so it is refused on the screen and not by a crash.
adb shell am start -W -a android.intent.action.VIEW -d "'https://link.folio.example/t#nothing'" "$app"
adb shell pidof "$app"
if adb logcat -d | grep -E 'FATAL EXCEPTION|panicked at'; then exit 1; fi
