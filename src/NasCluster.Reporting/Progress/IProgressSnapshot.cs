namespace NasCluster.Reporting.Progress;

/// <summary>What a view needs to know of anything that goes on for long.</summary>
internal interface IProgressSnapshot
{
    /// <summary>How many of its steps are done.</summary>
    long Done { get; }

    /// <summary>How many there are in all.</summary>
    long Budget { get; }

    /// <summary>What is counted for the speed, such as the tokens of those steps.</summary>
    long Work { get; }

    /// <summary>Whether it goes on.</summary>
    ProgressState State { get; }

    /// <summary>How many steps are left.</summary>
    long Left => Math.Max(0, Budget - Done);

    /// <summary>The share done, in [0, 1].</summary>
    double Share => Budget <= 0 ? 1 : Math.Clamp((double)Done / Budget, 0, 1);
}
