// The search for races brings a lock, a gate and a timer of its own, which its scheduler knows of.
#if !MHI_INTERLEAVING
global using UciGate = Mhi.Interop.Threading.ThreadGate;
global using UciLock = System.Threading.Lock;
global using UciTimer = System.Threading.Timer;
#endif
