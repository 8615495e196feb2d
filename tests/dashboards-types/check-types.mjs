// Holds the dashboards to Grafana's own types, since no Grafana is at hand that would refuse them.
//
//   node check-types.mjs FOLDER      in a folder with node_modules (npm ci); FOLDER: where the dashboards are, such as dashboards/
//
// Two opinions, each by the TypeScript compiler, which refuses unknown fields and wrong types: @grafana/schema for the whole dashboard, and the foundation SDK for it and, panel by
// panel, for the options and the fields of its kind and for its queries. Mistakes planted in a good dashboard must be found. A line per problem; 1 if there is any.
import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";

const kinds = new Set(["stat", "timeseries", "heatmap"]);

// Both packages have enumerations where JSON has their values, and a method that marks queries of a data source.
const head = `
import type { Dashboard as SchemaDashboard } from "@grafana/schema/dist/esm/raw/dashboard/x/Dashboard_types.gen";
import type * as sdk from "@grafana/grafana-foundation-sdk/dashboard";
import type * as prometheus from "@grafana/grafana-foundation-sdk/prometheus";
import type * as stat from "@grafana/grafana-foundation-sdk/stat";
import type * as timeseries from "@grafana/grafana-foundation-sdk/timeseries";
import type * as heatmap from "@grafana/grafana-foundation-sdk/heatmap";
type Annotation = NonNullable<NonNullable<SchemaDashboard["annotations"]>["list"]>[number];
// What the data source of Prometheus reads of an annotation besides.
interface Formats { titleFormat?: string; textFormat?: string; tagKeys?: string; useValueForTime?: boolean }
type PrometheusAnnotation = Json<Omit<Annotation, "target">> & Formats & { target: Json<prometheus.Dataquery> };
type Json<T> = unknown extends T ? T : T extends string ? \`\${T}\` : T extends number ? (\`\${T}\` extends \`\${infer N extends number}\` ? N : T)
  : T extends boolean | null | undefined ? T : T extends readonly (infer U)[] ? Json<U>[]
  : T extends object ? { [K in keyof T as K extends \`_implements\${string}\` ? never : K]: Json<T[K]> } : T;
`;

/** Every problem of a dashboard, a line each. */
function problems(name, dashboard) {
  const common = withoutQueries(dashboard);
  const parts = [{ where: name, type: "Json<SchemaDashboard>", value: common }, { where: name, type: "Json<sdk.Dashboard>", value: common }];
  parts.push(...dashboard.annotations.list.filter((a) => !a.builtIn).map((value) => ({ where: `${name}: ${value.name}`, type: "PrometheusAnnotation", value })));
  for (const panel of dashboard.panels.filter((p) => p.type !== "row")) {
    const where = `${name}: ${panel.title}`;
    if (!kinds.has(panel.type)) {
      return [`${where}: its kind '${panel.type}' is none that is checked here.`];
    }

    parts.push({ where, type: `Partial<Json<${panel.type}.Options>>`, value: panel.options });
    if (panel.fieldConfig.defaults.custom) {
      parts.push({ where, type: `Partial<Json<${panel.type}.FieldConfig>>`, value: panel.fieldConfig.defaults.custom });
    }

    parts.push(...panel.targets.map((value) => ({ where, type: "Json<prometheus.Dataquery>", value })));
  }

  return compiled(parts);
}

// A dashboard's type leaves queries open to every data source; they are checked as what they are, beside it.
function withoutQueries(dashboard) {
  return {
    ...dashboard,
    panels: dashboard.panels.map(({ targets, ...panel }) => panel),
    annotations: { list: dashboard.annotations.list.filter((a) => a.builtIn) },
  };
}

function compiled(parts) {
  const starts = [];
  let text = head;
  parts.forEach(({ type, value }, index) => {
    starts.push(text.length);
    text += `export const d${index}: ${type} = ${JSON.stringify(value, null, 1)};\n`;
  });

  const file = resolve("dashboard.ts");
  const options = { strict: true, noEmit: true, skipLibCheck: true, types: [], target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (path) => path === file || fileExists(path);
  host.getSourceFile = (path, ...rest) => (path === file ? ts.createSourceFile(path, text, rest[0]) : getSourceFile(path, ...rest));
  return ts.getPreEmitDiagnostics(ts.createProgram([file], options, host)).map((diagnostic) => {
    const part = parts[starts.findLastIndex((start) => start <= (diagnostic.start ?? 0))];
    return `${part?.where ?? "types"}: ${part?.type ?? ""}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, " ").replace(/\s+/g, " ").slice(0, 400)}`;
  });
}

/** What the check must find: a change to a good dashboard, and what the line about it says. */
const planted = [
  ["misspelt field of the dashboard", (d) => (d.timezones = "utc"), "timezones"],
  ["wrong type", (d) => (d.schemaVersion = "39"), "'string' is not assignable to type 'number'"],
  ["misspelt field of a panel", (d) => (stat(d).descriptions = "x"), "descriptions"],
  ["place outside the grid's fields", (d) => (stat(d).gridPos.width = 3), "width"],
  ["unknown option", (d) => (stat(d).options.colourMode = "value"), "colourMode"],
  ["unknown word", (d) => (stat(d).options.colorMode = "text"), '"text"'],
  ["unknown field option", (d) => (lines(d).fieldConfig.defaults.custom.lineWidht = 2), "lineWidht"],
  ["misspelt field of a query", (d) => (lines(d).targets[0].legend = "x"), "legend"],
  ["query without an expression", (d) => delete lines(d).targets[0].expr, "expr"],
  ["misspelt field of an annotation", (d) => (d.annotations.list[1].titelFormat = "x"), "titelFormat"],
  ["annotation without an expression", (d) => delete d.annotations.list[1].target.expr, "expr"],
  ["unknown kind of panel", (d) => (stat(d).type = "sat"), "none that is checked"],
];
const stat = (d) => d.panels.find((p) => p.type === "stat");
const lines = (d) => d.panels.find((p) => p.type === "timeseries");

const folder = process.argv[2];
const files = readdirSync(folder).filter((f) => f.endsWith(".json"));
const read = (file) => JSON.parse(readFileSync(join(folder, file), "utf8"));
const found = files.flatMap((file) => problems(file, read(file)));
for (const [what, plant, says] of files.length > 0 ? planted : []) {
  const dashboard = read(files[0]);
  plant(dashboard);
  if (!problems("planted", dashboard).some((line) => line.includes(says))) {
    found.push(`The check does not find a ${what}.`);
  }
}

for (const problem of found) {
  console.log(problem);
}

console.log(`${files.length} dashboards, ${planted.length} planted mistakes, ${found.length} problems`);
process.exitCode = found.length === 0 && files.length > 0 ? 0 : 1;
