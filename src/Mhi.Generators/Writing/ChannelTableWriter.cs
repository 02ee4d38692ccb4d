using System.Linq;
using Mhi.Generators.Models;
using static Mhi.Generators.Writing.SourceWords;

namespace Mhi.Generators.Writing;

/// <summary>Writes the table of one channel file: the entries in file order, and two ways to look one up by name.</summary>
internal static class ChannelTableWriter
{
    public const string ClassName = "ChannelTable";

    public static string Write(TableModel table) => WithLineFeeds(
        $$"""
        {{Header(table.FileName)}}

        namespace {{table.Namespace}};

        /// <summary>The match table of {{Documentation(table.FileName)}}, compiled: the channels this program may open.</summary>
        {{table.Accessibility}} static class {{ClassName}}
        {
            private static readonly global::Mhi.Channels.ChannelTableEntry[] s_entries =
            [
        {{string.Concat(table.Channels.Select(Entry))}}    ];

            /// <summary>All entries, in the order of the file.</summary>
            public static global::System.ReadOnlySpan<global::Mhi.Channels.ChannelTableEntry> Entries => s_entries;

            /// <summary>Looks up the entry of a channel.</summary>
            /// <param name="name">Name of the channel; upper and lower case differ.</param>
            /// <param name="entry">The entry, if there is one.</param>
            /// <returns>Whether the table has such a channel.</returns>
            public static bool TryFind(string name, out global::Mhi.Channels.ChannelTableEntry entry)
            {
                int index = name switch
                {
        {{string.Concat(table.Channels.Select(IndexArm))}}            _ => -1,
                };

                entry = index < 0 ? default : s_entries[index];
                return index >= 0;
            }

            /// <summary>Runs an action with the definition of a channel as its type argument.</summary>
            /// <typeparam name="TAction">Type of the action; a struct is called without boxing.</typeparam>
            /// <typeparam name="TResult">What the action returns.</typeparam>
            /// <param name="name">Name of the channel; upper and lower case differ.</param>
            /// <param name="action">The action.</param>
            /// <param name="result">What the action returned; the default if the table has no such channel.</param>
            /// <returns>Whether the table has such a channel.</returns>
            public static bool TryInvoke<TAction, TResult>(string name, TAction action, out TResult? result)
                where TAction : global::Mhi.Channels.IChannelAction<TResult>
            {
                switch (name)
                {
        {{string.Concat(table.Channels.Select(InvokeCase))}}            default:
                        result = default;
                        return false;
                }
            }
        }

        """);

    private static string Entry(ChannelModel channel) =>
        $"""
                new(
                    Name: {channel.FullName}.ChannelName,
                    Mtu: {channel.FullName}.Mtu,
                    Directions: {Expression(channel.Directions)},
                    PoolDepth: {Decimal(channel.PoolDepth)},
                    DeliverEmptyPackets: {Literal(channel.DeliverEmptyPackets)},
                    WritePolicy: {Expression(channel.WritePolicy)},
                    TypeName: {Literal(channel.ClassName)},
                    Description: {Literal(channel.Description)}),

        """;

    private static string IndexArm(ChannelModel channel, int index) =>
        $"""
                    {channel.FullName}.ChannelName => {Decimal(index)},

        """;

    private static string InvokeCase(ChannelModel channel) =>
        $"""
                    case {channel.FullName}.ChannelName:
                        result = action.Invoke<{channel.FullName}.Definition>();
                        return true;

        """;
}
