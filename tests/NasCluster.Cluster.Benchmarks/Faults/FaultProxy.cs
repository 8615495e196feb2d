using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace NasCluster.Cluster.Benchmarks.Faults;

/// <summary>An HTTP relay to a blob service that cuts connections, and lies now and then about what became of a request.</summary>
/// <remarks>A failure after a request was passed on is the one that hurts: the write is done, and its writer is told that it is not.</remarks>
internal sealed class FaultProxy : IAsyncDisposable
{
    private static readonly (int Status, string Code)[] Answers =
        [(StatusCodes.Status409Conflict, "BlobAlreadyExists"), (StatusCodes.Status412PreconditionFailed, "ConditionNotMet"), (StatusCodes.Status503ServiceUnavailable, "ServerBusy")];

    private static readonly HashSet<string> HopByHop = new(StringComparer.OrdinalIgnoreCase) { "Connection", "Keep-Alive", "Transfer-Encoding", "Host", "Expect" };

    private readonly WebApplication _app;
    private readonly HttpClient _upstream;
    private readonly Random _random;
    private readonly Lock _lock = new();
    private double _probability;
    private volatile bool _isCut;
    private long _requests;
    private long _before;
    private long _after;
    private long _refused;

    private FaultProxy(WebApplication app, int upstreamPort, int seed)
    {
        _app = app;
        _upstream = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri($"http://127.0.0.1:{upstreamPort}") };
        _random = new Random(seed);
    }

    /// <summary>Requests that came.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Failures answered instead of passing a request on.</summary>
    public long FaultsBefore => Interlocked.Read(ref _before);

    /// <summary>Failures answered although the request was carried out.</summary>
    public long FaultsAfter => Interlocked.Read(ref _after);

    /// <summary>Connections cut.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>How likely a fault is before, and again after, a request is passed on.</summary>
    public double Probability
    {
        set => Volatile.Write(ref _probability, value);
    }

    /// <summary>Whether storage is out of reach.</summary>
    public bool IsCut
    {
        set => _isCut = value;
    }

    public static async Task<FaultProxy> StartAsync(int port, int upstreamPort, int seed)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.ListenLocalhost(port);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        var app = builder.Build();
        var proxy = new FaultProxy(app, upstreamPort, seed);
        app.Run(proxy.HandleAsync);
        await app.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        _upstream.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        if (_isCut)
        {
            Interlocked.Increment(ref _refused);
            context.Abort();
            return;
        }

        if (Draw() is { } early)
        {
            Interlocked.Increment(ref _before);
            await FailAsync(context, early);
            return;
        }

        try
        {
            using var request = await PassOnAsync(context.Request);
            using var response = await _upstream.SendAsync(request, HttpCompletionOption.ResponseContentRead, context.RequestAborted);
            if (_isCut)
            {
                Interlocked.Increment(ref _refused);
                context.Abort();
            }
            else if (Draw() is { } late)
            {
                Interlocked.Increment(ref _after);
                await FailAsync(context, late);
            }
            else
            {
                await AnswerAsync(context, response);
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
        {
            context.Abort();
        }
    }

    private (int Status, string Code)? Draw()
    {
        lock (_lock)
        {
            return _random.NextDouble() < Volatile.Read(ref _probability) ? Answers[_random.Next(Answers.Length)] : null;
        }
    }

    private static async Task<HttpRequestMessage> PassOnAsync(HttpRequest from)
    {
        // The path as it came: the service's signature is over its very characters.
        var target = from.HttpContext.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
        var request = new HttpRequestMessage(new HttpMethod(from.Method), new Uri(target, UriKind.Relative));
        var body = new MemoryStream();
        await from.Body.CopyToAsync(body);
        if (from.ContentLength is not null)
        {
            request.Content = new ByteArrayContent(body.ToArray());
        }

        foreach (var (name, values) in from.Headers)
        {
            if (!HopByHop.Contains(name) && !request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        return request;
    }

    private static async Task AnswerAsync(HttpContext context, HttpResponseMessage response)
    {
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
        {
            if (!HopByHop.Contains(name))
            {
                context.Response.Headers[name] = values.ToArray();
            }
        }

        var body = await response.Content.ReadAsByteArrayAsync();
        if (body.Length > 0)
        {
            await context.Response.Body.WriteAsync(body);
        }
    }

    private static Task FailAsync(HttpContext context, (int Status, string Code) answer)
    {
        context.Response.StatusCode = answer.Status;
        context.Response.Headers["x-ms-error-code"] = answer.Code;
        context.Response.ContentType = "application/xml";
        return context.Request.Method == HttpMethods.Head
            ? Task.CompletedTask
            : context.Response.WriteAsync($"<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{answer.Code}</Code><Message>Injected.</Message></Error>");
    }
}
