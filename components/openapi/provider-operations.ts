import type { Problem } from "../../common/problems";
import type { ApiTarget, PlannedParameter } from "./api-plan";
import { byText, dereference, httpMethods, isJsonObject } from "./openapi-document";
import type { HttpMethod, JsonObject, OpenApiDocument } from "./openapi-document";
import { parsePath } from "./path-template";
import type { PathPart } from "./path-template";

/** One operation of a target, its path below the target's base path. */
export interface TargetOperation {
  parts: PathPart[];
  method: HttpMethod | "any";
  /** Headers and query parameters that the method declares. */
  parameters: PlannedParameter[];
  source?: { path: string; method: HttpMethod; names: string[] };
}

/** What a target's document, or the lack of one, makes the API offer. */
export interface TargetOperations {
  operations: TargetOperation[];
  problems: Problem[];
  warnings: string[];
}

/** The greedy variable of a target without a document. */
const proxy: PathPart = { text: "proxy", kind: "greedy" };

/** Headers that OpenAPI says are never described as parameters ("Parameter Object", field `name`). */
const undeclaredHeaders = ["accept", "content-type", "authorization"];

/**
 * Reads the operations of a target. Without a document these are all methods of the base path and of everything below
 * it: `{proxy+}` does not match its own parent. With a document these are the document's, in the order of their paths;
 * whatever API Gateway would refuse is a problem that names the path and its methods, and whatever never reaches it
 * (webhooks, servers of single paths, parameters whose names a mapping cannot hold) is a warning where it matters.
 */
export function readOperations(target: ApiTarget): TargetOperations {
  const { document } = target;
  if (document === undefined) {
    const operations = [[], [proxy]].map((parts) => ({ parts, method: "any" as const, parameters: [] }));
    return { operations, problems: [], warnings: [] };
  }
  const result: TargetOperations = { operations: [], problems: [], warnings: [] };
  if (document.webhooks !== undefined) {
    result.warnings.push(`target ${target.name}: webhooks do not pass the API and are left out`);
  }
  const paths = Object.entries(document.paths ?? {}).sort(([a], [b]) => byText(a, b));
  for (const [path, value] of paths) {
    if (!path.startsWith("x-")) readPath(target.name, document, path, value, result);
  }
  if (result.operations.length === 0 && result.problems.length === 0) {
    result.problems.push({
      where: `target ${target.name}, paths`,
      what: "the document has no operations",
      allowed: "at least one operation",
      change: "add the paths, or leave the document out to pass every path on",
    });
  }
  return result;
}

function readPath(
  target: string,
  document: OpenApiDocument,
  path: string,
  value: unknown,
  result: TargetOperations,
): void {
  const item = dereference(document, value);
  const methods =
    item === undefined ? [] : [...httpMethods, "trace"].filter((method) => isJsonObject(item[method]));
  const where = `target ${target}, ${methods.length === 0 ? "" : `${methods.join(", ").toUpperCase()} `}${path}`;
  if (item === undefined) {
    result.problems.push({
      where,
      what: "the path refers to something that is not there",
      value: JSON.stringify(value),
      allowed: "a path item, or a reference to one",
      change: "correct the $ref",
    });
    return;
  }
  refuseUnknownMethods(where, item, result);
  if (item.servers !== undefined) {
    result.warnings.push(
      `${where}: servers of a single path are ignored; the target's address and prefix hold`,
    );
  }
  const parsed = parsePath(path);
  if ("fault" in parsed) {
    result.problems.push({ where, ...parsed.fault });
    return;
  }
  for (const method of httpMethods) {
    const operation = item[method];
    if (!isJsonObject(operation)) continue;
    const place = `target ${target}, ${method.toUpperCase()} ${path}`;
    if (operation.servers !== undefined) {
      result.warnings.push(
        `${place}: servers of a single operation are ignored; the target's address and prefix hold`,
      );
    }
    const parameters = readParameters(
      place,
      document,
      [item.parameters, operation.parameters],
      parsed.names,
      result,
    );
    result.operations.push({
      parts: parsed.parts,
      method,
      parameters,
      source: { path, method, names: parsed.names },
    });
  }
}

function refuseUnknownMethods(where: string, item: JsonObject, result: TargetOperations): void {
  for (const method of ["trace", "x-amazon-apigateway-any-method"]) {
    if (item[method] === undefined) continue;
    const what =
      method === "trace" ? "API Gateway has no method TRACE" : `${method} is not a method of OpenAPI`;
    result.problems.push({
      where,
      what,
      allowed: httpMethods.join(", ").toUpperCase(),
      change: method === "trace" ? "remove the operation" : "write each method as an operation of its own",
    });
  }
}

/** A parameter of an operation: as written in the document, and resolved. */
export interface DocumentedParameter {
  written: unknown;
  resolved: JsonObject & { name: string; in: string };
}

/** The parameters of an operation, those of its path first; the operation's replace the path's of the same name and place. */
export function mergeParameters(
  document: OpenApiDocument,
  lists: readonly unknown[],
): { merged: DocumentedParameter[]; broken: unknown[] } {
  const merged = new Map<string, DocumentedParameter>();
  const broken: unknown[] = [];
  for (const written of lists.flatMap((list): unknown[] => (Array.isArray(list) ? list : []))) {
    const resolved = dereference(document, written);
    const { name, in: place } = resolved ?? {};
    if (resolved === undefined || typeof name !== "string" || typeof place !== "string") broken.push(written);
    else merged.set(`${place} ${name}`, { written, resolved: { ...resolved, name, in: place } });
  }
  return { merged: [...merged.values()], broken };
}

function readParameters(
  where: string,
  document: OpenApiDocument,
  lists: readonly unknown[],
  variables: readonly string[],
  result: TargetOperations,
): PlannedParameter[] {
  const { merged, broken } = mergeParameters(document, lists);
  for (const written of broken) {
    result.problems.push({
      where,
      what: "a parameter has no name and place, or refers to something that is not there",
      value: JSON.stringify(written),
      allowed: "a parameter with name and in, or a reference to one",
      change: "correct the parameter",
    });
  }
  const parameters: PlannedParameter[] = [];
  for (const { resolved } of merged) {
    const { name } = resolved;
    if (resolved.in === "path" && !variables.includes(name)) {
      result.problems.push({
        where,
        what: `the path parameter ${name} does not occur in the path`,
        value: name,
        allowed: variables.length === 0 ? "no path parameter" : `one of ${variables.join(", ")}`,
        change: "remove the parameter, or put it into the path in braces",
      });
    }
    if (resolved.in !== "query" && resolved.in !== "header") continue;
    if (resolved.in === "header" && undeclaredHeaders.includes(name.toLowerCase())) continue;
    if (!/^[a-zA-Z0-9._$-]+$/.test(name)) {
      result.warnings.push(
        `${where}: ${resolved.in} parameter ${name} is not declared at the API, whose names cannot hold it; it passes all the same`,
      );
      continue;
    }
    parameters.push({ name, in: resolved.in, required: resolved.required === true });
  }
  return parameters.sort((a, b) => byText(`${a.in} ${a.name}`, `${b.in} ${b.name}`));
}
