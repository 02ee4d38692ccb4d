# Started in the primary boot loader, the device takes the image through BHI and comes to mission mode by itself.
. /scenarios/lib.sh

said() { dmesg | grep -q -e "$1"; }

start_said() { within 30 said "$1" || fail "the kernel did not say '$1' when it started the device"; }

start_said "Attempting power on with EE: PRIMARY BOOTLOADER, state: RESET"
start_said "Starting image download via BHI"
start_said "Received EE event: MISSION MODE"
