// What each route answers, as OpenAPI 3.0 schemas, read from the return types of the controllers: the types are the one place where
// answers are described, so a schema cannot say anything else. A library that did this from class members does not see methods' inferred types.
import ts from 'typescript';

const HTTP_DECORATORS = new Set(['Get', 'Post', 'Put', 'Patch', 'Delete']);

/**
 * @param {string} tsconfig path
 * @returns {{ answers: Record<string, object>, schemas: Record<string, object> }} by operation id (`Works_search`); and the named types that they refer to
 * @throws when a type has no JSON: a function, a bigint, two types of one name
 */
export function readAnswerSchemas(tsconfig) {
  const { config } = ts.readConfigFile(tsconfig, ts.sys.readFile);
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, '.');
  const controllers = fileNames.filter((name) => name.endsWith('.controller.ts'));
  const program = ts.createProgram(controllers, { ...options, noEmit: true });
  const checker = program.getTypeChecker();
  const toSchema = createSchemaWriter(checker);
  const answers = {};
  for (const name of controllers) {
    for (const statement of program.getSourceFile(name).statements) {
      if (!ts.isClassDeclaration(statement) || statement.name === undefined) continue;
      for (const method of statement.members) {
        if (!ts.isMethodDeclaration(method) || !hasHttpDecorator(method)) continue;
        const id = `${statement.name.text.replace(/Controller$/, '')}_${method.name.getText()}`;
        const returned = checker.getReturnTypeOfSignature(checker.getSignatureFromDeclaration(method));
        const schema = toSchema.of(checker.getAwaitedType(returned) ?? returned, id);
        if (schema !== null) answers[id] = schema;
      }
    }
  }
  return { answers, schemas: toSchema.named };
}

function hasHttpDecorator(method) {
  return (ts.getDecorators(method) ?? []).some(({ expression }) => ts.isCallExpression(expression) && HTTP_DECORATORS.has(expression.expression.getText()));
}

