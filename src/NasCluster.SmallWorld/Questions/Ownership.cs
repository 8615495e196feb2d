namespace NasCluster.SmallWorld.Questions;

/// <summary>What the split goes by where it is asked who has a thing, or what somebody has.</summary>
internal static class Ownership
{
    /// <summary>The person and the thing, whatever its colour.</summary>
    public static string Key(string person, string thing) => $"{person} {thing}";
}
