import type { Problem } from "../../common/problems";
import type { ApiTarget } from "./api-plan";
import { isJsonObject } from "./openapi-document";
import type { OpenApiDocument } from "./openapi-document";

/**
 * The path at the target in front of every operation's path, without a slash at the end: as configured, else the path of
 * the document's first server URL (its variables at their defaults), else nothing.
 */
export function readPathPrefix(target: ApiTarget): { prefix: string } | { problem: Problem } {
  const configured = target.pathPrefix !== undefined;
  const text = target.pathPrefix ?? (target.document === undefined ? "" : serverPath(target.document));
  const prefix = text.replace(/\/+$/, "");
  if (/^(\/[A-Za-z0-9._~!$&'()*+,;=:@%-]+)*$/.test(prefix)) return { prefix };
  return {
    problem: {
      where: `target ${target.name}, ${configured ? "pathPrefix" : "servers[0].url"}`,
      what: "the path in front of every operation's path is malformed",
      value: JSON.stringify(text),
      allowed: "nothing, or parts of characters that a URL path holds, each after one slash; no variables",
      change: configured ? "correct it" : "set the target's pathPrefix, or correct the document's server URL",
    },
  };
}

function serverPath(document: OpenApiDocument): string {
  const server: unknown = Array.isArray(document.servers) ? document.servers[0] : undefined;
  if (!isJsonObject(server) || typeof server.url !== "string") return "";
  const variables = isJsonObject(server.variables) ? server.variables : {};
  const url = server.url.replace(/\{([^{}]+)\}/g, (written, name: string) => {
    const variable = variables[name];
    return isJsonObject(variable) && typeof variable.default === "string" ? variable.default : written;
  });
  const path = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, "").replace(/[?#].*$/, "");
  return path === "" || path.startsWith("/") ? path : `/${path}`;
}
