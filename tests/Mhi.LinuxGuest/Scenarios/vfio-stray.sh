# A device that reaches for memory nobody mapped is refused by the IOMMU, and the kernel says so. The program on it ends with a
# sentence, and the function next to it works on.
# provokes: DMAR: \[DMA (Read|Write).*fault addr 0xdead0000
. /scenarios/vfio.sh

bind_vfio $STRAY
bind_vfio $BDF
fails 60 'SYS_ERR|system error' mhi loopback --device vfio:$STRAY --count 64
note "$(tail -n 1 /tmp/err)"
# The IOMMU writes down the first fault of a page; the next one counts as the same.
kernel_must_say 'DMAR: \[DMA Write.*fault addr 0xdead0000'
modem_works
