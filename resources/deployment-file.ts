import { readFileSync } from "node:fs";
import type { Problem } from "../common/problems";
import { commonPlacement, placeResources } from "./placement";
import { readProperties, readStackOutputs } from "./property-values";
import type { Resource, StackResources } from "./resource";

/** A stack read from a deployment file, with the URNs of resources that only wait for their deletion. */
export interface ParsedDeployment {
  stack: StackResources;
  /** Replaced resources that the engine has not deleted, or not created anew, yet. They are not among the stack's resources. */
  pendingDeletes: string[];
}

/** What {@link parseDeployment} and {@link readDeployment} give: the stack, or everything that is wrong. */
export type DeploymentResult = ParsedDeployment | { problems: Problem[] };

const ALLOWED = "the JSON that `pulumi stack export` prints, version 3";
const CHANGE = "export the stack again with `pulumi stack export --file FILE`";
/** Features of version 4 that add fields but change none of those read here. */
const HARMLESS_FEATURES = new Set(["refreshBeforeUpdate", "views", "hooks", "taint", "replaceWith"]);

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function problem(where: string, what: string, value?: string, allowed = ALLOWED, change = CHANGE): Problem {
  return { where, what, ...(value === undefined ? {} : { value }), allowed, change };
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
}

function textLists(value: unknown): Record<string, string[]> {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, list]) => [key, texts(list)]));
}

/** Parts of `urn:pulumi:<stack>::<project>::<qualified type>::<name>`; undefined when the text has another form. */
function urnParts(urn: string): { stack: string; project: string; name: string } | undefined {
  const match = /^urn:pulumi:(.+?)::(.+?)::(.+?)::(.*)$/s.exec(urn);
  return match ? { stack: match[1] ?? "", project: match[2] ?? "", name: match[4] ?? "" } : undefined;
}

const stackType = "pulumi:pulumi:Stack";

function readResource(entry: unknown, where: string, problems: Problem[]): Resource | undefined {
  if (!isObject(entry)) {
    problems.push(problem(where, "a resource is not an object", short(entry)));
    return undefined;
  }
  const before = problems.length;
  const urn = entry.urn;
  const parts = typeof urn === "string" ? urnParts(urn) : undefined;
  if (parts === undefined) problems.push(problem(`${where}.urn`, "not a resource name (URN)", short(urn)));
  if (typeof entry.type !== "string" || entry.type === "") {
    problems.push(problem(`${where}.type`, "the type token is missing", short(entry.type)));
  }
  if (entry.id !== undefined && typeof entry.id !== "string") {
    problems.push(problem(`${where}.id`, "the id is not a text", short(entry.id)));
  }
  for (const key of ["inputs", "outputs"]) {
    if (entry[key] !== undefined && entry[key] !== null && !isObject(entry[key])) {
      problems.push(problem(`${where}.${key}`, "the properties are not an object", short(entry[key])));
    }
  }
  if (parts === undefined || problems.length > before) return undefined;
  return {
    urn: urn as string,
    type: entry.type as string,
    name: parts.name,
    id: (entry.id as string | undefined) ?? "",
    custom: entry.custom === true,
    external: entry.external === true,
    ...(typeof entry.parent === "string" && entry.parent !== "" ? { parent: entry.parent } : {}),
    ...(typeof entry.provider === "string" && entry.provider !== "" ? { provider: entry.provider } : {}),
    dependencies: texts(entry.dependencies),
    propertyDependencies: textLists(entry.propertyDependencies),
    inputs: readProperties(entry.inputs),
    outputs: entry.type === stackType ? readStackOutputs(entry.outputs) : readProperties(entry.outputs),
  };
}

function checkVersion(document: Record<string, unknown>, file: string): Problem | undefined {
  const version = document.version;
  if (version === 2 || version === 3) return undefined;
  if (version === 4) {
    const unknown = texts(document.features).filter((feature) => !HARMLESS_FEATURES.has(feature));
    if (unknown.length === 0) return undefined;
    return problem(
      `${file}: features`,
      "version 4 with features that are not known here",
      unknown.join(", "),
    );
  }
  return problem(`${file}: version`, "a deployment version that is not read here", short(version));
}

