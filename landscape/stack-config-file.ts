import * as path from "node:path";
import { distance } from "fastest-levenshtein";
import { type Problem } from "../common/problems";
import { show } from "../common/collector";
import { type RawConfig } from "../configuration/raw-config";
import { type Project, repositoryFolder } from "./projects";
import { readYaml } from "./yaml-file";

/**
 * Reads a Pulumi stack configuration file as the engine would: the file's `config`, with the defaults of the project's
 * `Pulumi.yaml` where the file has no value. Objects become JSON text.
 * https://www.pulumi.com/docs/iac/concepts/config/
 */
export async function readStackConfigFile(
  file: string,
  project: Project,
): Promise<{ config: RawConfig; readable: boolean; problems: Problem[] }> {
  const { value, problems } = await readYaml(file, "stack configuration file");
  if (problems.length > 0) return { config: {}, readable: false, problems };
  const given: unknown = (value as Record<string, unknown> | null)?.config;
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    return {
      config: {},
      readable: false,
      problems: [
        {
          where: file,
          what: given === undefined || given === null ? "has no config" : "has a config that is not a map",
          ...(given === undefined || given === null ? {} : { value: show(given) }),
          allowed: "a map `config:` from namespace:key to value",
          change: "write the stack's configuration below `config:`",
        },
      ],
    };
  }
  const config: RawConfig = {};
  for (const [written, entry] of Object.entries(given as Record<string, unknown>)) {
    // The engine takes `namespace:config:key` for the same as `namespace:key`.
    const key = written.replace(/^([^:]+):config:/, "$1:");
    const meant = typoOf(key, project);
    if (meant !== undefined) {
      problems.push({
        where: `${file}, ${written}`,
        what: "is not a known configuration key",
        value: written,
        allowed: `keys of ${project.name}:, aws: and pulumi:`,
        change: `write "${meant}" instead, or remove it`,
      });
    } else if (isSecret(entry)) {
      problems.push({
        where: `${file}, ${key}`,
        what: "is a secret, which cannot be read here",
        allowed: "plain values: ids, CIDR blocks and ports are no secrets",
        change: `set it again without --secret`,
      });
    } else if (!key.includes(":")) {
      problems.push({
        where: `${file}, ${key}`,
        what: "has no namespace",
        value: key,
        allowed: `${project.name}:key or aws:key`,
        change: `write ${project.name}:${key}`,
      });
    } else config[key] = asText(entry);
  }
  return { config: { ...(await projectDefaults(project)), ...config }, readable: true, problems };
}

async function projectDefaults(project: Project): Promise<RawConfig> {
  const file = path.join(repositoryFolder, project.folder, "Pulumi.yaml");
  const { value } = await readYaml(file, "project file");
  const declared = (value as { config?: Record<string, unknown> } | undefined)?.config ?? {};
  const defaults: RawConfig = {};
  for (const [key, declaration] of Object.entries(declared)) {
    const { default: fallback, value: fixed } = declaration as { default?: unknown; value?: unknown };
    const given = fixed ?? fallback;
    if (given !== undefined) defaults[key.includes(":") ? key : `${project.name}:${key}`] = asText(given);
  }
  return defaults;
}

/** The key that was probably meant, where a slip would otherwise make a setting of another program out of it, or nothing. */
function typoOf(key: string, project: Project): string | undefined {
  const [namespace = "", ...rest] = key.split(":");
  const slip = (word: string, known: string) => word !== known && distance(word, known) <= 2;
  if (rest.length > 0) {
    const meant = [project.name, "aws"].find((known) => slip(namespace, known));
    if (meant !== undefined && namespace !== "awsx") return [meant, ...rest].join(":");
  }
  return ["aws:region", "aws:allowedAccountIds"].find((known) => slip(key, known));
}

function asText(value: unknown): string {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}

function isSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 1 && "secure" in value;
}
