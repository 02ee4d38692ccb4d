# vfio-pci takes the function by driver_override, its group has a device node, and the program runs in the guest.
. /scenarios/vfio.sh

bind_vfio
note "kernel $(uname -r), $BDF in group $(group_of $BDF): $(ls /sys/kernel/iommu_groups/$(group_of $BDF)/devices | tr '\n' ' ')"
works 30 mhi --version
note "mhi $(cat /tmp/out)"
works 60 mhi loopback --duration 1
note "inside one process: $(cat /tmp/out | tr '\n' ' ')"
