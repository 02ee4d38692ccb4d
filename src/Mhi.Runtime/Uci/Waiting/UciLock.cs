// The search for races brings a lock of its own, which its scheduler knows of.
#if !MHI_INTERLEAVING
global using UciLock = System.Threading.Lock;
#endif
