using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NasCluster.Testing;

namespace NasCluster.Cluster.Tests.Security;

/// <summary>An authority and certificates that it signed, as PEM files.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly X509Certificate2 _authority;

    public TestCertificates()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(30));
        Authority = _directory.Write("authority.pem", _authority.ExportCertificatePem());
    }

    /// <summary>File of the authority's certificate.</summary>
    public string Authority { get; }

    /// <summary>Signs a certificate for somebody.</summary>
    /// <param name="name">Whose; a DNS name.</param>
    /// <param name="from">From when it is valid, in days from now.</param>
    /// <param name="to">Until when.</param>
    /// <returns>Files of the certificate and its key.</returns>
    public (string Certificate, string Key) Issue(string name, int from = -1, int to = 7)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2")], true));
        using var certificate = request.Create(
            _authority, DateTimeOffset.UtcNow.AddDays(from), DateTimeOffset.UtcNow.AddDays(to), RandomNumberGenerator.GetBytes(16));
        return (_directory.Write($"{name}.pem", certificate.ExportCertificatePem()), _directory.Write($"{name}.key", key.ExportPkcs8PrivateKeyPem()));
    }

    public void Dispose()
    {
        _authority.Dispose();
        _directory.Dispose();
    }
}
