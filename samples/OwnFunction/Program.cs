using System;
using System.Collections.Generic;
using Mhi.Endpoint.Functions;
using Mhi.Endpoint.VfioUser;
using Mhi.Profiles;
using OwnFunction;

var functions = new Dictionary<string, ChannelFunction> { ["DUN"] = new ChecksumFunction() };
using var device = new VfioUserDevice(KnownProfiles.FoxconnT99W175, new VfioUserDeviceOptions { Functions = functions });
using var server = new VfioUserServer(args[0], device);
server.Run(once: true, end => Console.WriteLine(end.Reason));
