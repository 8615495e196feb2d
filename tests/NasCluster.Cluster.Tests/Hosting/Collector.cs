using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using NasCluster.Llama.Tokenizers;

namespace NasCluster.Cluster.Tests.Hosting;

/// <summary>Takes traces as an OpenTelemetry collector does: OTLP over HTTP, as protobuf.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Span> _spans = new();

    private Collector(int port)
    {
        Address = new Uri($"http://127.0.0.1:{port}/v1/traces");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
        _app = builder.Build();
        _app.MapPost("/v1/traces", TakeAsync);
    }

    public Uri Address { get; }

    /// <summary>The spans that came.</summary>
    public Span[] Spans => [.. _spans];

    public static async Task<Collector> StartAsync()
    {
        var collector = new Collector(FreePorts.Take(1)[0]);
        await collector._app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        Assert.Equal("application/x-protobuf", context.Request.ContentType);
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        foreach (var resource in Parts(body.ToArray(), 1))
        {
            var service = Parts(resource, 1).SelectMany(r => Tags(r, 1)).First(t => t.Key == "service.name").Value;
            foreach (var scope in Parts(resource, 2))
            {
                var source = Text(Parts(Parts(scope, 1).First(), 1));
                foreach (var span in Parts(scope, 2))
                {
                    _spans.Enqueue(new Span(
                        service, source, Text(Parts(span, 5)), Hex(Parts(span, 1)), Hex(Parts(span, 2)), Hex(Parts(span, 4)),
                        Tags(span, 9).ToDictionary(t => t.Key, t => t.Value)));
                }
            }
        }

        context.Response.ContentType = "application/x-protobuf"; // An empty message: all was taken.
    }

    /// <summary>The values of a field that holds bytes, messages or text.</summary>
    private static List<byte[]> Parts(byte[] message, int field)
    {
        var parts = new List<byte[]>();
        var reader = new ProtobufReader(message, "the traces");
        while (reader.Next())
        {
            if (reader.Field == field)
            {
                parts.Add(reader.Bytes().ToArray());
            }
            else
            {
                reader.Skip();
            }
        }

        return parts;
    }

    private static IEnumerable<KeyValuePair<string, string>> Tags(byte[] message, int field) =>
        Parts(message, field).Select(tag => KeyValuePair.Create(Text(Parts(tag, 1)), Value(Parts(tag, 2).First())));

    private static string Value(byte[] any)
    {
        const int text = 1;
        const int integer = 3;
        var reader = new ProtobufReader(any, "a tag");
        return !reader.Next() ? "" : reader.Field switch
        {
            text => Encoding.UTF8.GetString(reader.Bytes()),
            integer => $"{reader.Integer()}",
            _ => "of another kind",
        };
    }

    private static string Text(List<byte[]> parts) => Encoding.UTF8.GetString(parts.SelectMany(p => p).ToArray());

    private static string Hex(List<byte[]> parts) => Convert.ToHexStringLower(parts.SelectMany(p => p).ToArray());

    /// <summary>A span.</summary>
    internal sealed record Span(string Service, string Source, string Name, string Trace, string Id, string Parent, IReadOnlyDictionary<string, string> Tags);
}
