using System;
using System.Text;
using Hello;
using Mhi.Controller;
using Mhi.Endpoint;
using Mhi.Profiles;

using var modem = new EmulatedModem();
modem.Start();
using var controller = MhiController.Create(modem.Function, KnownProfiles.FoxconnT99W175);
using var loop = MhiEventLoop.Start(controller);
controller.PowerUp();
using var channel = LoopbackChannel.Open(controller);

channel.Write("Hello, modem"u8);
using var packet = channel.Receive();
Console.WriteLine($"{LoopbackChannel.NodeName(controller.Name)}: {Encoding.UTF8.GetString(packet.Bytes)}");
