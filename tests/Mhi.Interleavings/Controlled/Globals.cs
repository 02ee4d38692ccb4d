global using UciLock = Mhi.Interleavings.Scheduling.ControlledLock;
global using UciTimer = Mhi.Interleavings.Scheduling.ControlledTimer;
