// Writes other editions of the documents to target/openapi: OpenAPI 3.1, closed enums, one bundle, a Postman collection.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JSONPath } from 'jsonpath-plus';
import { parse } from 'yaml';

const openapi = join(import.meta.dirname, '../../openapi');
const target = join(import.meta.dirname, '../../target/openapi');
const names = ['dataarts-studio', 'dws', 'mrs', 'iam'];
/** What the emulator has without options; the ready line prints the same. */
const EMULATOR = {
  url: 'http://127.0.0.1:8480',
  user: 'demo-operator',
  password: 'Emulator-Passw0rd',
  domain: 'demo-company',
  region: 'cn-north-4',
  project_id: '7c0d09e43114e130ec333f421820ff4a',
  workspace: 'f3fe9e605552df186b1a8eb011f0cc35',
  dws_cluster_id: '0447378a-abb0-4d09-8a7a-1b5cd5b7dec6',
  mrs_cluster_id: '8b0da486-da2f-486c-b31b-e29e5b726c53',
};

const read = (file) => parse(readFileSync(join(openapi, file), 'utf8'));
const write = (file, value) => writeFileSync(join(target, file), `${JSON.stringify(value, null, 2)}\n`);
const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
const mapValues = (object, change) =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));

/** OpenAPI 3.1: `nullable` becomes a second type, and `example` of a schema becomes `examples`. */
function upgrade(node, isSchema = false) {
  if (Array.isArray(node)) return node.map((item) => upgrade(item, isSchema));
  if (!isObject(node)) return node;
  const result = mapValues(node, (value, key) => {
    if (key === 'example' || key === 'examples' || key === 'default') return value;
    if (key === 'properties' || key === 'schemas') return mapValues(value, (schema) => upgrade(schema, true));
    return upgrade(value, isSchema || key === 'schema');
  });
  const { nullable, example, ...rest } = result;
  if (!isSchema) return result;
  if (nullable && rest.type) rest.type = [rest.type, 'null'];
  if (example !== undefined) rest.examples = [example];
  return rest;
}

/**
 * A server whose variables are described in its own description. The first schema of OpenAPI 3.1 misspells the
 * description of a variable, so validators that use it refuse any.
 */
function withPlainVariables({ description, variables, ...server }) {
  const about = Object.entries(variables).map(([name, variable]) => `\`${name}\`: ${variable.description}`);
  return {
    ...server,
    description: [description.trim(), ...about].join('\n\n'),
    variables: mapValues(variables, ({ default: value }) => ({ default: value })),
  };
}

/** The document with the actions of an overlay applied in their order. */
function withOverlay(document, overlay) {
  const result = structuredClone(document);
  for (const { target: path, update, remove } of overlay.actions) {
    for (const { value, parent, parentProperty } of JSONPath({ path, json: result, resultType: 'all' })) {
      if (remove) delete parent[parentProperty];
      else Object.assign(value, update);
    }
  }
  return result;
}

/** One document of all: each path keeps its server, and names that several documents use get a prefix. */
function bundle(documents) {
  const result = {
    openapi: '3.0.3',
    info: { ...documents[0].info, title: 'Identity synchronization', description: 'All documents in one.' },
    servers: documents[0].servers.slice(1),
    security: documents[0].security,
    tags: documents.flatMap(({ tags }) => tags),
    paths: {},
    components: { headers: {}, responses: {}, schemas: {}, securitySchemes: documents[0].components.securitySchemes },
  };
  for (const [index, document] of documents.entries()) {
    const prefix = names[index].split('-').map((word) => word[0].toUpperCase() + word.slice(1)).join('');
    const text = JSON.stringify(document)
      .replace(/#\/components\/(schemas|headers|responses)\/(\w+)/g, (_, kind, name) => `#/components/${kind}/${prefix}${name}`);
    const { paths, servers, components } = JSON.parse(text);
    for (const [path, item] of Object.entries(paths)) {
      result.paths[path] = { servers, ...item };
    }
    for (const kind of ['schemas', 'headers', 'responses']) {
      for (const [name, value] of Object.entries(components[kind] ?? {})) result.components[kind][`${prefix}${name}`] = value;
    }
  }
  if (Object.keys(result.components.responses).length === 0) delete result.components.responses;
  return result;
}

/** What Postman runs after a response: every call must succeed, and a login keeps its token. */
const afterResponse = (statement) => [{ listen: 'test', script: { type: 'text/javascript', exec: [statement] } }];
const CHECK_STATUS = "pm.test('succeeds', () => pm.response.to.be.success);";
const KEEP_TOKEN = "pm.collectionVariables.set('token', pm.response.headers.get('X-Subject-Token'));";

/** One request of the collection. */
function postmanRequest(name, path, method, operation) {
  const parameters = operation.parameters ?? [];
  const query = parameters.filter((one) => one.in === 'query')
    .map((one) => ({ key: one.name, value: String(one.example), description: one.description, disabled: true }));
  const header = parameters.filter((one) => one.in === 'header').map((one) => ({ key: one.name, value: `{{${one.name}}}` }));
  const isLogin = operation.security?.length === 0;
  if (!isLogin) header.push({ key: 'X-Auth-Token', value: '{{token}}' });
  const segments = path.replaceAll('{', '{{').replaceAll('}', '}}').replace('{{cluster_id}}', `{{${name}_cluster_id}}`);
  const user = { name: '{{user}}', password: '{{password}}', domain: { name: '{{domain}}' } };
  const auth = { identity: { methods: ['password'], password: { user } }, scope: { project: { name: '{{region}}' } } };
  const body = { mode: 'raw', raw: JSON.stringify({ auth }, null, 2), options: { raw: { language: 'json' } } };
  return {
    name: operation.summary,
    request: {
      method: method.toUpperCase(),
      description: operation.description,
      header,
      url: { raw: `{{url}}${segments}`, host: ['{{url}}'], path: segments.split('/').slice(1), query },
      ...(isLogin && { body }),
    },
    ...(isLogin && { event: afterResponse(KEEP_TOKEN) }),
  };
}

/** A Postman collection that logs in at the emulator first; its variables are the emulator's ids. */
function postman(documents) {
  const folders = documents.map(({ info, paths }, index) => ({
    name: info.title,
    item: Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => postmanRequest(names[index], path, method, operation))),
  }));
  return {
    info: { name: 'Identity synchronization', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
    variable: Object.entries({ ...EMULATOR, token: '' }).map(([key, value]) => ({ key, value })),
    event: afterResponse(CHECK_STATUS),
    item: [...folders.slice(-1), ...folders.slice(0, -1)],
  };
}

mkdirSync(join(target, 'postman'), { recursive: true });
const documents = names.map((name) => read(`${name}.yaml`));
const overlay = read('overlays/closed-enums.yaml');
for (const [index, document] of documents.entries()) {
  const servers = document.servers.map(withPlainVariables);
  write(`${names[index]}.3.1.json`, { ...upgrade(document), openapi: '3.1.0', servers });
  write(`${names[index]}.closed.json`, withOverlay(document, overlay));
}
write('bundle.json', bundle(documents));
write('postman/idsync.postman_collection.json', postman(documents));
