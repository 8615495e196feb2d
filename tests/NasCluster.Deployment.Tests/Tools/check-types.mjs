// Holds Kubernetes documents to the types of what they say they are, which "helm lint" does not: a misspelt field is silently dropped by the server.
//
//   node --input-type=module - DOCUMENTS < check-types.mjs
//
// in the folder with node_modules, since packages are looked for where a script from standard input runs. DOCUMENTS is a JSON file:
// {"where they are from": [document, ...], ...}
//
// Two opinions: kubernetes-types (for what Kubernetes itself defines) and kubernetes-models (also for what operators define), each by the TypeScript
// compiler, which refuses unknown fields; and the latter's JSON schemas besides, which know ranges and patterns. A line per problem; 1 if there is any.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import ts from "typescript";

const sets = JSON.parse(readFileSync(process.argv[2], "utf8"));

// Fields younger than kubernetes-types 1.30; kubernetes-models has them.
const younger = `declare module "kubernetes-types/core/v1" { interface Volume { image?: { reference?: string; pullPolicy?: string } } }`;

const apiGroups = {
  v1: { types: "core/v1", models: "kubernetes-models/v1" },
  "apps/v1": {}, "autoscaling/v2": {}, "batch/v1": {}, "policy/v1": {},
  "networking.k8s.io/v1": { types: "networking/v1" },
  "rbac.authorization.k8s.io/v1": { types: "rbac/v1" },
  "cert-manager.io/v1": { types: null, models: "@kubernetes-models/cert-manager/cert-manager.io/v1" },
  "monitoring.coreos.com/v1": { types: null, models: "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1" },
  "keda.sh/v1alpha1": { types: null, models: "@kubernetes-models/keda/keda.sh/v1alpha1" },
};

const problems = [];
const checked = [];
for (const [from, documents] of Object.entries(sets)) {
  for (const document of documents) {
    const where = `${from}: ${document?.kind} ${document?.metadata?.name}`;
    const group = apiGroups[document?.apiVersion];
    if (!group || !/^[A-Z]\w*$/.test(document.kind ?? "")) {
      problems.push(`${where}: apiVersion '${document?.apiVersion}' is none that is checked here.`);
      continue;
    }

    const models = `${group.models ?? `kubernetes-models/${document.apiVersion}`}/${document.kind}`;
    checked.push({ where, document, models, types: group.types === null ? null : `kubernetes-types/${group.types ?? document.apiVersion}` });
  }
}

compile("kubernetes-types", checked.filter((c) => c.types), (c) => `import("${c.types}").${c.document.kind}`, `import "kubernetes-types/core/v1";\n${younger}\n`);
compile("kubernetes-models", checked, (c) => `import("${c.models}").I${c.document.kind}`, "export {};\n");
for (const { where, document, models } of checked) {
  try {
    const { [document.kind]: type } = await import(models);
    new type(document).validate();
  } catch (error) {
    problems.push(`${where}: kubernetes-models: ${error.message}`);
  }
}

for (const problem of problems) {
  console.log(problem);
}

console.log(`${checked.length} documents, ${problems.length} problems`);
process.exitCode = problems.length === 0 && checked.length > 0 ? 0 : 1;

// Writes every document as a constant of its type and has the compiler look at it.
function compile(opinion, documents, typeOf, head) {
  const file = resolve(`${opinion}.ts`);
  const starts = [];
  let text = head;
  documents.forEach((c, index) => {
    starts.push(text.length);
    text += `export const d${index}: ${typeOf(c)} = ${JSON.stringify(c.document, null, 1)};\n`;
  });

  const options = { strict: true, noEmit: true, skipLibCheck: true, types: [], target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.getSourceFile = (name, ...rest) => (name === file ? ts.createSourceFile(name, text, rest[0]) : getSourceFile(name, ...rest));
  for (const diagnostic of ts.getPreEmitDiagnostics(ts.createProgram([file], options, host))) {
    const index = starts.findLastIndex((start) => start <= (diagnostic.start ?? 0));
    const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, " ").replace(/\s+/g, " ");
    problems.push(`${documents[index]?.where ?? opinion}: ${opinion}: ${message}`);
  }
}
