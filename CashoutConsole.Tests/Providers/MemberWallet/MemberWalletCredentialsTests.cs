using System.Text;
using CashoutConsole.Providers.MemberWallet;

namespace CashoutConsole.Tests.Providers.MemberWallet;

public sealed class MemberWalletCredentialsTests
{
    private static readonly byte[] Iv = Convert.FromHexString("a0a1a2a3a4a5a6a7a8a9aaab");

    /// <summary>The documented sample of the provider's auth page.</summary>
    [Fact]
    public void The_documented_sample_has_the_documented_signature() => Assert.Equal(
        "904e97bee2589b93e9747eed0346c68b23d8ff8b568dabaf4b94a5e89093df67",
        MemberWalletCredentials.Sign(
            SignatureMode.Pipe,
            "integratorNBTest04",
            "1769745532582",
            "4ff08bc2a45c6b38068dbcd24296a25b",
            "G0ZMDELeJwx+7JcIfIFOLJjkSzANPu6krGM2uw==bDUB6MvLbggJM4Df28x/41LlgIPDqPBBAylkqTdB0I78haWOdi6jV8JXAi0iL8JHq/cCPlj39Apt/I9hDNII3SBb0IZMg+qGN3pH3zExydFZSLXwErOa/6KzGMHukRkqHjdFzQ=="));

    /// <summary>Vectors made with two other implementations of AES-256-GCM, under the same key layout.</summary>
    [Theory]
    [InlineData(
        """{"username":"player001","transId":"CASHOUT-20250129-001"}""",
        "oKGio6SlpqeoqaqruMysaPngy545usCaWAF4zA==nToJXiC5bN4PAKXpJQqsvwnJKyCihmBAvnpU5xHYPGXwTGW87nEbcgrIKfo5SLbJdil/ZVLgK1w8",
        "6dd7e749d34b81e50c20eebe44453b5a4c366435b0285a2def4fd9c6570efa25")]
    [InlineData("{}", "oKGio6Slpqeoqaqr8e6vfMU/FIi4dGhq3AR4zQ==nWU=", "fdc93c3640bc3165ce879c1072984ac8bdf41e4fd53d74029bac16781ea9e0c4")]
    public void A_body_is_encrypted_and_signed_as_laid_out(string plaintext, string cipherText, string signature)
    {
        var sealedText = MemberWalletCredentials.Encrypt(MemberWalletCredentials.Key(MemberWalletRig.Key), Iv, Encoding.UTF8.GetBytes(plaintext));

        Assert.Equal(cipherText, sealedText);
        Assert.Equal(signature, MemberWalletCredentials.Sign(SignatureMode.Pipe, "AGENTTHB01", "1769746894501", "56ffd5ecd8a3a4457863a0bd7c298fb2", sealedText));
    }

    [Fact]
    public void The_legacy_signature_covers_the_whole_body() => Assert.Equal(
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("""a1n{"cipherText":"c+/="}"""u8)),
        MemberWalletCredentials.Sign(SignatureMode.LegacyConcat, "a", "1", "n", "c+/="));

    [Fact]
    public void Nonces_and_ivs_are_fresh()
    {
        Assert.NotEqual(MemberWalletCredentials.NewNonce(), MemberWalletCredentials.NewNonce(), StringComparer.Ordinal);
        Assert.Equal(32, MemberWalletCredentials.NewNonce().Length);
        Assert.NotEqual(MemberWalletCredentials.NewIv(), MemberWalletCredentials.NewIv());
    }
}
