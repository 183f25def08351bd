// Writes other editions of the documents to target/openapi: OpenAPI 3.1, closed enums, one bundle, a Postman collection.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const openapi = join(import.meta.dirname, '../../openapi');
const target = join(import.meta.dirname, '../../target/openapi');
const names = ['dataarts-studio', 'dws', 'mrs', 'iam'];
const EMULATOR = { url: 'http://127.0.0.1:{port}', description: 'The emulator.', variables: { port: { default: '8080' } } };

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

/** The document with an overlay whose targets are schemas by name. */
function withOverlay(document, overlay) {
  const result = structuredClone(document);
  for (const { target: path, update } of overlay.actions) {
    const schema = path.split('.').slice(1).reduce((node, key) => node?.[key], result);
    if (schema) Object.assign(schema, update);
  }
  return result;
}

/** One document of all: each path keeps its server, and names that several documents use get a prefix. */
function bundle(documents) {
  const result = {
    openapi: '3.0.3',
    info: { ...documents[0].info, title: 'Identity synchronization', description: 'All documents in one.' },
    servers: [EMULATOR],
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
      result.paths[path] = { servers: [...servers, EMULATOR], ...item };
    }
    for (const kind of ['schemas', 'headers', 'responses']) {
      for (const [name, value] of Object.entries(components[kind] ?? {})) result.components[kind][`${prefix}${name}`] = value;
    }
  }
  if (Object.keys(result.components.responses).length === 0) delete result.components.responses;
  return result;
}

/** A Postman collection whose variables are set from the ready line of the emulator. */
function postman(documents) {
  const variables = { url: 'http://127.0.0.1:8080', token: '', project_id: '', cluster_id: '', workspace: '' };
  const request = (path, method, operation) => {
    const parameters = operation.parameters ?? [];
    const query = parameters.filter((one) => one.in === 'query')
      .map((one) => ({ key: one.name, value: String(one.example), description: one.description, disabled: true }));
    const header = parameters.filter((one) => one.in === 'header').map((one) => ({ key: one.name, value: `{{${one.name}}}` }));
    const [example] = Object.values(operation.requestBody?.content['application/json'].examples ?? {});
    const segments = path.replaceAll('{', '{{').replaceAll('}', '}}');
    return {
      name: operation.summary,
      request: {
        method: method.toUpperCase(),
        description: operation.description,
        header: [...header, { key: 'X-Auth-Token', value: '{{token}}' }],
        url: { raw: `{{url}}${segments}`, host: ['{{url}}'], path: segments.split('/').slice(1), query },
        ...(example && { body: { mode: 'raw', raw: JSON.stringify(example.value, null, 2), options: { raw: { language: 'json' } } } }),
      },
    };
  };
  return {
    info: { name: 'Identity synchronization', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
    variable: Object.entries(variables).map(([key, value]) => ({ key, value })),
    item: documents.map(({ info, paths }) => ({
      name: info.title,
      item: Object.entries(paths).flatMap(([path, item]) =>
        Object.entries(item).map(([method, operation]) => request(path, method, operation))),
    })),
  };
}

mkdirSync(join(target, 'postman'), { recursive: true });
const documents = names.map((name) => read(`${name}.yaml`));
const overlay = read('overlays/closed-enums.yaml');
for (const [index, document] of documents.entries()) {
  write(`${names[index]}.3.1.json`, { ...upgrade(document), openapi: '3.1.0' });
  write(`${names[index]}.closed.json`, withOverlay(document, overlay));
}
write('bundle.json', bundle(documents));
write('postman/idsync.postman_collection.json', postman(documents));
