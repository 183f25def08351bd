// Rules that redocly.yaml cannot express. Each is proven by tests/specs/defects.yaml.

const OPEN = 'x-extensible-enum';
const MARK = 'x-inferred';
const LIMITS = [
  'required', 'enum', 'default', 'minimum', 'maximum', 'minLength', 'maxLength', 'pattern', 'minItems', 'maxItems',
];

const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
const says = (node, text) => (node?.description ?? '').toLowerCase().includes(text);

/** Calls `visit` for each mapping of the document with its location and the mappings around it. */
function walk(node, location, around, visit) {
  if (isObject(node)) visit(node, location, around);
  for (const [key, child] of Object.entries(node ?? {})) {
    if (key === 'value' || key === 'example' || child === null || typeof child !== 'object') continue;
    walk(child, location.child(key), isObject(node) ? [node, ...around] : around, visit);
  }
}

const LICENSES = { MIT: 'https://opensource.org/license/mit', 'Apache-2.0': 'https://www.apache.org/licenses/LICENSE-2.0' };
const SIGNATURE = ['SDK-HMAC-SHA256', 'X-Sdk-Date', 'X-Security-Token'];

/** Version, license, contact, security and servers are as all documents have them. */
function document() {
  return {
    Root(root, { report, location }) {
      const { info = {}, servers = [], components = {} } = root;
      const require = (holds, place, message) => holds || report({ message, location: location.child(place) });
      require(root.openapi === '3.0.3', 'openapi', 'is 3.0.3: the Rust generator takes no other');
      require(/^0\.\d+\.\d+$/.test(info.version), 'info', 'has a version 0.x until it is confirmed against the service');
      const { name, url } = info.license ?? {};
      require(LICENSES[name] === url, 'info', 'has a license whose URL is that of its name');
      const described = SIGNATURE.every((word) => info.description?.includes(word));
      require(described, 'info', `describes the signature: ${SIGNATURE.join(', ')}`);
      const isTokenOnly = JSON.stringify(root.security) === '[{"IamToken":[]}]';
      require(isTokenOnly, 'security', 'offers the token alone: several schemes make clients send it twice');
      const { IamToken: token, ...others } = components.securitySchemes ?? {};
      const isToken = token?.type === 'apiKey' && token.in === 'header' && token.name === 'X-Auth-Token';
      const isOnly = isToken && Object.keys(others).length === 0;
      require(isOnly, 'components', 'declares `IamToken` alone, the header `X-Auth-Token`');
      const [service, emulator] = servers;
      const isTemplate = /^https:\/\/[a-z]+\.\{region\}\.\{domain\}$/.test(service?.url);
      const domain = service?.variables?.domain?.default;
      require(isTemplate && domain === 'myhuaweicloud.com', 'servers', 'starts with a template of region and domain');
      const isEmulator = servers.length === 2 && emulator.url === 'http://127.0.0.1:{port}';
      require(isEmulator, 'servers', 'ends with the emulator');
    },
  };
}

/** `x-inferred` is true or names keys beside it, and goes with the word "inferred" in a description. */
function inferred() {
  return {
    Root(root, { report, location }) {
      walk(root, location, [], (node, at, around) => {
        const mark = node[MARK];
        if (mark === undefined) {
          const marked = isObject(node.schema) && MARK in node.schema;
          const isInside = around.some((outer) => outer[MARK] === true);
          if (says(node, 'inferred') && !marked && !isInside) {
            report({ message: `calls something inferred: add \`${MARK}\``, location: at.child('description') });
          }
          return;
        }
        const keys = Array.isArray(mark) ? mark : [];
        const isList = keys.length > 0 && new Set(keys).size === keys.length && keys.every((key) => key in node);
        if (mark !== true && !isList) {
          report({ message: `\`${MARK}\` is true, or lists keys that stand beside it`, location: at.child(MARK) });
        }
        if (![node, around[0]].some((described) => says(described, 'inferred'))) {
          report({ message: 'is marked: say in the description what it is inferred from', location: at });
        }
      });
    },
  };
}

/** References stay in the document. */
function localReferences() {
  return {
    ref(node, { report, location }) {
      if (!node.$ref.startsWith('#/')) report({ message: 'refers to another file', location });
    },
  };
}

/** Responses have a body and X-Request-Id; only 4XX goes without the header, since ogen fails on it there. */
function responses() {
  return {
    Responses(all, { report, location, resolve }) {
      for (const [status, response] of Object.entries(all)) {
        const { content, headers } = resolve(response).node ?? {};
        const isRight = status === '4XX' ? response.$ref || !headers : headers?.['X-Request-Id'];
        if (!content || !isRight) {
          report({ message: 'has a body, and X-Request-Id unless it is 4XX', location: location.child(status) });
        }
      }
    },
  };
}

/** A parameter states its default, its bounds, what it counts, and its closed set of values. */
function parameters() {
  return {
    Parameter(parameter, { report, location }) {
      const { name, schema = {} } = parameter;
      const require = (holds, message) => holds || report({ message, location });
      require(!schema.$ref && !schema.nullable, 'has a schema of its own, which is not nullable');
      if (parameter.in === 'path') {
        require(schema.minLength > 0 && schema.maxLength && schema.pattern, 'a path parameter has limits');
      }
      if (name === 'offset') {
        require(/Counts (items|pages)/.test(parameter.description), 'says `Counts items` or `Counts pages`');
      }
      if (name === 'limit' || name === 'offset') {
        const stated = `default ${schema.default ?? 'and'}`;
        const unknown = /default[^.]*(is|are) not documented/i.test(parameter.description);
        require(says(parameter, stated) || unknown, 'states its default, or that it is not documented');
      }
      if (name === 'limit') {
        require(schema.maximum || says(parameter, 'upper bound'), 'has a maximum, or says that none is documented');
      }
      if (name === 'workspace') {
        require(parameter.in === 'header' && parameter.required, 'is a required header');
      }
    },
  };
}

