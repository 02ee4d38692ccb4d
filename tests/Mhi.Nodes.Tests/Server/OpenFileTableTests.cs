using System.Linq;
using Mhi.Nodes.Server;
using Mhi.Nodes.Tests.Infrastructure;
using Xunit;

namespace Mhi.Nodes.Tests.Server;

public class OpenFileTableTests
{
    private readonly OpenFileTable _table = new();
    private readonly StreamNode _node = new(new MemoryNode("a"), 2, NodePermissions.Default, new FakeKernel());

    [Fact]
    public void Number_OfAFileThatIsGone_FindsNothingWhateverFollows()
    {
        OpenFile[] files = [.. Enumerable.Range(0, 1000).Select(_ => Add())];
        Assert.All(files, file => Assert.Same(file, _table.Find(file.Number)));
        Assert.Equal(1000, files.Select(file => file.Number).Distinct().Count());
        foreach (OpenFile file in files.Where((_, i) => i % 2 == 0))
        {
            Assert.Same(file, _table.Remove(file.Number));
            Assert.Null(_table.Remove(file.Number));
        }

        OpenFile[] later = [.. Enumerable.Range(0, 500).Select(_ => Add())];
        Assert.Equal(1000, _table.Count);
        Assert.All(files.Where((_, i) => i % 2 == 0), file => Assert.Null(_table.Find(file.Number)));
        Assert.All(files.Where((_, i) => i % 2 != 0).Concat(later), file => Assert.Same(file, _table.Remove(file.Number)));

        // Empty, and small again.
        OpenFile last = Add();
        Assert.All(files.Concat(later), file => Assert.Null(_table.Find(file.Number)));
        Assert.Equal([last], _table.RemoveAll());
        Assert.Null(_table.Find(last.Number));
        Assert.Equal(0, _table.Count);
    }

    private OpenFile Add()
    {
        var file = new OpenFile(_node, NodeAccess.Read);
        _table.Add(file);
        return file;
    }
}
