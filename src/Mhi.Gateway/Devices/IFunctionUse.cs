using System;
using Mhi.Pci;
using Mhi.Profiles;

namespace Mhi.Gateway.Devices;

/// <summary>What is done with a function once it is open. Compiled for each way in which registers are reached.</summary>
/// <typeparam name="TResult">What comes of it.</typeparam>
internal interface IFunctionUse<out TResult>
{
    /// <summary>Uses a function.</summary>
    /// <typeparam name="TRegisters">How its registers are reached.</typeparam>
    /// <param name="function">The function; it belongs to the user from now on.</param>
    /// <param name="profile">The device's family.</param>
    /// <param name="behind">What must be disposed after the function, or null.</param>
    /// <returns>What comes of it.</returns>
    TResult Use<TRegisters>(IPciFunction<TRegisters> function, DeviceProfile profile, IDisposable? behind)
        where TRegisters : struct, IRegisterAccess;
}
