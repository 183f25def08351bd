// Runs every code sample of the documents. A sample passes if it exits with 0 and the emulator has answered a call of its
// operation with success.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'target/samples');
const typescript = join(root, 'tests/interop/typescript/node_modules');

/** How a language is run: the file of the sample, and the commands. */
const LANGUAGES = {
  Shell: { file: 'sample.sh', commands: [['bash', 'sample.sh']] },
  Python: { file: 'sample.py', commands: [[join(root, 'tests/contract/.venv/bin/python'), 'sample.py']] },
  TypeScript: {
    file: 'sample.mts',
    commands: [
      [join(typescript, '.bin/tsc'), '--strict', '--target', 'es2022', '--module', 'nodenext',
        '--typeRoots', join(typescript, '@types'), '--types', 'node', 'sample.mts'],
      ['node', 'sample.mjs'],
    ],
  },
  Go: { file: 'sample.go', commands: [['go', 'vet', 'sample.go'], ['go', 'run', 'sample.go']] },
  Java: { file: 'Sample.java', commands: [['java', 'Sample.java']] },
  Rust: { file: 'src/main.rs', commands: [['cargo', 'run', '--quiet', '--offline', '--target-dir', join(root, 'target')]] },
};

const MANIFEST = `[package]
name = "sample"
version = "0.0.0"
edition = "2024"

[dependencies]
idsync = { path = "../../../crates/idsync" }
tokio = { version = "1", features = ["macros", "rt-multi-thread"] }

[workspace]
`;

/** What went wrong with a sample; nothing if it works. */
async function run({ operationId, cluster, lang, source }) {
  const { file, commands } = LANGUAGES[lang];
  const here = join(folder, lang);
  mkdirSync(join(here, 'src'), { recursive: true });
  if (lang === 'Rust') {
    writeFileSync(join(here, 'Cargo.toml'), MANIFEST);
    cpSync(join(root, 'Cargo.lock'), join(here, 'Cargo.lock'));
  }
  writeFileSync(join(here, file), source);
  const requests = `${process.env.ENDPOINT}/_emulator/requests`;
  await fetch(requests, { method: 'DELETE' });
  const env = { ...process.env, CLUSTER_ID: cluster };
  let printed = '';
  for (const [program, ...options] of commands) {
    const { status, stdout, stderr, error } = spawnSync(program, options, { cwd: here, env, encoding: 'utf8' });
    if (status !== 0) return `${program} ends with ${status ?? error}\n${stdout}${stderr}`;
    printed = stdout;
  }
  if (printed.trim() === '') return 'prints nothing';
  const { requests: arrived } = await (await fetch(requests)).json();
  const statuses = arrived.filter(({ operation }) => operation === CALLS[operationId]).map(({ status }) => status);
  return statuses.length === 1 && statuses[0] < 300 ? undefined : `calls with the statuses [${statuses}]`;
}

/** The operations by their names in the list of requests. */
const CALLS = {
  listSecurityMemberSyncTasks: 'tasks',
  listSyncRecords: 'records',
  listClusterSyncTaskStatus: 'syncing',
  createToken: 'token',
  listProjects: 'projects',
};

const samples = ['dataarts-studio', 'dws', 'mrs', 'iam'].flatMap((name) => {
  const document = parse(readFileSync(join(root, `openapi/${name}.yaml`), 'utf8'));
  const operations = Object.values(document.paths).flatMap((item) => Object.values(item));
  const cluster = name === 'mrs' ? process.env.MRS : process.env.DWS;
  return operations.flatMap(({ operationId, 'x-codeSamples': samples = [] }) => {
    const found = samples.map(({ lang }) => lang);
    const missing = Object.keys(LANGUAGES).filter((lang) => !found.includes(lang));
    if (missing.length > 0) throw new Error(`${operationId} has no sample in ${missing.join(', ')}`);
    return samples.map((sample) => ({ operationId, cluster, ...sample }));
  });
});
const wanted = process.argv.slice(2);
const chosen = samples.filter(({ lang }) => wanted.length === 0 || wanted.includes(lang));
let failed = 0;
rmSync(folder, { recursive: true, force: true });
for (const sample of chosen) {
  const problem = await run(sample);
  if (problem === undefined) continue;
  failed += 1;
  console.error(`${sample.operationId} in ${sample.lang}: ${problem}`);
}
console.log(`${chosen.length - failed} passed, ${failed} failed`);
process.exit(failed > 0 || chosen.length === 0 ? 1 : 0);
