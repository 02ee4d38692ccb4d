# After an image was refused, the device takes the right one from the next start of the driver.
# provokes: mhi-pci-generic .*: using shared MSI$
. /scenarios/lib.sh

function=$(basename "$(modem)")
drivers=/sys/bus/pci/drivers/mhi-pci-generic
cp /lib/firmware/$RIGHT_IMAGE /lib/firmware/$IMAGE || fail "the right image is not there"
if [ -e $drivers/$function ]; then
  echo $function > $drivers/unbind || fail "unbind failed"
fi
echo $function > $drivers/bind || fail "bind failed"
wait_for_ports
kernel_must_say "Starting image download via BHI"
kernel_must_say "Received EE event: MISSION MODE"