function createSchemaWriter(checker) {
  /** Schemas and declarations of named types, by name. */
  const named = {};
  const declarations = new Map();

  /** Null: nothing is sent, or no JSON (text, files). */
  function of(type, where) {
    const parts = (type.isUnion() ? type.types : [type]).filter((part) => !(part.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void)));
    const noJson = parts.every((part) => part.flags & (ts.TypeFlags.String | ts.TypeFlags.Unknown | ts.TypeFlags.Any) || part.symbol?.name === 'Buffer');
    return noJson ? null : write(type, where);
  }

  function write(type, where) {
    // Of any shape: a statement's body.
    if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown) || type.aliasSymbol?.name === 'JsonValue') return {};
    if (type.flags & ts.TypeFlags.BooleanLiteral) return { type: 'boolean', enum: [checker.typeToString(type) === 'true'] };
    if (type.isStringLiteral()) return { type: 'string', enum: [type.value] };
    if (type.isNumberLiteral()) return { type: 'number', enum: [type.value] };
    if (type.flags & (ts.TypeFlags.String | ts.TypeFlags.TemplateLiteral)) return { type: 'string' };
    if (type.flags & ts.TypeFlags.Number) return { type: 'number' };
    if (type.flags & ts.TypeFlags.Boolean) return { type: 'boolean' };
    if (type.isUnion()) return writeUnion(type, where);
    if (type.isIntersection()) {
      // A branded primitive is that primitive.
      const primitive = type.types.find((part) => part.flags & (ts.TypeFlags.String | ts.TypeFlags.Number));
      return primitive ? write(primitive, where) : writeObject(type, where);
    }
    if (checker.isTupleType(type)) {
      const items = checker.getTypeArguments(type).map((part) => write(part, where));
      return { type: 'array', items: items.length === 0 ? {} : anyOf(items), minItems: items.length, maxItems: items.length };
    }
    if (checker.isArrayType(type)) return { type: 'array', items: write(checker.getTypeArguments(type)[0], where) };
    if (type.flags & ts.TypeFlags.Object) return type.symbol?.name === 'Date' ? { type: 'string', format: 'date-time' } : writeNamed(type, where);
    throw new Error(`${where}: ${checker.typeToString(type)} has no JSON`);
  }

  /** An interface that is declared by name is referred to; what is generic or anonymous is written in place. */
  function writeNamed(type, where) {
    const alias = type.aliasSymbol && !type.aliasTypeArguments?.length ? type.aliasSymbol : null;
    const isInterface = type.symbol?.flags & ts.SymbolFlags.Interface && !checker.getTypeArguments(type).length;
    const symbol = isInterface ? type.symbol : alias;
    const declaration = symbol?.declarations?.[0];
    if (!declaration || /\/node_modules\//.test(declaration.getSourceFile().fileName)) return writeObject(type, where);
    const known = declarations.get(symbol.name);
    if (known !== undefined && known !== declaration) {
      throw new Error(`${where}: two types are named ${symbol.name}, in ${known.getSourceFile().fileName} and ${declaration.getSourceFile().fileName}`);
    }
    if (known === undefined) {
      declarations.set(symbol.name, declaration);
      named[symbol.name] = { ...describe(symbol), ...writeObject(type, symbol.name) };
    }
    return { $ref: `#/components/schemas/${symbol.name}` };
  }

  function writeObject(type, where) {
    const properties = {};
    const required = [];
    for (const property of checker.getPropertiesOfType(type)) {
      const of = checker.getTypeOfSymbol(property);
      if (of.getCallSignatures().length > 0) throw new Error(`${where}.${property.name} is a function`);
      const schema = write(of, `${where}.${property.name}`);
      const description = describe(property);
      properties[property.name] = '$ref' in schema && description.description ? { allOf: [schema], ...description } : { ...schema, ...description };
      if (!(property.flags & ts.SymbolFlags.Optional)) required.push(property.name);
    }
    const index = checker.getIndexInfoOfType(type, ts.IndexKind.String);
    return {
      type: 'object',
      ...(Object.keys(properties).length > 0 ? { properties } : {}),
      ...(required.length > 0 ? { required } : {}),
      ...(index ? { additionalProperties: index.type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown) ? true : write(index.type, where) } : {}),
    };
  }

  function writeUnion(type, where) {
    const parts = type.types.filter((part) => !(part.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void)));
    const nullable = parts.some((part) => part.flags & ts.TypeFlags.Null);
    const rest = parts.filter((part) => !(part.flags & ts.TypeFlags.Null));
    const schema = rest.every((part) => part.flags & ts.TypeFlags.BooleanLiteral) && rest.length === 2 ? { type: 'boolean' } : anyOf(mergeEnums(rest.map((part) => write(part, where))));
    if (!nullable) return schema;
    return '$ref' in schema ? { allOf: [schema], nullable: true } : { ...schema, nullable: true, ...(schema.enum ? { enum: [...schema.enum, null] } : {}) };
  }

  function describe(symbol) {
    const text = ts.displayPartsToString(symbol.getDocumentationComment(checker)).replaceAll(/\s*\n\s*/g, ' ').trim();
    return text === '' ? {} : { description: text };
  }

  return { of, named };
}

function anyOf(schemas) {
  const distinct = [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()];
  return distinct.length === 1 ? distinct[0] : { anyOf: distinct };
}

/** Literals of one primitive become one enumeration, sorted: the compiler's own order changes with what else it compiles. */
function mergeEnums(schemas) {
  const merged = [];
  for (const schema of schemas) {
    const same = schema.enum && merged.find((other) => other.enum && other.type === schema.type);
    if (same) same.enum.push(...schema.enum);
    else merged.push(schema.enum ? { ...schema, enum: [...schema.enum] } : schema);
  }
  return merged.map((schema) => (schema.enum ? { ...schema, enum: schema.enum.toSorted() } : schema));
}
