import { basename } from "node:path";
import type { Problem } from "../../common/problems";
import { LineCounter, isNode, parseDocument } from "yaml";
import type { Document } from "yaml";
import { isJsonObject } from "./openapi-document";
import type { OpenApiDocument } from "./openapi-document";

const supported = "OpenAPI 3.0 or 3.1 as YAML or JSON";

/** What loading gives: the document, or what is wrong with it. */
export interface LoadedDocument {
  document?: OpenApiDocument;
  problems: Problem[];
}

/**
 * Reads an OpenAPI 3.0 or 3.1 document from its text (YAML or JSON), validates it, and draws files that it refers to
 * into it; `file` names the document in messages and is where relative references start. References to the network are
 * refused: a deployment must not depend on what somebody else's server answers today. OpenAPI 2.0 is refused by name.
 * All problems carry the line when it is known. The text's `x-` fields and descriptions are kept.
 */
export async function loadDocument(text: string, file: string): Promise<LoadedDocument> {
  const lines = new LineCounter();
  const yaml = parseDocument(text, { lineCounter: lines, merge: true, logLevel: "error" });
  if (yaml.errors.length > 0) {
    return {
      problems: yaml.errors.map((error) => ({
        where: `${file}:${lines.linePos(error.pos[0]).line}`,
        what: `the file is not readable as YAML or JSON: ${firstLine(error.message).replace(/ at line \d+.*$/, "")}`,
        allowed: supported,
        change: "correct the syntax",
      })),
    };
  }
  let api: unknown;
  try {
    // Through JSON, so that anchors become values of their own, and a document that contains itself is found out.
    api = JSON.parse(JSON.stringify(yaml.toJS() ?? null));
  } catch (error) {
    const what = `the file cannot be expressed as JSON: ${firstLine(String(error))}`;
    return {
      problems: [
        { where: file, what, allowed: supported, change: "replace anchors that contain themselves by $ref" },
      ],
    };
  }
  const place = (path: readonly string[]) => placeOf(yaml, lines, file, path);
  const version = checkVersion(api, file, place);
  if (version !== undefined) return { problems: [version] };
  return validate(api as OpenApiDocument, text, file, place);
}

type Place = (path: readonly string[]) => string;

function checkVersion(api: unknown, file: string, place: Place): Problem | undefined {
  if (!isJsonObject(api)) {
    return {
      where: file,
      what: "the file holds no OpenAPI document",
      allowed: supported,
      change: "write a document with openapi, info and paths",
    };
  }
  if (api.swagger !== undefined) {
    return {
      where: place(["swagger"]),
      what: "the document is of OpenAPI 2.0 (Swagger)",
      value: JSON.stringify(api.swagger),
      allowed: supported,
      change: "convert it to OpenAPI 3.0, for example with the converter of editor.swagger.io",
    };
  }
  if (typeof api.openapi === "string" && /^3\.[01]\.\d+$/.test(api.openapi)) return undefined;
  const what =
    api.openapi === undefined
      ? "the document does not say its OpenAPI version"
      : "the document's OpenAPI version is not supported";
  const value = api.openapi === undefined ? {} : { value: JSON.stringify(api.openapi) };
  return {
    where: place(["openapi"]),
    what,
    ...value,
    allowed: supported,
    change: 'write openapi: "3.0.3" or "3.1.0" and what that version demands',
  };
}

/**
 * Documents found valid, with all that they refer to drawn in, so nothing else decides. A validator is compiled anew for
 * each validation, which takes a fifth of a second, and a rehearsal loads each document in every pass.
 */
const validDocuments = new Set<string>();