function parseJson(text: string, file: string): { value: unknown } | Problem {
  if (text.trim() === "") return problem(file, "the file is empty");
  try {
    return { value: JSON.parse(text.replace(/^\uFEFF/, "")) as unknown };
  } catch (error) {
    const reason = error instanceof Error ? error.message : "";
    const truncated = /Unexpected end|Unterminated/.test(reason);
    return problem(
      file,
      truncated ? "the JSON ends too early: the file is truncated" : `not JSON (${reason})`,
    );
  }
}

/**
 * Reads one stack from the text of a deployment file.
 * @param file the file's name, for messages only.
 * @returns the stack, or every mistake found; never throws.
 */
export function parseDeployment(text: string, file: string): DeploymentResult {
  const json = parseJson(text, file);
  if (!("value" in json)) return { problems: [json] };
  const document = json.value;
  if (!isObject(document) || !("deployment" in document)) {
    return {
      problems: [problem(file, "not a deployment: the key `deployment` is missing", short(document))],
    };
  }
  const version = checkVersion(document, file);
  if (version !== undefined) return { problems: [version] };
  const deployment = document.deployment;
  if (!isObject(deployment)) {
    return { problems: [problem(`${file}: deployment`, "not an object", short(deployment))] };
  }
  const entries = deployment.resources ?? [];
  if (!Array.isArray(entries)) {
    return { problems: [problem(`${file}: deployment.resources`, "not a list", short(entries))] };
  }
  if (entries.length === 0) {
    const what = "the stack has no resources";
    return {
      problems: [
        problem(file, what, undefined, "a stack that was deployed", "deploy the stack, then export it"),
      ],
    };
  }
  const problems: Problem[] = [];
  const resources: Resource[] = [];
  const pendingDeletes: string[] = [];
  const seen = new Set<string>();
  const stacks = new Set<string>();
  entries.forEach((entry: unknown, index) => {
    const where = `${file}: deployment.resources[${index}]`;
    const resource = readResource(entry, where, problems);
    if (resource === undefined) return;
    // Also what was deleted ahead of a replacement that has not come about.
    if (isObject(entry) && (entry.delete === true || entry.pendingReplacement === true)) {
      pendingDeletes.push(resource.urn);
      return;
    }
    if (seen.has(resource.urn)) problems.push(problem(where, "a resource is listed twice", resource.urn));
    const parts = urnParts(resource.urn);
    stacks.add(`${parts?.project}/${parts?.stack}`);
    seen.add(resource.urn);
    resources.push(resource);
  });
  if (stacks.size > 1) problems.push(problem(file, "resources of several stacks", [...stacks].join(", ")));
  if (problems.length > 0) return { problems };
  placeResources(resources);
  const [project = "", stack = ""] = [...stacks][0]?.split("/") ?? [];
  const root = resources.find((resource) => resource.type === stackType);
  const { account, region } = commonPlacement(resources);
  return {
    stack: {
      project,
      stack,
      ...(account === undefined ? {} : { account }),
      ...(region === undefined ? {} : { region }),
      resources,
      outputs: root?.outputs ?? {},
    },
    pendingDeletes,
  };
}

/** Reads a deployment file from disk; a missing file, a directory or missing permission is a problem like any other. */
export function readDeployment(file: string): DeploymentResult {
  try {
    return parseDeployment(readFileSync(file, "utf8"), file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    const what: Record<string, string> = {
      ENOENT: "the file does not exist",
      EISDIR: "this is a directory, not a file",
      EACCES: "the file may not be read",
    };
    const change = "give the name of a readable file";
    return {
      problems: [
        problem(file, what[code] ?? `the file cannot be read (${code})`, undefined, ALLOWED, change),
      ],
    };
  }
}
