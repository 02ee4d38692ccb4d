using Mhi.Endpoint.Registers;
using Mhi.Profiles;
using Xunit;

namespace Mhi.Endpoint.Tests;

public class ViolationCountersTests
{
    [Fact]
    public void UnreachableMemory_OfAHostThatHasTakenBusMasteringAway_IsNoViolation()
    {
        EndpointRegisters registers = EndpointParts.CreateRegisters(KnownProfiles.FoxconnT99W175);
        var violations = new ViolationCounters(registers);
        foreach (bool isBusMaster in (bool[])[true, false])
        {
            registers.SetBusMaster(isBusMaster);
            violations.Count(HostViolation.RingUnreachable);
            violations.Count(HostViolation.BufferUnreachable);
            violations.Count(HostViolation.BadElement);
        }

        Assert.Equal(1, violations[HostViolation.RingUnreachable]);
        Assert.Equal(1, violations[HostViolation.BufferUnreachable]);
        Assert.Equal(2, violations[HostViolation.BadElement]);
    }
}
