using System.Security.Cryptography.X509Certificates;

namespace NasCluster.Contracts.Security;

/// <summary>Who may take part in a cluster: whoever has a certificate that its authority signed.</summary>
public static class CertificateAuthority
{
    /// <summary>Whether the authority signed a certificate, and it is valid now.</summary>
    /// <remarks>Names are not compared: pods come and go under addresses that nobody signed.</remarks>
    /// <param name="certificate">The certificate; null when none was shown.</param>
    /// <param name="authority">The authority's own.</param>
    public static bool Signed(X509Certificate2? certificate, X509Certificate2 authority)
    {
        if (certificate is null)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}
