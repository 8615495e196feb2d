using System.CommandLine;
using NasCluster.Specification;

namespace NasCluster.Local.Commands;

/// <summary><c>nas prune</c>: a search for those who have one size in mind, which ends with a network and not with a front.</summary>
internal static class PruneCommand
{
    public static Command Create()
    {
        (Option<string?> Option, string Key)[] overrides =
        [
            (OptionKinds.Text("--tokenizer", "FILE", ProgramTokenizers.Described), "tokenizer"),
            (OptionKinds.Text("--separator", "TEXT", "What stands between two documents of the text."), "data.separator"),
            (OptionKinds.Text("--importance", "METHOD", "none, magnitude, wanda, wifv, hessian or taylor. Default: wanda for policy-gradient, else hessian."), "pruning.importance"),
            (OptionKinds.Text("--steps", "N", "Steps of the policy gradient that refines importance. Default: 3000 for policy-gradient and composition, else none."), "pruning.policy_gradient.steps"),
            (OptionKinds.Text("--evaluations", "N", "How many candidates to evaluate. Default: 1000 for masks, 250 for linas."), "budget.evaluations"),
            (OptionKinds.Text("--seed", "S", "Seed of every random choice."), "seed"),
        ];
        var model = OptionKinds.RequiredText("--model", "DIR|FILE", "The checkpoint: a Hugging Face directory or a llama2.c .bin file.");
        var text = OptionKinds.RequiredText("--text", "FILE", "A UTF-8 text: its first part for calibration, the next for the search, the last to report on.");
        var keep = OptionKinds.RequiredText("--keep", "SHARE", "Share of the layers' weights to keep, in (0, 1].");
        var method = OptionKinds.Word("--method", "How to find the network.", PruneMethod.Names);
        var repair = OptionKinds.Word("--repair", "How the weights that stay make up for those that went.", "exact", "admm", "bias", "none");
        var output = OptionKinds.RequiredText("--out", "DIR", "The directory to make: the network in model, and the run that led to it, which nas resume goes on with.");
        var set = OptionKinds.Settings("Any other key of search.yaml, such as --set data.calibration_share=0.5.");
        var command = new Command("prune", "Take a share of a network's weights out without training.") { model, text, keep, method, repair, output };
        foreach (var (option, _) in overrides)
        {
            command.Add(option);
        }

        command.Add(set);
        var run = new RunOptions(command);
        command.SetAction(async (parsed, _) =>
        {
            var name = parsed.GetRequiredValue(method);
            (string Key, string Value)[] keys = [("data.calibration_share", "0.4"), .. PruneMethod.KeysOf(name)];
            var given = overrides.Where(o => parsed.GetValue(o.Option) is not null).Select(o => new SpecOverride(o.Key, parsed.GetValue(o.Option)!, o.Option.Name))
                .Append(new SpecOverride("model", parsed.GetRequiredValue(model), "--model"))
                .Append(new SpecOverride("data.text", parsed.GetRequiredValue(text), "--text"))
                .Append(new SpecOverride("pruning.keep", parsed.GetRequiredValue(keep), "--keep"))
                .Append(new SpecOverride("pruning.repair", parsed.GetRequiredValue(repair), "--repair"))
                .Concat((parsed.GetValue(set) ?? []).Select(SpecOptions.Setting)).ToArray();
            var known = given.Select(o => o.Key).ToHashSet(StringComparer.Ordinal);
            SpecOverride[] all = [.. keys.Where(k => !known.Contains(k.Key)).Select(k => new SpecOverride(k.Key, k.Value, $"--method {name}")), .. given];
            return await SearchCommand.RunAsync(null, all, parsed.GetRequiredValue(output), parsed, run);
        });
        return command;
    }
}
