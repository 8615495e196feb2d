using System.Security.Cryptography.X509Certificates;
using NasCluster.Contracts.Security;
using NasCluster.Core;
using NasCluster.Silo.Configuration;
using Orleans.Connections.Security;

namespace NasCluster.Silo.Hosting;

/// <summary>Has every connection, between silos and from clients, proved by certificates of one authority on both sides.</summary>
internal static class TlsSetup
{
    public static void AddTls(this ISiloBuilder silo, TlsSettings settings)
    {
        var (certificate, authority) = Load(settings);
        silo.UseTls(certificate, options =>
        {
            options.LocalCertificate = certificate;
            options.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
            options.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
            options.RemoteCertificateValidation = (remote, _, _) => CertificateAuthority.Signed(remote, authority);
            options.OnAuthenticateAsClient = (_, client) => client.TargetHost = certificate.GetNameInfo(X509NameType.DnsName, false);
        });
    }

    /// <exception cref="NasClusterException">A file holds no certificate or key.</exception>
    internal static (X509Certificate2 Certificate, X509Certificate2 Authority) Load(TlsSettings settings)
    {
        try
        {
            return (X509Certificate2.CreateFromPemFile(settings.Certificate!, settings.Key), X509CertificateLoader.LoadCertificateFromFile(settings.Authority!));
        }
        catch (Exception exception) when (exception is System.Security.Cryptography.CryptographicException or IOException)
        {
            throw new NasClusterException($"Tls: {settings.Certificate}, {settings.Key} or {settings.Authority} cannot be used: {exception.Message}", exception);
        }
    }
}
