namespace Mhi.Pci.VfioUser.Protocol;

/// <summary>Commands of the vfio-user protocol, version 0.0, as far as they are used here.</summary>
internal enum VfioUserCommand : ushort
{
    Version = 1,
    DmaMap = 2,
    DmaUnmap = 3,
    GetDeviceInfo = 4,
    GetRegionInfo = 5,
    GetInterruptInfo = 7,
    SetInterrupts = 8,
    RegionRead = 9,
    RegionWrite = 10,
    DmaRead = 11,
    DmaWrite = 12,
    DeviceReset = 13,
}
