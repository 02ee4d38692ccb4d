# Started in the primary boot loader with another image than the device takes: the download fails, and the kernel says so.
# provokes: mhi-pci-generic .*: using shared MSI$
# provokes: mhi mhi0: Image transfer failed$
# provokes: mhi mhi0: Reg: ERROR_[A-Z0-9_]+ value: 0x[0-9a-f]+$
# provokes: mhi mhi0: MHI did not load image over BHI, ret: -5$
. /scenarios/lib.sh

load_driver
kernel_must_say "Starting image download via BHI"
kernel_must_say "Image transfer failed"
kernel_must_say "Reg: ERROR_CODE value: 0x3"
kernel_must_say "MHI did not load image over BHI, ret: -5"
ports_gone || fail "there are ports although the image was refused"
