global using UciGate = Mhi.Interleavings.Scheduling.ControlledGate;
global using UciLock = Mhi.Interleavings.Scheduling.ControlledLock;
global using UciTimer = Mhi.Interleavings.Scheduling.ControlledTimer;