/** The schemas that `schema` consists of, by name. */
function reachable(root, schema, found = new Map()) {
  for (const [key, child] of Object.entries(schema ?? {})) {
    if (key === '$ref') {
      const name = child.split('/').pop();
      if (!found.has(name)) {
        found.set(name, root.components?.schemas?.[name]);
        reachable(root, found.get(name), found);
      }
    } else if (child && typeof child === 'object') {
      reachable(root, child, found);
    }
  }
  return found;
}

/** Schemas of responses are loose: nullable, without limits, and with open sets of values. */
function responseSchemas() {
  return {
    Root(root, { report, location }) {
      const at = location.child('components').child('schemas');
      const responses = Object.values(root.paths ?? {}).flatMap((item) => Object.values(item))
        .flatMap((operation) => [operation.responses, root.components?.responses]);
      for (const [name, schema] of reachable(root, responses)) {
        const properties = Object.entries(schema?.properties ?? {});
        for (const [key, property] of properties) {
          const here = at.child(name).child('properties').child(key);
          if (!property.nullable) report({ message: 'a field of a response is nullable', location: here });
          const words = property.description ?? '';
          if (key.endsWith('_time') && !words.includes('in milliseconds since the Unix epoch')) {
            report({ message: 'a time states its unit and epoch', location: here });
          }
        }
        for (const [key, part] of [['', schema], ...properties]) {
          for (const limit of LIMITS.filter((limit) => part?.[limit] !== undefined)) {
            report({ message: `\`${limit}\` of a response belongs into words: ${key}`, location: at.child(name) });
          }
          if (['date-time', 'uuid', 'uri'].includes(part?.format)) {
            report({ message: 'a response has no textual format', location: at.child(name) });
          }
        }
      }
    },
  };
}

/** An open set is a named string, and says in words that it is open and what its values are. */
function openEnums() {
  return {
    NamedSchemas(schemas, { report, location }) {
      for (const [name, schema] of Object.entries(schemas)) {
        const values = schema[OPEN];
        if (values === undefined) continue;
        const listed = values.every((value) => schema.description?.includes(`\`${value}\``));
        const described = schema['x-enum-descriptions']?.length === values.length;
        if (schema.type !== 'string' || !schema.nullable || !says(schema, 'open set') || !listed || !described) {
          const message = 'an open set is a nullable string, named `open set`, with each value in words and described';
          report({ message, location: location.child(name) });
        }
      }
    },
  };
}

/** A success shows a full, an empty and a surprising response; the surprising one has a null and a new value. */
function successExamples() {
  return {
    Root(root, { report, location }) {
      for (const [path, item] of Object.entries(root.paths ?? {})) {
        for (const [method, operation] of Object.entries(item)) {
          const [status] = Object.keys(operation.responses ?? {}).filter((status) => status.startsWith('2'));
          const media = operation.responses?.[status]?.content?.['application/json'];
          const at = location.child('paths').child(path).child(method).child('responses').child(status ?? '200');
          const missing = ['full', 'empty', 'surprising'].filter((name) => !media?.examples?.[name]);
          if (missing.length > 0) report({ message: `lacks the example ${missing.join(', ')}`, location: at });
          const text = JSON.stringify(media?.examples?.surprising?.value ?? null);
          if (!text.includes('null')) report({ message: 'the example `surprising` has a null', location: at });
          for (const [name, schema] of reachable(root, media?.schema)) {
            const fields = Object.entries(reachableFields(root, name));
            const shown = fields.filter(([field]) => text.includes(`"${field}":"`));
            const isNew = ([field, values]) => !values.some((value) => text.includes(`"${field}":"${value}"`));
            if (schema?.properties && fields.length > 0 && !(shown.length > 0 && shown.every(isNew))) {
              report({ message: 'the example `surprising` has values that are not listed', location: at });
            }
          }
        }
      }
    },
  };
}

/** The fields of a named schema whose values form an open set, with the values. */
function reachableFields(root, name) {
  const schemas = root.components?.schemas ?? {};
  const fields = {};
  for (const [field, property] of Object.entries(schemas[name]?.properties ?? {})) {
    const target = property.allOf?.[0]?.$ref?.split('/').pop();
    if (schemas[target]?.[OPEN]) fields[field] = schemas[target][OPEN];
  }
  return fields;
}

/** Texts are sentences, and nothing is left to be written. */
function texts() {
  return {
    any(node, { report, location }) {
      if (!isObject(node)) return;
      for (const key of ['summary', 'description']) {
        const text = typeof node[key] === 'string' ? node[key].trim() : undefined;
        if (text === undefined) continue;
        const isLink = 'url' in node && !('variables' in node);
        if (/\b(TODO|FIXME|TBD|TBA|XXX)\b/.test(text) || text === '') {
          report({ message: 'is a placeholder', location: location.child(key) });
        } else if (key === 'description' && !isLink && !text.endsWith('.')) {
          report({ message: 'a description ends with a period', location: location.child(key) });
        } else if (key === 'summary' && text.endsWith('.')) {
          report({ message: 'a summary ends without a period', location: location.child(key) });
        }
      }
    },
  };
}

export default function plugin() {
  const oas3 = {
    document,
    inferred,
    'local-references': localReferences,
    'open-enums': openEnums,
    parameters,
    'response-schemas': responseSchemas,
    responses,
    'success-examples': successExamples,
    texts,
  };
  return { id: 'idsync', rules: { oas3 } };
}
