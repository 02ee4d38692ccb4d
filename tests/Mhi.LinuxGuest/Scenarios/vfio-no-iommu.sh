# A machine without an IOMMU: nothing can be bound, and each command says why.
. /scenarios/vfio.sh

load_vfio
fails 30 'no IOMMU.*(VT-d|intel_iommu)' mhi bind $BDF
fails 30 'no IOMMU.*(VT-d|intel_iommu)' $(on_modem doctor)
fails 30 'no IOMMU.*(VT-d|intel_iommu)' $(on_modem loopback)
note "$(cat /tmp/err)"