async function validate(
  api: OpenApiDocument,
  text: string,
  file: string,
  place: Place,
): Promise<LoadedDocument> {
  // Loaded here and not above: it takes longer to load than all the rest of this folder, and most APIs need no document.
  const { default: SwaggerParser } = await import("@apidevtools/swagger-parser");
  const options = { resolve: { http: false } } as const;
  try {
    const bundled = (await new SwaggerParser().bundle(
      file,
      structuredClone(api) as never,
      options,
    )) as unknown as OpenApiDocument;
    const content = JSON.stringify(bundled);
    if (!validDocuments.has(content)) {
      // Validating dereferences in place, hence a copy.
      await new SwaggerParser().validate(file, structuredClone(bundled) as never, options);
      validDocuments.add(content);
    }
    return { document: bundled, problems: [] };
  } catch (error) {
    return { problems: problemsOf(error, text, file, place) };
  }
}

/** The parts of an error of the parser that say where and what. */
interface ParserError {
  message?: string;
  details?: { instancePath?: string; keyword?: string; message?: string; params?: Record<string, unknown> }[];
  errors?: ParserError[];
}

function problemsOf(error: unknown, text: string, file: string, place: Place): Problem[] {
  const { details, errors, message } = (
    isJsonObject(error) ? error : { message: String(error) }
  ) as ParserError;
  if (Array.isArray(errors) && errors.length > 0)
    return errors.flatMap((inner) => problemsOf(inner, text, file, place));
  if (Array.isArray(details) && details.length > 0) return detailProblems(details, place);
  return [
    {
      where: lineOfReference(text, file, message ?? ""),
      what: `the document is not valid: ${firstLine(message ?? "unknown reason")}`,
      allowed: `${supported}, references within the document or to files beside it`,
      change: "correct the document",
    },
  ];
}

/** Where the text has the reference that a message quotes: the pointer, or the name of the file. */
function lineOfReference(text: string, file: string, message: string): string {
  const quoted = [...message.matchAll(/["']([^"']+)["']/g)].map(([, value = ""]) =>
    value.startsWith("/") ? basename(value) : value,
  );
  const line = text
    .split("\n")
    .findIndex((content) => content.includes("$ref") && quoted.some((value) => content.includes(value)));
  return line === -1 ? file : `${file}:${line + 1}`;
}

function detailProblems(details: NonNullable<ParserError["details"]>, place: Place): Problem[] {
  // Of alternatives each reports: what lies deeper tells the author more than "no alternative matches", and a missing
  // $ref is only the alternative that was not meant.
  const paths = details.map((detail) => detail.instancePath ?? "");
  const telling = details.filter(({ keyword, params }, index) => {
    const deeper = paths.some((other) => other.startsWith(`${paths[index] ?? ""}/`));
    const alternative =
      keyword === "oneOf" || keyword === "anyOf" || keyword === "if" || keyword === "unevaluatedProperties";
    return !(deeper && alternative) && params?.missingProperty !== "$ref";
  });
  const problems = new Map<string, Problem>();
  for (const { instancePath = "", message = "invalid", params } of telling.length > 0 ? telling : details) {
    const extra = params?.additionalProperty ?? params?.unevaluatedProperty;
    const reason = typeof extra === "string" ? `${message} (${extra})` : message;
    const segments = instancePath
      .split("/")
      .slice(1)
      .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
    const where = place(segments);
    const before = problems.get(instancePath);
    const pointer = instancePath === "" ? "the document" : `#${instancePath}`;
    const what = before === undefined ? `${pointer} is not valid: ${reason}` : `${before.what}; ${reason}`;
    problems.set(instancePath, {
      where,
      what,
      allowed: "what the OpenAPI specification says of this place",
      change: "correct the document",
    });
  }
  return [...problems.values()];
}

function placeOf(yaml: Document, lines: LineCounter, file: string, path: readonly string[]): string {
  for (let length = path.length; length > 0; length -= 1) {
    const keys = path.slice(0, length).map((key) => (/^\d+$/.test(key) ? Number(key) : key));
    const node: unknown = yaml.getIn(keys, true) ?? yaml.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return `${file}:${lines.linePos(node.range[0]).line}`;
  }
  return file;
}

function firstLine(message: string): string {
  return (message.split("\n")[0] ?? message).replace(/[.:]\s*$/, "");
}
