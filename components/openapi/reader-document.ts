import type { ApiPlan, PlannedRoute, PlannedTarget } from "./api-plan";
import { readerScheme, schemeName, securityOf } from "./authorizer";
import { dereference, httpMethods, isJsonObject } from "./openapi-document";
import type { JsonObject, OpenApiDocument } from "./openapi-document";
import { mergeParameters } from "./provider-operations";
import { DocumentRewriter } from "./reader-rewrite";

/** What the document for readers holds beside the plan. */
export interface ReaderOptions {
  title: string;
  version: string;
  description?: string;
  /** Where the API is called, stage included; left out when it is not known yet. */
  serverUrl?: string;
}

/** A target with the rewriter of its document. */
interface ReaderTarget {
  target: PlannedTarget;
  prefix: string;
  rewriter?: DocumentRewriter;
}

/**
 * The whole API as one OpenAPI document for people and tools: the providers' summaries, schemas and examples below their
 * base paths, path variables named as the API names them, and the API's own security instead of the providers'. Names of
 * components, operations and tags start with the target's name, so that providers never collide and one provider never
 * renames another's. Nothing of AWS is in it.
 *
 * OpenAPI 3.1 as soon as one provider writes 3.1, else 3.0; then `nullable` and boolean `exclusiveMinimum` and
 * `exclusiveMaximum` of the 3.0 documents are rewritten. A target without a document is listed with all seven methods,
 * its paths below standing under `{proxy}`. Links keep their expressions as written, even where a path variable
 * has another name here. Webhooks and servers of the providers are left out: they do not pass the API.
 */
export function readerDocument(plan: ApiPlan, options: ReaderOptions): OpenApiDocument {
  const newer = plan.targets.some(({ document }) => document?.openapi.startsWith("3.1"));
  const targets = readerTargets(plan.targets, newer);
  const paths: Record<string, JsonObject> = {};
  const schemes: JsonObject = {};
  for (const route of plan.routes) {
    const found = targets.get(route.target);
    if (found === undefined) continue;
    const item = (paths[route.path.replace(/\+\}$/, "}")] ??= {});
    for (const method of route.method === "any" ? httpMethods : [route.method])
      item[method] = readerOperation(route, method, found);
    const [name, scheme] = [schemeName(found.target.authorizer), readerScheme(found.target.authorizer)];
    if (name !== undefined && scheme !== undefined) schemes[name] = scheme;
  }
  const components: Record<string, JsonObject> = { securitySchemes: schemes };
  for (const { rewriter } of targets.values()) {
    for (const [section, entries] of Object.entries(rewriter?.components() ?? {})) {
      components[section] = { ...components[section], ...entries };
    }
  }
  return {
    openapi: newer ? "3.1.0" : "3.0.3",
    info: {
      title: options.title,
      ...(options.description === undefined ? {} : { description: options.description }),
      version: options.version,
    },
    ...(options.serverUrl === undefined ? {} : { servers: [{ url: options.serverUrl }] }),
    tags: [...targets.values()].flatMap(readerTags),
    paths,
    components,
  };
}

function readerTargets(targets: readonly PlannedTarget[], newer: boolean): Map<string, ReaderTarget> {
  const prefixes = new Set<string>();
  const result = new Map<string, ReaderTarget>();
  for (const target of targets) {
    // A dot would let "a.b" and "c" meet "a" and "b.c"; names that still meet get a number.
    const plain = target.name.replace(/[^A-Za-z0-9_-]/g, "_");
    let prefix = plain;
    for (let number = 2; prefixes.has(prefix); number += 1) prefix = `${plain}_${number}`;
    prefixes.add(prefix);
    const { document } = target;
    if (document === undefined) result.set(target.name, { target, prefix });
    else {
      const upgrade = newer && document.openapi.startsWith("3.0");
      result.set(target.name, { target, prefix, rewriter: new DocumentRewriter(document, prefix, upgrade) });
    }
  }
  return result;
}

function readerTags({ target, prefix, rewriter }: ReaderTarget): JsonObject[] {
  const { document } = target;
  if (document === undefined || rewriter === undefined) {
    return [{ name: prefix, description: `Everything below ${target.basePath}` }];
  }
  const own = Array.isArray(document.tags) ? document.tags.filter(isJsonObject) : [];
  const texts = [document.info.title, document.info.description].filter((text) => typeof text === "string");
  const renamed = own.map((tag) => ({
    ...tag,
    name: rewriter.named(typeof tag.name === "string" ? tag.name : ""),
  }));
  return [{ name: prefix, description: texts.join("\n\n") }, ...renamed];
}

function readerOperation(
  route: PlannedRoute,
  method: string,
  { target, prefix, rewriter }: ReaderTarget,
): JsonObject {
  const security = securityOf(target.authorizer);
  const { document } = target;
  if (route.source === undefined || document === undefined || rewriter === undefined) {
    const below = route.parameters.length > 0;
    return {
      operationId: `${prefix}.${method}${below ? "Below" : ""}`,
      summary: below
        ? `Any path below ${target.basePath}, passed on as it is`
        : `The path ${target.basePath} itself, passed on as it is`,
      tags: [prefix],
      ...(below ? { parameters: [pathParameter("proxy", { description: "One or more path parts" })] } : {}),
      responses: { default: { description: "The target's response" } },
      security,
    };
  }
  const item = dereference(document, document.paths?.[route.source.path]) ?? {};
  const operation = item[route.source.method];
  const rest: JsonObject = isJsonObject(operation) ? { ...operation } : {};
  const merged = readerParameters(route, document, rewriter, [item.parameters, rest.parameters]);
  delete rest.parameters;
  delete rest.servers;
  const tags = Array.isArray(rest.tags) && rest.tags.length > 0 ? {} : { tags: [prefix] };
  return {
    ...(rewriter.node(rest) as JsonObject),
    ...tags,
    ...(merged.length === 0 ? {} : { parameters: merged }),
    security,
  };
}

function readerParameters(
  route: PlannedRoute,
  document: OpenApiDocument,
  rewriter: DocumentRewriter,
  lists: readonly unknown[],
): unknown[] {
  const variables = route.source?.variables ?? {};
  const { merged } = mergeParameters(document, lists);
  const path = Object.entries(variables).map(([own, name]) => {
    const declared = merged.find(({ resolved }) => resolved.in === "path" && resolved.name === own);
    if (declared === undefined) return pathParameter(name, {});
    if (own === name) return rewriter.node(declared.written);
    return { ...(rewriter.node(declared.resolved) as JsonObject), name };
  });
  const others = merged
    .filter(({ resolved }) => resolved.in !== "path")
    .map(({ written }) => rewriter.node(written));
  return [...path, ...others];
}

function pathParameter(name: string, more: JsonObject): JsonObject {
  return { name, in: "path", required: true, ...more, schema: { type: "string" } };
}
