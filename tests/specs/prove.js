// Proves the rules of openapi/redocly.yaml: each defect of defects.yaml, put into a copy of a document, is reported by
// its rule, and each rule of this project has a defect.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

const here = import.meta.dirname;
const openapi = join(here, '../../openapi');
const defects = parse(readFileSync(join(here, 'defects.yaml'), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'defects-'));
process.on('exit', () => rmSync(folder, { recursive: true }));
for (const name of ['redocly.yaml', 'redocly-plugin.js']) cpSync(join(openapi, name), join(folder, name));
writeFileSync(join(folder, 'package.json'), '{"type":"module"}');

const files = defects.map(({ in: name = 'dws', find, put }, index) => {
  const text = readFileSync(join(openapi, `${name}.yaml`), 'utf8');
  if (!text.includes(find)) throw new Error(`${name}.yaml does not contain ${JSON.stringify(find)}`);
  const file = `${index}.yaml`;
  writeFileSync(join(folder, file), text.replace(find, () => put ?? ''));
  return file;
});

const linter = spawnSync(
  join(here, 'node_modules/.bin/redocly'),
  ['lint', ...files, '--format=json', '--max-problems=1000'],
  { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 28, env: { ...process.env, REDOCLY_TELEMETRY: 'off' } },
);
const reports = linter.stdout.split(/(?<=\})\s*(?=\{\s*"totals")/).map((report) => JSON.parse(report));
if (reports.length !== files.length) throw new Error(`the linter stopped:\n${linter.stderr.slice(-1000)}`);
const problems = reports.flatMap((report) => report.problems);
const found = new Set(problems.map(({ ruleId, location }) => `${location[0].source.ref} ${ruleId}`));

const unnoticed = defects.filter(({ rule }, index) => !found.has(`${files[index]} ${rule}`));
for (const defect of unnoticed) console.error('not noticed:', JSON.stringify(defect));
const { rules } = parse(readFileSync(join(openapi, 'redocly.yaml'), 'utf8'));
const own = Object.keys(rules).filter((rule) => /^(rule|idsync)\//.test(rule));
const unproven = own.filter((rule) => !defects.some((defect) => defect.rule === rule));
for (const rule of unproven) console.error('without a defect:', rule);
console.log(`${defects.length - unnoticed.length} of ${defects.length} defects are noticed`);
process.exit(unnoticed.length + unproven.length > 0 ? 1 : 0);
