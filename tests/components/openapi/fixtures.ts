import type { ApiTarget } from "../../../components/openapi/api-plan";
import type { OpenApiDocument } from "../../../components/openapi/openapi-document";

/** An OpenAPI document with the given paths; a list of methods stands for operations with nothing but a response. */
export function documentWith(
  paths: Record<string, unknown>,
  more: Record<string, unknown> = {},
): OpenApiDocument {
  const expanded = Object.entries(paths).map(([path, item]) => [
    path,
    Array.isArray(item) ? Object.fromEntries(item.map((method) => [String(method), operation()])) : item,
  ]);
  return {
    openapi: "3.0.3",
    info: { title: "A provider", version: "1" },
    paths: Object.fromEntries(expanded) as Record<string, unknown>,
    ...more,
  };
}

/** An operation with nothing but a response. */
export function operation(more: Record<string, unknown> = {}): Record<string, unknown> {
  return { responses: { "200": { description: "ok" } }, ...more };
}

/** A target with the defaults of a caller. */
export function target(name: string, more: Partial<ApiTarget> = {}): ApiTarget {
  return { name, basePath: `/${name}`, authorizer: "AWS_IAM", timeoutMilliseconds: 29_000, ...more };
}
